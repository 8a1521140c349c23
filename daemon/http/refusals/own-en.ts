import type { SentencesOf } from './catalogue.ts';
import type { OwnRefusals } from './own.ts';

const again = ({ seconds }: { readonly seconds: string }): string => `try again in ${seconds} s`;
const GET_TOKEN = 'get one by: openstack token issue; and send its id as X-Auth-Token';
const CHECK_PROJECT = 'check the name of the project and its domain, or ask an admin for a role there, such as member';
const READ_AGAIN = 'read it again with GET, and send the ETag of that answer as If-Match';
const TOKENS = {
  missing: 'no token came with this request',
  malformed: 'X-Auth-Token is no token',
  unknown: 'this token is unknown to Keystone, has expired or was revoked',
} as const;

export const ownEn: SentencesOf<OwnRefusals> = {
  unauthorized: ({ token }) => [TOKENS[token], GET_TOKEN],
  'access-rules': () => [
    'the application credential of this token has access rules, and none can be for this service',
    'make one without them: openstack application credential create NAME; --role reader bounds what it may do',
  ],
  'no-project': ({ scope }) => [
    `this token ${scope === 'domain' ? 'is of a domain' : 'has no scope'}, and databases belong to projects`,
    'get one of a project: openstack --os-project-name NAME token issue',
  ],
  'keystone-unavailable': ({ asked, seconds }) =>
    asked === 'sign-in'
      ? ['Keystone cannot sign anybody in now', again({ seconds })]
      : ['Keystone cannot say now whose this token is', `${again({ seconds })}; nothing was changed`],
  'keystone-full': (params) => [
    'Keystone is asked about as many tokens as it may be at once',
    `${again(params)}; nothing was changed`,
  ],
  'sign-in-refused': () => [
    'Keystone knows no such user with this password in this domain',
    'check user, domain and password; after too many tries Keystone may have locked the user for a while',
  ],
  'session-over': () => ['there is no session, or it has ended', 'sign in, or send X-Auth-Token'],
  'token-over': () => ['this token is unknown to Keystone, has expired or was revoked', 'sign in again'],
  'no-role': ({ project, domain }) => [
    `you have no role on ${project === null ? 'your default project' : `project ${project}${domain === null ? '' : ` of ${domain}`}`}, or there is no such project`,
    CHECK_PROJECT,
  ],
  'no-role-anywhere': () => ['you have a role on no project', CHECK_PROJECT],
  'token-of-one-project': () => ['this token opens its own project alone', CHECK_PROJECT],
  'no-session': () => [
    'a token of your own is not a session of this service',
    'get a token of the other project, or end yours, by: openstack token issue, openstack token revoke',
  ],
  'cross-origin': () => [
    'this change was asked for by a page of another origin',
    'use the page of this service; a proxy before it must pass Host on, or X-Forwarded-Host and be trusted',
  ],
  csrf: () => [
    'X-CSRF-Token is missing, or is not that of this session',
    'send the csrf that GET /v1/session tells, or X-Auth-Token in place of the cookie',
  ],
  forbidden: ({ project, rule }) => [
    `your roles in project ${project} do not allow ${rule}`,
    'ask an admin of the project for a role that does, such as member',
  ],
  'forbidden-elsewhere': () => [
    'other projects than your own are for an admin to see',
    'leave all_projects and project_id out, or take a token of the other project',
  ],
  'forbidden-region': () => ['the region is for an admin to see', 'see /v1/overview for that of your project'],
  'forbidden-now': () => ['your roles do not allow it any more', 'ask an admin of the project for a role that does'],
  'too-many-requests': ({ project, seconds }) => [`project ${project} has asked too often`, again({ seconds })],
  'too-many-at-once': ({ project, seconds }) => [
    `too many requests of project ${project} are under way at once`,
    again({ seconds }),
  ],
  'too-many-guesses': (params) => ['too many tokens from your address were none', again(params)],
  'too-many-sign-ins': (params) => ['too many tries to sign in from your address', again(params)],
  'too-many-switches': (params) => ['you went from project to project too often', again(params)],
  'too-many-streams': ({ most, seconds }) => [
    'too many streams of events are open',
    `close some of your ${most}, or ${again({ seconds })}; all else works without`,
  ],
  'not-found': ({ what, id }) => [
    `there is no ${what} ${id} in your project`,
    'take an id that a list of your project shows; an admin may add all_projects=true',
  ],
  'changed-meanwhile': ({ what }) => [`the ${what} was changed since you read it`, READ_AGAIN],
  'if-match-missing': ({ what }) => [
    `a change of the ${what} needs If-Match, so that nobody's is lost`,
    `${READ_AGAIN}; If-Match: * changes whatever is there`,
  ],
  'too-many-runs': ({ most }) => [
    `there are more than ${most} runs`,
    'narrow them by since_at and until_at, by instance_id or by state',
  ],
  'no-schedule': ({ because }, tell) => [
    tell(because),
    'it gets no backups, and no member of its project changes that; ask your operator',
  ],
  'schedule-out-of-bounds': ({ because }, tell) => [
    tell(because),
    'GET the schedule: tenant_may says what may be changed, and how far',
  ],
  'policy-out-of-bounds': ({ because, over }, tell) => [
    `${over}: ${tell(because)}`,
    'narrow what it selects, or stay within the tenant_may of the policy beneath',
  ],
  'read-only': ({ policy }) => [
    `policy ${policy} is of the operator's configuration`,
    'make a policy of your project, which lies over it',
  ],
  'name-taken': () => ['your project has a policy of that name', 'give another name, or change that policy with PUT'],
  'too-many-policies': () => [
    'your project has as many policies as it may',
    'delete one, or widen what another selects',
  ],
  'shut-out': ({ because }, tell) => [tell(because), 'ask your operator for it; nothing was changed'],
  'cloud-unavailable': ({ because }, tell) => [tell(because), 'try again in a minute; nothing was changed'],
  internal: () => [
    'this request failed by a fault of the service',
    'give its request_id to your operator, who finds it in the log',
  ],
};

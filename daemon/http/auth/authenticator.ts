import type { FastifyRequest } from 'fastify';
import { OpenStackError } from '../../../lib/openstack/index.ts';
import type { Log } from '../../ports/log.ts';
import type { Caller } from '../api/caller.ts';
import type { ApiError } from '../api/error.ts';
import { addressKey, type Rates } from '../api/rates.ts';
import type { RuleTable } from '../api/rules.ts';
import type { Refusals } from '../refusals/catalogue.ts';
import { refusal, tooMany } from '../refusals/index.ts';
import { type AdminSettings, isAdmin, same, seesAll } from './admins.ts';
import type { Subject } from './identity.ts';
import { type KnownTokens, TooManyQuestions } from './known-tokens.ts';

export interface AuthSettings extends AdminSettings {
  readonly rules: RuleTable;
}

export interface AuthDeps {
  readonly known: KnownTokens;
  readonly settings: () => AuthSettings;
  /** Of tokens that Keystone was asked about in vain, by address. */
  readonly guesses: Rates;
  readonly log: Log;
}

export interface Authenticator {
  /** By X-Auth-Token. */
  ofRequest(request: FastifyRequest): Promise<Caller>;
  /** By a token that came another way; `address` is whose guess it is where it is none. */
  ofToken(token: string, address: string): Promise<Caller>;
}

/** Stands in for the project of a token that is of the system as a whole. No project has it as its id. */
export const SYSTEM = 'system';
const RETRY_SECONDS = '5';
/** What a header may hold; Keystone's own tokens are far shorter. */
const FORM = /^[\x21-\x7e]{1,8192}$/;

/** Lets in whom Keystone knows, as keystonemiddleware does, and goes by nothing else of a request. */
export function createAuthenticator({ known, settings, guesses, log }: AuthDeps): Authenticator {
  let isAway = false;

  async function ask(token: string): Promise<Subject | null> {
    try {
      const found = await known.find(token);
      if (isAway) log.info('http.keystone_back');
      isAway = false;
      return found;
    } catch (error) {
      if (error instanceof TooManyQuestions) throw away('keystone-full', error);
      if (!(error instanceof OpenStackError)) throw error;
      const hint = 'nobody is let in until Keystone answers; the service needs admin there, or the role service';
      if (!isAway) log.warn('http.keystone_away', { code: error.code, err: error, hint });
      isAway = true;
      throw away('keystone-unavailable', error);
    }
  }

  /** Keystone is asked about no more bad tokens of one address than it may guess; good ones cost nothing. */
  async function charged(token: string, address: string): Promise<Subject | null> {
    const waitMs = guesses.take(address);
    if (waitMs > 0) throw tooMany('too-many-guesses', waitMs);
    const found = await ask(token);
    if (found !== null) guesses.giveBack(address);
    return found;
  }

  async function ofToken(token: string, address: string): Promise<Caller> {
    if (!FORM.test(token)) throw unauthorized('malformed');
    const recalled = known.recall(token);
    const subject = recalled === undefined ? await charged(token, address) : recalled;
    if (subject === null) throw unauthorized('unknown');
    return callerOf(token, subject, settings());
  }

  return {
    ofToken,
    async ofRequest({ headers, ip }) {
      const token = headers['x-auth-token'];
      if (typeof token !== 'string' || token === '') throw unauthorized('missing');
      return await ofToken(token, addressKey(ip));
    },
  };
}

const CHALLENGE = { 'www-authenticate': 'Keystone realm="trove-autobackup"' } as const;
const unauthorized = (token: Refusals['unauthorized']['token']): ApiError =>
  refusal('unauthorized', { token }, { headers: CHALLENGE });

const away = (of: 'keystone-unavailable' | 'keystone-full', cause: Error): ApiError =>
  refusal(of, { asked: 'token', seconds: RETRY_SECONDS }, { headers: { 'retry-after': RETRY_SECONDS }, cause });

/** @throws ApiError 401 for a token with access rules, 403 for one that opens nothing here */
function callerOf(token: string, subject: Subject, settings: AuthSettings): Caller {
  const { userId, userName, scope, roles, isDelegated, accessRules, expiresUtc } = subject.token;
  // As keystonemiddleware where no `service_type` is set: this service has none, so that no rule can mean it.
  if (accessRules !== null) throw refusal('access-rules', {}, { headers: CHALLENGE });
  if (scope.kind !== 'project' && scope.kind !== 'system') {
    throw refusal('no-project', { scope: scope.kind === 'domain' ? 'domain' : 'none' });
  }
  const acts = isAdmin(subject, settings) ? [...roles, 'admin'] : roles;
  return {
    userId,
    userName,
    projectId: scope.kind === 'system' ? SYSTEM : scope.id,
    projectName: scope.kind === 'system' ? SYSTEM : scope.name,
    roles,
    isAdmin: seesAll(subject, settings),
    isDelegated,
    expiresUtc,
    token: () => token,
    may: (rule) => settings.rules[rule].some((allowed) => acts.some((role) => same(role, allowed))),
  };
}

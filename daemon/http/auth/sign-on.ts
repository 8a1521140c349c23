import {
  type Auth,
  createKeystone,
  createOwnToken,
  type KeystoneEndpoint,
  OpenStackError,
  type Scope,
} from '../../../lib/openstack/index.ts';
import type { ApiError } from '../api/error.ts';
import type { Refusals } from '../refusals/catalogue.ts';
import { refusal } from '../refusals/index.ts';
import type { SignOnPort, WantedProject } from '../session/sign-on.ts';

/** Well within the time of a request. */
const CALL = { deadlineMs: 6_000 } as const;
const RETRY_SECONDS = '5';
/** What Keystone says of a token that is none: a 404 in its words (keystone/token/provider.py), or a 401. */
const NO_TOKEN = new Set(['unauthorized', 'not-found', 'bad-request']);

function away(cause: unknown): unknown {
  if (!(cause instanceof OpenStackError)) return cause;
  const headers = { 'retry-after': RETRY_SECONDS };
  return refusal('keystone-unavailable', { asked: 'sign-in', seconds: RETRY_SECONDS }, { headers, cause });
}

const wrong = (cause: unknown): ApiError => refusal('sign-in-refused', {}, { cause });
const over = (cause: unknown): ApiError => refusal('token-over', {}, { cause });

const scopeOf = (wanted: Exclude<WantedProject, 'any'>): Scope =>
  'id' in wanted ? { projectId: wanted.id } : { projectName: wanted.name, projectDomainName: wanted.domain };

/** Signs people in with what they have themselves; `endpoint` may change with the configuration. */
export function createSignOn(endpoint: () => KeystoneEndpoint): SignOnPort {
  const keystone = (auth: Auth) => createKeystone({ ...endpoint(), auth });
  const own = (token: string) => createOwnToken(token, endpoint());

  async function scoped(base: string, scope: Scope): Promise<string> {
    return (await keystone({ method: 'token', token: base }).token({ scope, fresh: true, ...CALL })).id;
  }

  /** Keystone rescopes neither a token of a trust nor one of an application credential: it says so with a 403. */
  function unscopable(error: unknown, on: Refusals['no-role']): unknown {
    if (!(error instanceof OpenStackError)) return error;
    if (error.code === 'no-role') return refusal('no-role', on, { cause: error });
    if (error.code === 'forbidden') return refusal('token-of-one-project', {}, { cause: error });
    return NO_TOKEN.has(error.code) ? over(error) : away(error);
  }

  async function anyOf(base: string): Promise<string> {
    try {
      return await scoped(base, 'default');
    } catch (error) {
      if (!(error instanceof OpenStackError && error.code === 'no-role'))
        throw unscopable(error, { project: null, domain: null });
      const [first] = [...(await projects(base))].sort((one, other) => one.name.localeCompare(other.name, 'en'));
      if (!first) throw refusal('no-role-anywhere', {}, { cause: error });
      return await named(base, { id: first.id });
    }
  }

  async function named(base: string, wanted: Exclude<WantedProject, 'any'>): Promise<string> {
    try {
      return await scoped(base, scopeOf(wanted));
    } catch (error) {
      const on =
        'id' in wanted ? { project: wanted.id, domain: null } : { project: wanted.name, domain: wanted.domain };
      throw unscopable(error, on);
    }
  }

  async function projects(token: string) {
    try {
      return await own(token).projects(CALL);
    } catch (error) {
      throw error instanceof OpenStackError && NO_TOKEN.has(error.code) ? over(error) : away(error);
    }
  }

  return {
    async byPassword({ user, domain, password }) {
      const auth: Auth = { method: 'password', user: { name: user, domain: { name: domain } }, password };
      try {
        return await keystone(auth).unscopedToken(CALL);
      } catch (error) {
        const refused =
          error instanceof OpenStackError && (error.code === 'unauthorized' || error.code === 'bad-request');
        throw refused ? wrong(error) : away(error);
      }
    },
    tokenOf: (base, wanted) => (wanted === 'any' ? anyOf(base) : named(base, wanted)),
    projects,
    revoke: (token) => own(token).revoke(CALL),
  };
}

import type { z } from 'zod';
import { type Call, inheritLimits } from './call.ts';
import { assertOk } from './fault.ts';
import { createHttp, type HttpAnswer } from './http.ts';
import type { Keystone } from './keystone.ts';
import { retrying } from './retry.ts';
import type { KeystoneEndpoint, Scope } from './types.ts';
import { identityUrl } from './url.ts';
import { parseBody } from './validate.ts';

/** Somebody's token, and whether we go by its access rules: Keystone shows one with any to nobody else. */
export interface Subject {
  readonly token: string;
  readonly goesByAccessRules: boolean;
}

/** As keystonemiddleware says it. (keystonemiddleware: auth_token/_identity.py) */
const headersAbout = ({ token, goesByAccessRules }: Subject): Readonly<Record<string, string>> => ({
  'x-subject-token': token,
  ...(goesByAccessRules && { 'openstack-identity-access-rules': '1' }),
});

/** Keystone's own API. Paths begin after `/v3`. */
export interface IdentityReader {
  /** With a cached token of the scope, renewed once where Keystone has forgotten it. */
  read<T>(path: string, schema: z.ZodType<T>, scope: Scope, call: Call): Promise<T>;
  /** With a token of no project. */
  readUnscoped<T>(path: string, schema: z.ZodType<T>, call: Call): Promise<T>;
  /** What Keystone says of somebody's token to one of the scope: the answer itself, be it that there is none such (403, 404). */
  readAbout(subject: Subject, path: string, scope: Scope, call: Call): Promise<HttpAnswer>;
}

export function createIdentityReader(keystone: Keystone, options: KeystoneEndpoint): IdentityReader {
  const http = createHttp(options);
  const { now = Date.now, sleep } = options;
  const base = identityUrl(options.authUrl);

  async function get(path: string, tokenId: string, call: Call, subject?: Subject): Promise<HttpAnswer> {
    const headers = { 'x-auth-token': tokenId, ...(subject && headersAbout(subject)) };
    const secrets = subject === undefined ? [tokenId] : [tokenId, subject.token];
    const answer = await http.send({ service: 'identity', method: 'GET', url: base + path, headers, secrets }, call);
    const isOfSubject = subject !== undefined && (answer.status === 403 || answer.status === 404);
    if (!isOfSubject) assertOk(answer, now());
    return answer;
  }

  async function scoped(path: string, scope: Scope, call: Call, subject?: Subject): Promise<HttpAnswer> {
    let token = await keystone.token({ scope, ...inheritLimits(call) });
    const renew = async () => {
      keystone.invalidate(token);
      token = await keystone.token({ scope, ...inheritLimits(call) });
    };
    return await retrying(call, { sleep, renew }, () => get(path, token.id, call, subject));
  }

  return {
    read: async (path, schema, scope, call) => parseBody(await scoped(path, scope, call), schema),
    readAbout: (subject, path, scope, call) => scoped(path, scope, call, subject),
    readUnscoped: async (path, schema, call) => {
      const token = await keystone.unscopedToken(inheritLimits(call));
      return parseBody(await retrying(call, { sleep }, () => get(path, token, call)), schema);
    },
  };
}

import type { z } from 'zod';
import { type Call, inheritLimits } from './call.ts';
import { assertOk } from './fault.ts';
import { createHttp } from './http.ts';
import type { Keystone } from './keystone.ts';
import { retrying } from './retry.ts';
import type { KeystoneEndpoint, Scope } from './types.ts';
import { identityUrl } from './url.ts';
import { parseBody } from './validate.ts';

/** Keystone's own API. Paths begin after `/v3`. */
export interface IdentityReader {
  /** With a cached token of the scope, renewed once where Keystone has forgotten it. */
  read<T>(path: string, schema: z.ZodType<T>, scope: Scope, call: Call): Promise<T>;
  /** With a token of no project. */
  readUnscoped<T>(path: string, schema: z.ZodType<T>, call: Call): Promise<T>;
}

export function createIdentityReader(keystone: Keystone, options: KeystoneEndpoint): IdentityReader {
  const http = createHttp(options);
  const { now = Date.now, sleep } = options;
  const base = identityUrl(options.authUrl);

  async function get(path: string, tokenId: string, call: Call) {
    const headers = { 'x-auth-token': tokenId };
    const request = { service: 'identity', method: 'GET', url: base + path, headers, secrets: [tokenId] } as const;
    const answer = await http.send(request, call);
    assertOk(answer, now());
    return answer;
  }

  return {
    read: async (path, schema, scope, call) => {
      let token = await keystone.token({ scope, ...inheritLimits(call) });
      const renew = async () => {
        keystone.invalidate(token);
        token = await keystone.token({ scope, ...inheritLimits(call) });
      };
      return parseBody(await retrying(call, { sleep, renew }, () => get(path, token.id, call)), schema);
    },
    readUnscoped: async (path, schema, call) => {
      const token = await keystone.unscopedToken(inheritLimits(call));
      return parseBody(await retrying(call, { sleep }, () => get(path, token, call)), schema);
    },
  };
}

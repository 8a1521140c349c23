import { secretOf, type TokenAuth } from './auth.ts';
import { type Call, startCall } from './call.ts';
import { databaseUrlOf } from './catalogue.ts';
import { OpenStackError } from './errors.ts';
import { assertOk } from './fault.ts';
import { createHttp } from './http.ts';
import type { Keystone } from './keystone.ts';
import { retrying } from './retry.ts';
import { isOfScope, scopeName } from './scope.ts';
import { sharing } from './shared.ts';
import { readShownToken, type Token } from './token.ts';
import type { KeystoneEndpoint, Scope } from './types.ts';
import { identityUrl } from './url.ts';

/**
 * Keystone for who acts by a token that somebody gave him: that very token goes along with everything, and nothing of it is
 * rescoped, renewed or revoked. It is shown to Keystone once, by itself, which every token may ask (Keystone:
 * keystone/common/policies/token.py validate_token, `token_subject`), for its project and its catalogue.
 *
 * `token` throws OpenStackError `unauthorized` where Keystone knows the token no more, or a service refused it;
 * `no-role` where another project is asked for than the token's.
 */
export function createGivenKeystone(options: KeystoneEndpoint & Pick<TokenAuth, 'token'>): Keystone {
  const { now = Date.now } = options;
  const http = createHttp(options);
  const url = `${identityUrl(options.authUrl)}/auth/tokens`;
  const idOf = (): string => secretOf({ method: 'token', token: options.token });
  let shown: Promise<Token> | null = null;
  let isRefused = false;

  async function show(call: Call): Promise<Token> {
    const id = idOf();
    const headers = { 'x-auth-token': id, 'x-subject-token': id };
    const request = { service: 'identity', method: 'GET', url, headers, secrets: [id] } as const;
    const answer = await retrying(call, options, async () => {
      const got = await http.send(request, call);
      // What Keystone says of a token that it does not know: of the caller's a 401, of the subject's a 404.
      if (got.status === 404) throw refused();
      assertOk(got, now());
      return got;
    });
    const token = readShownToken(answer, id);
    if (token === null) throw elsewhere('is of no project');
    return token;
  }

  async function own(call: Call): Promise<Token> {
    if (isRefused) throw refused();
    const flight = () => {
      shown ??= show(startCall()).catch((error: unknown) => {
        shown = null;
        throw error;
      });
      return shown;
    };
    return await sharing(flight, call, url, idOf);
  }

  return {
    async token({ scope, fresh: _, ...limits }) {
      const token = await own(startCall(limits));
      if (isOfScope(token, scope)) return token;
      throw elsewhere(`is of project ${token.projectId}, not of ${scopeName(scope)}`);
    },
    unscopedToken: async () => idOf(),
    invalidate() {
      isRefused = true;
    },
    databaseUrl: databaseUrlOf(options),
  };
}

/** The scope of whatever project a given token is of. */
export const GIVEN_SCOPE: Scope = 'default';

const refused = (): OpenStackError =>
  new OpenStackError('The token is not good any more; sign in anew', { code: 'unauthorized', delivery: 'not-sent' });

const elsewhere = (what: string): OpenStackError =>
  new OpenStackError(`The token ${what}; take one of the right project`, { code: 'no-role', delivery: 'not-sent' });

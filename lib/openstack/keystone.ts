import { authOf, secretOf } from './auth.ts';
import { type Call, startCall } from './call.ts';
import { databaseUrlOf } from './catalogue.ts';
import { createHttp } from './http.ts';
import { scopeName } from './scope.ts';
import { sharing } from './shared.ts';
import { createSignIn } from './sign-in.ts';
import type { Token } from './token.ts';
import { TokenCache } from './token-cache.ts';
import type { CallOptions, KeystoneOptions, Scope } from './types.ts';
import { identityUrl } from './url.ts';

export interface TokenOptions extends CallOptions {
  readonly scope: Scope;
  /** A new token that is not put into the cache: for a POST whose token goes along to an upload. */
  readonly fresh?: boolean | undefined;
}

export interface Keystone {
  /**
   * A token of the project: cached by its scope, shared by callers that ask at once, renewed before it ends.
   * @throws OpenStackError `unauthorized` for wrong credentials; for right ones, `no-role` without a role there, or where
   * an application credential is of another project, and `no-trust` for a trust that does not hold (any more)
   */
  token(options: TokenOptions): Promise<Token>;
  /** The id of a new token without a project; an application credential's has its own. It reads what is the user's. */
  unscopedToken(call?: CallOptions): Promise<string>;
  /** Drops it from the cache: the service said it is no good. It is not revoked: an upload may still live on it. */
  invalidate(token: Token): void;
  /** Trove's URL for the token's project, without a slash at the end. */
  databaseUrl(token: Token): string;
}

/** Keystone v3: by a password, a token or an application credential; of a project, or of one that a trust gives. */
export function createKeystone(options: KeystoneOptions): Keystone {
  const { now = Date.now } = options;
  const auth = authOf(options);
  const url = `${identityUrl(options.authUrl)}/auth/tokens`;
  const signIn = createSignIn(url, auth, createHttp(options), options);
  const cache = new TokenCache(now);

  async function shared(scope: Scope, call: Call): Promise<Token> {
    // One caller's abort must not fail the others: the request is nobody's, and each waits under limits of its own.
    const flight = () => cache.get(scopeName(scope), () => signIn.issue(scope, startCall()));
    return await sharing(flight, call, url, () => secretOf(auth));
  }

  return {
    token: ({ scope, fresh = false, ...limits }) => {
      const call = startCall(limits);
      return fresh ? signIn.issue(scope, call) : shared(scope, call);
    },
    unscopedToken: (limits) => signIn.issueUnscoped(startCall(limits)),
    invalidate: (token) => cache.remove(token),
    databaseUrl: databaseUrlOf(options),
  };
}

import { type Call, startCall, withLimits } from './call.ts';
import { databaseUrl, findEndpoint } from './catalogue.ts';
import { connectionError } from './connection.ts';
import { OpenStackError } from './errors.ts';
import { assertOk } from './fault.ts';
import { createHttp, type HttpAnswer } from './http.ts';
import { redactor } from './redact.ts';
import { retrying } from './retry.ts';
import { scopeBody, scopeName } from './scope.ts';
import { readToken, type Token } from './token.ts';
import { TokenCache } from './token-cache.ts';
import type { CallOptions, KeystoneOptions, Scope } from './types.ts';
import { assertUrl, identityUrl } from './url.ts';

export interface TokenOptions extends CallOptions {
  readonly scope: Scope;
  /** A new token that is not put into the cache: for a POST whose token goes along to an upload. */
  readonly fresh?: boolean | undefined;
}

export interface Keystone {
  /**
   * A token of the project: cached, shared by callers that ask at once, renewed before it ends.
   * @throws OpenStackError `unauthorized` for a wrong user or password, `no-role` for right ones without a role there
   */
  token(options: TokenOptions): Promise<Token>;
  /** Drops it from the cache: the service said it is no good. It is not revoked: an upload may still live on it. */
  invalidate(token: Token): void;
  /** Trove's URL for the token's project, without a slash at the end. */
  databaseUrl(token: Token): string;
}

/** Keystone v3, with a user's name and password. */
export function createKeystone(options: KeystoneOptions): Keystone {
  const { username, password, userDomainName = 'Default', now = Date.now } = options;
  const url = `${identityUrl(options.authUrl)}/auth/tokens`;
  if (options.databaseEndpointOverride !== undefined) {
    assertUrl('databaseEndpointOverride', options.databaseEndpointOverride);
  }
  const http = createHttp(options);
  const cache = new TokenCache(now);
  const identity = {
    methods: ['password'],
    password: { user: { name: username, domain: { name: userDomainName }, password } },
  };

  async function authenticate(scope: object | 'unscoped', call: Call): Promise<HttpAnswer> {
    // Asking twice for a token does no harm, so it is tried again as a read is.
    return await retrying(call, options, async () => {
      const body = { auth: { identity, scope } };
      const answer = await http.send({ service: 'identity', method: 'POST', url, body, secrets: [password] }, call);
      assertOk(answer, now());
      return answer;
    });
  }

  async function issue(scope: Scope, call: Call): Promise<Token> {
    try {
      return readToken(await authenticate(scopeBody(scope), call));
    } catch (error) {
      if (!(error instanceof OpenStackError && error.code === 'unauthorized')) throw error;
      throw await explain(error, scope, call);
    }
  }

  /**
   * Keystone answers a wrong password, a missing role and a missing project with the very same 401 (keystone/exception.py
   * SecurityError hides the reason). Only a token without a scope tells them apart: it needs a password, but no role.
   */
  async function explain(refused: OpenStackError, scope: Scope, call: Call): Promise<OpenStackError> {
    try {
      await authenticate('unscoped', call);
    } catch (error) {
      return error instanceof OpenStackError && error.code !== 'unauthorized' ? error : refused;
    }
    const message = `User "${username}" has no role on ${scopeName(scope)}, or there is no such enabled project; assign the role`;
    return new OpenStackError(message, { ...refused, code: 'no-role', cause: refused });
  }

  async function shared(scope: Scope, call: Call): Promise<Token> {
    // One caller's abort must not fail the others: the request is nobody's, and each waits under limits of its own.
    const flight = cache.get(scopeName(scope), () => issue(scope, startCall()));
    try {
      return await withLimits(call, Number.POSITIVE_INFINITY, () => flight);
    } catch (error) {
      if (error instanceof OpenStackError) throw error;
      const { sentRequestId } = call;
      const attempt = { method: 'POST', url, sentRequestId, sent: false, status: undefined, requestId: undefined };
      throw connectionError(error, attempt, redactor([password]));
    }
  }

  return {
    token: ({ scope, fresh = false, ...limits }) => {
      const call = startCall(limits);
      return fresh ? issue(scope, call) : shared(scope, call);
    },
    invalidate: (token) => cache.remove(token),
    databaseUrl: (token) => {
      const { databaseEndpointOverride, interface: face = 'public', regionName } = options;
      const found =
        databaseEndpointOverride ??
        findEndpoint(token.catalogue, { type: 'database', interface: face, regionName }).url;
      return databaseUrl(found, token.projectId);
    },
  };
}

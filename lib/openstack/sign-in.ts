import { type Auth, identityBody, secretOf, signerOf } from './auth.ts';
import type { Call } from './call.ts';
import { OpenStackError } from './errors.ts';
import { assertOk } from './fault.ts';
import type { Http, HttpAnswer } from './http.ts';
import { retrying } from './retry.ts';
import { isOfScope, scopeBody, scopeName } from './scope.ts';
import { readToken, readTokenId, type Token } from './token.ts';
import type { HttpOptions, Scope } from './types.ts';

export interface SignIn {
  /** A new token of the scope. */
  issue(scope: Scope, call: Call): Promise<Token>;
  /** The id of a new token that is of no project, or of an application credential's own. */
  issueUnscoped(call: Call): Promise<string>;
}

/** One way of signing in, and what Keystone's refusals of it mean. `url` is that of `/auth/tokens`. */
export function createSignIn(url: string, auth: Auth, http: Http, options: HttpOptions): SignIn {
  const { now = Date.now } = options;
  const fixed = auth.method === 'applicationCredential';

  async function authenticate(scope: Scope | 'unscoped', call: Call): Promise<HttpAnswer> {
    // Asking twice for a token does no harm, so it is tried again as a read is.
    return await retrying(call, options, async () => {
      const body = { auth: { identity: identityBody(auth), ...scopeBody(fixed ? 'default' : scope) } };
      const secrets = [secretOf(auth)];
      const answer = await http.send({ service: 'identity', method: 'POST', url, body, secrets }, call);
      assertOk(answer, now());
      return answer;
    });
  }

  async function issue(scope: Scope, call: Call): Promise<Token> {
    let answer: HttpAnswer;
    try {
      answer = await authenticate(scope, call);
    } catch (error) {
      throw error instanceof OpenStackError ? await explain(error, scope, call) : error;
    }
    const token = readToken(answer);
    if (token !== null && (!fixed || isOfScope(token, scope))) return token;
    throw elsewhere(token, scope, answer);
  }

  /**
   * Keystone answers a wrong password, a missing role, a missing project and a trust that is gone with the very same 401
   * (keystone/exception.py SecurityError hides the reason). Only a token without a scope tells them apart: it needs the
   * password, but no role. A trust of somebody else, or whose trustor lost his role, is a 403.
   */
  async function explain(refused: OpenStackError, scope: Scope, call: Call): Promise<OpenStackError> {
    const ofTrust = typeof scope === 'object' && 'trustId' in scope;
    if (ofTrust && refused.code === 'forbidden') return noTrust(refused, scope);
    if (refused.code !== 'unauthorized' || fixed) return refused;
    try {
      await authenticate('unscoped', call);
    } catch (error) {
      return error instanceof OpenStackError && error.code !== 'unauthorized' ? error : refused;
    }
    return ofTrust ? noTrust(refused, scope) : noRole(refused, scope);
  }

  function noRole(refused: OpenStackError, scope: Scope): OpenStackError {
    const message = `${signerOf(auth)} has no role on ${scopeName(scope)}, or there is no such enabled project; assign the role`;
    return new OpenStackError(message, { ...refused, code: 'no-role', cause: refused });
  }

  function noTrust(refused: OpenStackError, scope: Scope): OpenStackError {
    const why = 'it is of another trustee, has ended, was deleted or used up, or its trustor has lost the role';
    const message = `${signerOf(auth)} cannot use ${scopeName(scope)}: ${why}; have its trustor make a new one`;
    return new OpenStackError(message, { ...refused, code: 'no-trust', cause: refused });
  }

  /** The credentials are right, and lead to another project than was asked for, or to none. */
  function elsewhere(token: Token | null, scope: Scope, { status, requestId, sentRequestId }: HttpAnswer) {
    const leads = token === null ? 'no project' : `project ${token.projectId}, which cannot be changed`;
    const message = `${signerOf(auth)} leads to ${leads}, not to ${scopeName(scope)}; say which project, or use other credentials`;
    const code = typeof scope === 'object' && 'trustId' in scope ? 'no-trust' : 'no-role';
    const details = { code, delivery: 'answered', status, requestId, sentRequestId, method: 'POST', url } as const;
    return new OpenStackError(message, details);
  }

  return { issue, issueUnscoped: async (call) => readTokenId(await authenticate('unscoped', call)) };
}

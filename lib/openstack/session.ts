import type { z } from 'zod';
import { type Call, inheritLimits, startCall } from './call.ts';
import { OpenStackError } from './errors.ts';
import { assertOk } from './fault.ts';
import { createHttp, type HttpAnswer } from './http.ts';
import type { Keystone } from './keystone.ts';
import { retrying } from './retry.ts';
import type { Token } from './token.ts';
import type { Answer, HttpOptions, Scope, WriteOptions } from './types.ts';
import { parseBody } from './validate.ts';

/** A service as one project's token sees it. Paths begin after its URL: `/backups`. */
export interface Session {
  /** With a cached token; tried again as the table of retry.ts says. */
  read<T>(path: Path, schema: z.ZodType<T>, call: Call): Promise<{ readonly body: T; readonly token: Token }>;
  /** With a fresh token, once. */
  write(method: 'POST' | 'DELETE', path: Path, body: unknown, options?: WriteOptions): Promise<Written>;
}

export type Path = string | ((token: Token) => string);

export interface Written {
  readonly answer: HttpAnswer;
  readonly token: Token;
}

export type OpenSession = (scope: Scope) => Session;

/** Which service, and where it is for the project of a token; without a slash at the end. */
export interface Service {
  readonly name: Answer['service'];
  readonly url: (token: Token) => string;
}

export function createSessions(keystone: Keystone, service: Service, options: HttpOptions): OpenSession {
  const http = createHttp(options);
  const { now = Date.now } = options;

  async function request(
    method: 'GET' | 'POST' | 'DELETE',
    path: Path,
    body: unknown,
    token: Token,
    call: Call,
    beforeSend?: WriteOptions['beforeSend'],
  ): Promise<HttpAnswer> {
    const url = service.url(token) + (typeof path === 'string' ? path : path(token));
    const headers = { 'x-auth-token': token.id };
    const { projectId } = token;
    const secrets = [token.id];
    const sent = { service: service.name, method, url, headers, body, projectId, secrets } as const;
    const answer = await http.send(sent, call, beforeSend);
    assertOk(answer, now());
    return answer;
  }

  /** Whatever goes wrong here, the request that needed the token was not sent. */
  async function tokenFor(scope: Scope, fresh: boolean, call: Call): Promise<Token> {
    try {
      return await keystone.token({ scope, fresh, ...inheritLimits(call) });
    } catch (error) {
      throw error instanceof OpenStackError ? error.asNotSent() : error;
    }
  }

  return (scope) => ({
    read: async (path, schema, call) => {
      let token = await tokenFor(scope, false, call);
      const renew = async () => {
        keystone.invalidate(token);
        token = await tokenFor(scope, false, call);
      };
      const attempt = () => request('GET', path, undefined, token, call);
      const answer = await retrying(call, { sleep: options.sleep, renew }, attempt);
      return { body: parseBody(answer, schema), token };
    },
    write: async (method, path, body, limits) => {
      const call = startCall(limits);
      const token = await tokenFor(scope, true, call);
      return { answer: await request(method, path, body, token, call, limits?.beforeSend), token };
    },
  });
}

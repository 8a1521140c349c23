import type { InjectOptions } from 'fastify';
import { afterEach, beforeEach } from 'vitest';
import { z } from 'zod';
import { ApiError } from '../../../daemon/http/api/error.ts';
import { createRates } from '../../../daemon/http/api/rates.ts';
import { type Api, createApi } from '../../../daemon/http/api/server.ts';
import { sessionRoutes } from '../../../daemon/http/routes/session.ts';
import { createDoor } from '../../../daemon/http/session/door.ts';
import { createRevocations } from '../../../daemon/http/session/revocations.ts';
import { createSessions } from '../../../daemon/http/session/sessions.ts';
import { callerOf, silent } from '../api/lab.ts';
import { handClock, TinyKeystone } from '../session/world.ts';

let api: Api;
export let clock: ReturnType<typeof handClock>;
export let keystone: TinyKeystone;
/** What the operator was told. */
export let logged: unknown[] = [];
const write = (event: string, facts?: object): void => void logged.push([event, facts]);

beforeEach(() => {
  clock = handClock();
  keystone = new TinyKeystone(clock);
  const revocations = createRevocations({ signOn: keystone, clock, log: silent });
  const log = { info: write, warn: write };
  logged = [];
  const sessions = createSessions({ clock, revocations });
  const cookie = () => ({ basePath: '/' });
  const tokens = {
    ofToken: (token: string) => keystone.ofToken(token),
    ofRequest: async ({ headers }: { headers: Record<string, unknown> }) => {
      const [role, project] = String(headers['x-auth-token'] ?? '').split('@');
      if (!role) throw new ApiError(401, 'unauthorized', 'no token');
      return callerOf(role, project);
    },
  };
  const door = createDoor({ tokens, sessions, cookie });
  const tries = { perUser: createRates(() => 5, clock), perAddress: createRates(() => 60, clock) };
  const switches = createRates(() => 30, clock);
  const deps = { door, tokens, sessions, revocations, cookie, clock, signOn: keystone, tries, switches, log };
  api = createApi({
    authenticate: door.authenticate,
    log: silent,
    routes: [
      sessionRoutes(deps),
      (it) => {
        const schema = { response: { 200: z.object({ user: z.string(), project: z.string() }) } };
        const me = async ({ caller }: { caller: { userId: string; projectId: string } }) => ({
          user: caller.userId,
          project: caller.projectId,
        });
        it.get('/v1/me', { config: { rule: 'instance:read' }, schema }, me);
        it.post('/v1/me', { config: { rule: 'schedule:change' }, schema }, me);
        it.post('/v1/restore', { config: { rule: 'backup:restore' } }, async ({ caller }) => ({
          n: caller.token().length,
        }));
      },
    ],
  });
});
afterEach(() => api.close());

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ip?: string;
}

export async function ask(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  { headers = {}, body, ip }: Asked = {},
) {
  const options: InjectOptions = { method, url, headers, ...(ip && { remoteAddress: ip }) };
  const answer = await api.inject(body === undefined ? options : { ...options, payload: body as object });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.body === '' ? null : JSON.parse(answer.body),
    cookie: String(answer.headers['set-cookie'] ?? '').split(';')[0] ?? '',
  };
}

/** Whose password is the name. */
export const person = (name: string, over = {}) => ({ user: name, password: name, ...over });

/** Signs in and gives the headers that the page sends from then on. */
export async function signIn(body: unknown = person('anna')) {
  const answer = await ask('POST', '/v1/session', { body });
  const csrf = String(answer.body.session?.csrf);
  return { ...answer, page: { cookie: answer.cookie, 'x-csrf-token': csrf }, reading: { cookie: answer.cookie } };
}

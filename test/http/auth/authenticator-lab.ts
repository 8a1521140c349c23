import { afterEach } from 'vitest';
import { createRates } from '../../../daemon/http/api/rates.ts';
import { RULES } from '../../../daemon/http/api/rules.ts';
import { type Api, createApi } from '../../../daemon/http/api/server.ts';
import { type AuthDeps, createAuthenticator } from '../../../daemon/http/auth/authenticator.ts';
import { createKnownTokens } from '../../../daemon/http/auth/known-tokens.ts';
import { buildIdentity } from '../../../daemon/wiring/identity.ts';
import { createRegion, type Region } from '../../../lib/simulator/index.ts';
import { byPassword, signIn, tokenOf } from '../../contract/user.ts';
import { serviceLogin } from './service-login.ts';

const SETTINGS = { adminRoles: ['admin'], adminProjects: ['service', 'admin'], rules: RULES };

class MovedClock {
  ms = 0;
  nowUtc = () => Date.now() + this.ms;
  monotonicMs = () => performance.now() + this.ms;
}

let api: Api | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

export interface Lab {
  readonly region: Region;
  readonly clock: MovedClock;
  readonly said: string[];
  /** Questions about tokens that reached Keystone. */
  asked(): number;
  ask(
    token: string | undefined,
    headers?: Record<string, string>,
    url?: string,
  ): Promise<{ status: number; title: string; body: Whole; headers: Record<string, unknown> }>;
}
type Whole = Record<string, unknown> & { error?: { title: string; hint: string; message: string } };

/** Who asks is told by a region's Keystone; an address may guess so often a minute. */
export function lab(change: Partial<AuthDeps> = {}, guesses = 1_000): Lab {
  const region = createRegion();
  region.seedStandardIdentities();
  const clock = new MovedClock();
  const said: string[] = [];
  const say = (event: string, facts?: object) => void said.push(`${event} ${JSON.stringify(facts ?? {})}`);
  let questions = 0;
  region.intercept(async (request, next) => {
    if (request.method === 'GET' && request.url.includes('/auth/tokens')) questions += 1;
    return next(request);
  });
  const { ofRequest } = createAuthenticator({
    known: createKnownTokens(
      buildIdentity(serviceLogin(region.authUrl), { fetch: region.fetch as typeof fetch }),
      clock,
    ),
    settings: () => SETTINGS,
    guesses: createRates(() => guesses, clock),
    log: { info: say, warn: say, error: say },
    ...change,
  });
  api = createApi({
    authenticate: ofRequest,
    log: { info: say, warn: say, error: say },
    routes: [
      (it) =>
        it.get('/v1/who', { config: { rule: 'instance:read' } }, async ({ caller }) => {
          const { token, may, ...facts } = caller;
          return { ...facts, token: token().slice(0, 4), change: may('schedule:change'), region: may('region:read') };
        }),
      (it) => it.get('/v1/change', { config: { rule: 'schedule:change' } }, async () => ({})),
    ],
  });
  const server = api;
  return {
    region,
    clock,
    said,
    asked: () => questions,
    async ask(token, headers = {}, url = '/v1/who') {
      const answer = await server.inject({
        url,
        headers: { ...(token !== undefined && { 'x-auth-token': token }), ...headers },
      });
      const body = answer.json() as Whole;
      return { status: answer.statusCode, title: body.error?.title ?? '', body, headers: answer.headers };
    },
  };
}

export const tokenFor = async (region: Region, user: string, scope: unknown, password = user): Promise<string> =>
  tokenOf(await signIn(region, { identity: byPassword(user, password), scope }));

import { afterEach, expect, test } from 'vitest';
import { createRates } from '../../../daemon/http/api/rates.ts';
import { RULES } from '../../../daemon/http/api/rules.ts';
import { type Api, createApi } from '../../../daemon/http/api/server.ts';
import { type AuthDeps, createAuthenticator } from '../../../daemon/http/auth/authenticator.ts';
import { createKnownTokens } from '../../../daemon/http/auth/known-tokens.ts';
import { buildIdentity } from '../../../daemon/wiring/identity.ts';
import { createRegion, type Region } from '../../../lib/simulator/index.ts';
import { byPassword, signIn, tokenOf, toProject } from '../../contract/user.ts';
import { serviceLogin } from './service-login.ts';

const SETTINGS = { adminRoles: ['admin'], adminProjects: ['service', 'admin'], rules: RULES };
const DAY = 86_400_000;

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

interface Lab {
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

function lab(change: Partial<AuthDeps> = {}, guesses = 1_000): Lab {
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

const tokenFor = async (region: Region, user: string, scope: unknown, password = user): Promise<string> =>
  tokenOf(await signIn(region, { identity: byPassword(user, password), scope }));

test.each([
  {
    user: 'demo',
    scope: toProject('demo'),
    facts: { projectName: 'demo', isAdmin: false, change: true, region: false },
  },
  {
    user: 'reader',
    scope: toProject('demo'),
    facts: { projectName: 'demo', isAdmin: false, change: false, region: false },
  },
  {
    user: 'admin',
    password: 'secret',
    scope: toProject('admin'),
    facts: { projectName: 'admin', isAdmin: true, change: true, region: true },
  },
  {
    user: 'admin',
    password: 'secret',
    scope: { system: { all: true } },
    facts: { projectId: 'system', isAdmin: true, change: true, region: true },
  },
])('$user with a token of $scope is who Keystone says', async ({ user, password, scope, facts }) => {
  const { region, ask } = lab();
  const { status, body } = await ask(await tokenFor(region, user, scope, password));
  expect([status, body]).toMatchObject([200, { userName: user, token: 'gAAA', ...facts }]);
});

test('a role that means nothing here opens nothing', async () => {
  const { region, ask } = lab();
  const { status, body } = await ask(await tokenFor(region, 'autobackup', toProject('demo')));
  expect([status, body.error?.message]).toEqual([403, 'your roles in project demo do not allow instance:read']);
});

test.each([
  { what: 'none', token: undefined },
  { what: 'an empty one', token: '' },
  { what: 'nonsense', token: 'gAAAAABnonsense' },
  { what: 'two in one header', token: 'gAAAA, gAAAA' },
  { what: 'one that is too long', token: 'g'.repeat(9_000) },
  { what: 'letters that no token has', token: 'gAAAA\u00e9' },
])('without a good token ($what) it is 401 with what to do', async ({ token }) => {
  const { status, body, headers } = await lab().ask(token);
  expect(status).toBe(401);
  expect(body.error).toMatchObject({ title: 'unauthorized', hint: expect.stringContaining('openstack token issue') });
  expect(headers['www-authenticate']).toMatch(/^Keystone /);
});

test('a token without a project is 403, and the hint says how to get one', async () => {
  const { region, ask } = lab();
  const { status, body } = await ask(await tokenFor(region, 'demo', 'unscoped'));
  expect([status, body.error]).toMatchObject([
    403,
    { title: 'no-project', hint: expect.stringContaining('--os-project-name') },
  ]);
});

test('nothing that a request says of itself counts', async () => {
  const { region, ask } = lab();
  const token = await tokenFor(region, 'reader', toProject('demo'));
  const honest = await ask(token);
  const spoofed = {
    'x-project-id': 'p-of-another',
    'x-tenant-id': 'p-of-another',
    'x-roles': 'admin,member',
    'x-role': 'admin',
    'x-user-id': 'admin',
    'x-identity-status': 'Confirmed',
    'x-service-token': 'gAAAA',
    'x-is-admin-project': 'True',
    'openstack-system-scope': 'all',
    forwarded: 'for=127.0.0.1;by=admin',
  };
  expect((await ask(token, spoofed)).body).toEqual(honest.body);
  expect((await ask(token, spoofed, '/v1/change')).status).toBe(403);
  expect((await ask(undefined, spoofed)).status).toBe(401);
});

test('while Keystone is away nobody new is let in, and who is known for his minute alone; it is told once', async () => {
  const { region, clock, said, ask } = lab();
  const [known, other] = [
    await tokenFor(region, 'demo', toProject('demo')),
    await tokenFor(region, 'alt', toProject('alt')),
  ];
  expect((await ask(known)).status).toBe(200);
  const back = region.intercept(async () => new Response('{"error": {}}', { status: 400 }));
  const refused = await ask(other);
  expect([refused.status, refused.title, refused.headers['retry-after']]).toEqual([503, 'keystone-unavailable', '5']);
  expect((await ask('gAAAAABnonsense')).status).toBe(503);
  expect((await ask(known)).status).toBe(200);
  clock.ms += 61_000;
  expect((await ask(known)).status).toBe(503);
  back();
  expect([(await ask(known)).status, (await ask(other)).status]).toEqual([200, 200]);
  expect(said.map((line) => line.split(' ')[0])).toEqual(['http.keystone_away', 'http.keystone_back']);
});

test("a 404 that is not Keystone's own is no word on a token", async () => {
  const { region, ask } = lab();
  const token = await tokenFor(region, 'demo', toProject('demo'));
  region.intercept(async (request, next) =>
    request.url.includes('nocatalog') ? new Response('<h1>Not Found</h1>', { status: 404 }) : next(request),
  );
  expect((await ask(token)).status).toBe(503);
});

test('when Keystone forgets the token of the service another is got, and nobody notices', async () => {
  const { region, said, ask } = lab();
  const [one, two] = [
    await tokenFor(region, 'demo', toProject('demo')),
    await tokenFor(region, 'alt', toProject('alt')),
  ];
  expect((await ask(one)).status).toBe(200);
  let refused = 0;
  region.intercept(async (request, next) => {
    if (!request.url.includes('nocatalog') || refused++ > 0) return next(request);
    return Response.json({ error: { code: 401, message: 'no', title: 'Unauthorized' } }, { status: 401 });
  });
  expect((await ask(two)).status).toBe(200);
  expect([refused, said]).toEqual([2, []]);
});

test('a service that lost its right to ask says so to its operator, and lets in nobody', async () => {
  const { region, said, ask } = lab();
  const service = region.projects().find(({ name }) => name === 'service')?.id ?? '';
  const token = await tokenFor(region, 'demo', toProject('demo'));
  const { user } = (
    (await (
      await region.fetch(`${region.authUrl}/auth/tokens`, {
        method: 'POST',
        body: JSON.stringify({ auth: { identity: byPassword('autobackup'), scope: 'unscoped' } }),
      })
    ).json()) as { token: { user: { id: string } } }
  ).token;
  region.revoke(user.id, 'admin', service);
  expect((await ask(token)).status).toBe(503);
  expect(said).toEqual([expect.stringMatching(/^http.keystone_away .*forbidden/)]);
});

test('a role that is taken away is gone when the minute is over', async () => {
  const { region, clock, ask } = lab();
  const token = await tokenFor(region, 'demo', toProject('demo'));
  const { userId, projectId } = (await ask(token)).body as unknown as { userId: string; projectId: string };
  region.revoke(userId, 'member', projectId);
  expect((await ask(token)).status).toBe(200);
  clock.ms += 61_000;
  expect((await ask(token)).status).toBe(401);
});

test('an expired token is let in no more, within its minute and after', async () => {
  const { region, clock, ask } = lab();
  const token = await tokenFor(region, 'demo', toProject('demo'));
  expect((await ask(token)).status).toBe(200);
  clock.ms += DAY;
  expect((await ask(token)).status).toBe(401);
});

test('an address may guess so often, then Keystone is asked no more; known tokens cost nothing', async () => {
  const { region, asked, ask } = lab({}, 3);
  const [one, two] = [
    await tokenFor(region, 'demo', toProject('demo')),
    await tokenFor(region, 'alt', toProject('alt')),
  ];
  for (let n = 0; n < 10; n++) expect((await ask(one)).status).toBe(200);
  const statuses = [];
  for (let n = 0; n < 6; n++) statuses.push((await ask(`gAAAAABguess${n}`)).status);
  expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
  expect(asked()).toBe(4);
  expect((await ask(one)).status).toBe(200);
  const late = await ask(two);
  expect([late.status, late.title, Number(late.headers['retry-after'])]).toEqual([429, 'too-many-requests', 20]);
});

test('no token is ever in the log or in an answer', async () => {
  const { region, said, ask } = lab();
  const token = await tokenFor(region, 'demo', toProject('demo'));
  region.intercept(async (request, next) =>
    request.url.includes('nocatalog')
      ? new Response(`{"error": {"code": 500, "message": "no ${request.headers.get('x-subject-token')}"}}`, {
          status: 501,
        })
      : next(request),
  );
  const { status, body } = await ask(token);
  expect(status).toBe(503);
  expect(said).toHaveLength(1);
  expect(`${JSON.stringify(body)}${said.join()}`).not.toContain(token.slice(0, 12));
});

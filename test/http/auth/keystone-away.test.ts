import { expect, test } from 'vitest';
import { byPassword, toProject } from '../../contract/user.ts';
import { lab, tokenFor } from './authenticator-lab.ts';

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

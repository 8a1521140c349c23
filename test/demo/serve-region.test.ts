import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RegionServer, serveRegion } from '../../daemon/demo/serve-region.ts';
import { createRegion, type Region } from '../../lib/simulator/index.ts';

let region: Region;
let server: RegionServer;
beforeEach(async () => {
  region = createRegion();
  region.seedStandardIdentities();
  server = await serveRegion(region);
});
afterEach(() => server.close());

const login = (): Promise<Response> => {
  const user = { name: 'demo', password: 'demo', domain: { name: 'Default' } };
  const scope = { project: { name: 'demo', domain: { name: 'Default' } } };
  const body = JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } });
  return fetch(`${region.authUrl}/auth/tokens`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
};

test('requests and answers pass through whole, and the catalogue names the server', async () => {
  const answer = await login();
  expect(answer.status).toBe(201);
  expect(answer.headers.get('x-subject-token')).toBeTruthy();
  const { token } = (await answer.json()) as { token: { catalog: { type: string; endpoints: { url: string }[] }[] } };
  const urls = token.catalog.flatMap(({ endpoints }) => endpoints.map(({ url }) => url));
  expect(urls.every((url) => url.startsWith(server.url))).toBe(true);
});

test('an answer without a body', async () => {
  expect((await fetch(`${server.url}/nowhere`)).status).toBe(404);
});

test('where an interceptor throws, the connection is cut after what it let through', async () => {
  const seen: string[] = [];
  region.intercept(async (request, next) => {
    seen.push(String((await next(request)).status));
    throw new Error('lost');
  });
  await expect(login()).rejects.toThrow('fetch failed');
  expect(seen).toEqual(['201']);
});

test('closing cuts what is under way', async () => {
  region.intercept(() => new Promise(() => undefined));
  const hanging = login();
  const refused = expect(hanging).rejects.toThrow('fetch failed');
  await new Promise((resolve) => setTimeout(resolve, 50));
  await server.close();
  await refused;
});

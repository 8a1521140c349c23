import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startApp } from '../../daemon/app.ts';
import { parseConfig } from '../../daemon/config/load.ts';
import { type Daemon, openDaemon, silent, yamlFor } from './daemon.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function open(options?: Parameters<typeof openDaemon>[0]): Promise<Daemon> {
  const daemon = await openDaemon(options);
  cleanups.push(daemon.close);
  return daemon;
}

function folder(): string {
  const home = mkdtempSync(join(tmpdir(), 'autobackup-api-'));
  cleanups.push(() => rmSync(home, { recursive: true }));
  return home;
}

test('the web service listens where it is told, apart from health and metrics', async () => {
  const { app, url, get } = await open();
  expect(new URL(url).port).not.toBe(new URL(app.opsAddress).port);
  expect((await get('/metrics')).status).toBe(404);
  expect((await fetch(`${app.opsAddress}/v1/openapi.json`)).status).toBe(404);
});

test('without http.listen there is no web service', async () => {
  const home = folder();
  const yaml = yamlFor('http://127.0.0.1:9/v3', home, { listen: null });
  const app = await startApp({ config: parseConfig(yaml, 'config.yaml'), log: silent });
  expect(app.apiAddress).toBeNull();
  await app.stop();
});

test('an address that is taken ends the start with 78 and what to do, and nothing goes on', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  cleanups.push(() => taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  const home = folder();
  const yaml = yamlFor('http://127.0.0.1:9/v3', home, { listen: `127.0.0.1:${port}` });
  const start = () => startApp({ config: parseConfig(yaml, 'config.yaml'), log: silent });
  await expect(start()).rejects.toMatchObject({
    code: 78,
    message: `http.listen 127.0.0.1:${port} cannot be opened (EADDRINUSE); choose a free address, or port 0 for any`,
  });
  await expect(start()).rejects.toMatchObject({ code: 78, message: expect.stringContaining('http.listen') });
});

test('a stopped daemon answers nobody', async () => {
  const { app, url } = await open();
  await app.stop();
  await expect(fetch(`${url}/v1/openapi.json`)).rejects.toThrow('fetch failed');
});

test('what is asked for is read from the store of the running service', async () => {
  const { token, get } = await open();
  const headers = { 'x-auth-token': await token('demo', 'demo') };
  expect(await get('/v1/instances', headers)).toMatchObject({ status: 200, body: { instances: [] } });
  expect(await get('/v1/runs', headers)).toMatchObject({ status: 200, body: { runs: [] } });
  expect(await get('/v1/audit', headers)).toMatchObject({ status: 200, body: { entries: [] } });
  expect(await get('/v1/instances')).toMatchObject({ status: 401, body: { error: { title: 'unauthorized' } } });
});

test('policies are shown where the web service listens, and an instance that is not there has no schedule', async () => {
  const { token, ask } = await open();
  const headers = { 'x-auth-token': await token('demo', 'demo') };
  expect(await ask('GET', '/v1/policies', headers)).toMatchObject({
    status: 200,
    body: {
      policies: [{ id: 'operator:daily', layer: 'operator', tenant_may: { window: true, zone: true, keep: null } }],
    },
  });
  expect((await ask('GET', '/v1/instances/nobody/schedule', headers)).status).toBe(404);
});

test('what the operator says of admins and rules is in use after a reload, and a policy file with a fault is not', async () => {
  const said: string[] = [];
  const error = (event: string, facts?: object): void => void said.push(`${event} ${JSON.stringify(facts)}`);
  const { app, region, token, ask, get } = await open({ log: { ...silent, error } });
  const home = folder();
  const file = join(home, 'policy.yaml');
  const load = (http: object) => () => ({
    config: parseConfig(yamlFor(region.authUrl, home, { policy_file: file, ...http }), 'config.yaml'),
    exposed: [],
  });
  const reader = { 'x-auth-token': await token('reader', 'demo') };
  const admin = { 'x-auth-token': await token('admin', 'admin', 'secret') };
  const cancel = async () => (await ask('DELETE', '/v1/instances/none/schedule', reader)).status;
  expect([await cancel(), (await get('/v1/region', admin)).status]).toEqual([403, 200]);
  writeFileSync(file, 'schedule:change: [reader]\n');
  app.reload(load({ admin_projects: ['service'] }));
  expect([await cancel(), (await get('/v1/region', admin)).status]).toEqual([404, 403]);
  writeFileSync(file, 'schedule:chang: [nobody]\n');
  app.reload(load({}));
  expect(said.at(-1)).toMatch(/^config.refused .*unknown rule .*did you mean schedule:change/);
  expect([await cancel(), (await get('/v1/region', admin)).status]).toEqual([404, 403]);
});

test('an answer under way is given when the daemon stops', async () => {
  const { app, region, token, url, get } = await open();
  const known = await token('demo', 'demo');
  // The thread that reads begins with the first question, and takes its time.
  expect((await get('/v1/runs', { 'x-auth-token': await token('demo', 'demo') })).status).toBe(200);
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  region.intercept(async (request, next) => {
    if (!request.url.includes('nocatalog')) return next(request);
    asked.resolve();
    await gate.promise;
    return next(request);
  });
  const answer = fetch(`${url}/v1/runs`, { headers: { 'x-auth-token': known } });
  await asked.promise;
  const stopped = app.stop();
  gate.resolve();
  expect((await answer).status).toBe(200);
  await stopped;
  await expect(fetch(`${url}/v1/docs`)).rejects.toThrow('fetch failed');
});

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type RegionServer, serveRegion } from '../../daemon/demo/serve-region.ts';
import { createRegion, type Region, type RegionOptions } from '../../lib/simulator/index.ts';
import { configIn, folder, type Running, start } from './process.ts';

let server: RegionServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** A region behind real HTTP with one new instance in it. */
async function openRegion(options: RegionOptions = {}): Promise<Region> {
  const region = createRegion(options);
  region.seedStandardIdentities();
  server = await serveRegion(region);
  // Newer than any store here, so that its first backup is due at once.
  region.createInstance({ projectName: 'demo', name: 'orders', createdUtc: Date.now() + 60_000 });
  return region;
}

test('SIGTERM while a request for a backup hangs: it ends within 10 s with 0, and the run is stored as unknown', async () => {
  const region = await openRegion();
  const asked = Promise.withResolvers<void>();
  region.intercept(async (request, next) => {
    if (request.method !== 'POST' || !request.url.endsWith('/backups')) return next(request);
    asked.resolve();
    return new Promise(() => undefined);
  });
  const config = configIn(folder(), { authUrl: region.authUrl });
  const daemon = start('serve', '--config', config);
  await asked.promise;
  const termMs = performance.now();
  daemon.signal('SIGTERM');
  const { code, out } = await daemon.ended;
  expect(performance.now() - termMs).toBeLessThan(10_000);
  expect(code).toBe(0);
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; because?: object });
  expect(events.slice(-3).map(({ event }) => event)).toEqual(['daemon.stopping', 'run.unknown', 'daemon.stopped']);
  expect(events.at(-2)).toMatchObject({ because: { rule: 'answer-lost' } });
});

test('a second SIGTERM waits for no answer any more: it ends at once, with 0, and the run is stored as unknown', async () => {
  const region = await openRegion();
  const asked = Promise.withResolvers<void>();
  region.intercept(async (request, next) => {
    if (request.method !== 'POST' || !request.url.endsWith('/backups')) return next(request);
    asked.resolve();
    return new Promise(() => undefined);
  });
  const daemon = start('serve', '--config', configIn(folder(), { authUrl: region.authUrl }));
  await asked.promise;
  daemon.signal('SIGTERM');
  await daemon.said('daemon.stopping');
  const againMs = performance.now();
  daemon.signal('SIGTERM');
  const { code, out } = await daemon.ended;
  expect(performance.now() - againMs).toBeLessThan(3_000);
  expect([code, out]).toEqual([0, expect.stringContaining('"event":"run.unknown"')]);
});

/** A daemon that is just reading its configuration, and reads on when the password is told. */
async function startAndHold(region: Region): Promise<{ readonly daemon: Running; tell(): Promise<void> }> {
  const dir = folder();
  const pipe = join(dir, 'password');
  execFileSync('mkfifo', [pipe]);
  const config = configIn(dir, { authUrl: region.authUrl });
  writeFileSync(config, readFileSync(config, 'utf8').replace('password: autobackup', `password_file: ${pipe}`));
  const daemon = start('serve', '--config', config);
  const held = await open(pipe, 'w'); // opens when the daemon does
  return {
    daemon,
    async tell() {
      rmSync(pipe);
      writeFileSync(pipe, 'autobackup\n'); // for the next reading
      await held.writeFile('autobackup\n');
      await held.close();
    },
  };
}

test('SIGTERM while it starts ends it in order as soon as it is up, with 0', async () => {
  const { daemon, tell } = await startAndHold(await openRegion());
  daemon.signal('SIGTERM');
  await tell();
  const { code, out } = await daemon.ended;
  expect(code).toBe(0);
  expect(out.trim().split('\n').at(-1)).toContain('"event":"daemon.stopped"');
});

test('SIGHUP while it starts does not end it: it reads its configuration again as soon as it is up', async () => {
  const { daemon, tell } = await startAndHold(await openRegion());
  daemon.signal('SIGHUP');
  await tell();
  expect(await daemon.said('config.reloaded')).toMatchObject({ changed: [] });
  daemon.signal('SIGTERM');
  expect((await daemon.ended).code).toBe(0);
});

test('SIGTERM while nothing is under way ends it at once, with 0; so does SIGINT', async () => {
  const region = await openRegion();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const daemon = start('serve', '--config', configIn(folder(), { authUrl: region.authUrl }));
    await daemon.said('reconcile.done');
    const termMs = performance.now();
    daemon.signal(signal);
    expect((await daemon.ended).code).toBe(0);
    expect(performance.now() - termMs).toBeLessThan(5_000);
  }
});

test('a second daemon on the same store is turned away with 75 and a sentence; the first goes on', async () => {
  const region = await openRegion();
  const config = configIn(folder(), { authUrl: region.authUrl });
  const first = start('serve', '--config', config);
  await first.said('daemon.started');
  const { code, err } = await start('serve', '--config', config).ended;
  expect(code).toBe(75);
  expect(err).toMatch(
    /^trove-autobackup: another trove-autobackup is using \S+; stop it, or give this one its own store\n$/,
  );
  await first.said('run.submitted');
  first.signal('SIGTERM');
  expect((await first.ended).code).toBe(0);
});

test('while the cloud is away it starts all the same, is not ready and says why, and stops on SIGTERM', async () => {
  const deaf = createServer((_, outgoing) => outgoing.writeHead(503).end()).listen(0, '127.0.0.1');
  await once(deaf, 'listening');
  const { port } = deaf.address() as { port: number };
  const daemon = start('serve', '--config', configIn(folder(), { authUrl: `http://127.0.0.1:${port}/v3` }));
  const { ops } = await daemon.said('daemon.started');
  await daemon.said('reconcile.failed');
  const ready = await fetch(`${ops}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([503, { ok: false, parts: { cloud: { ok: false } } }]);
  expect((await fetch(`${ops}/healthz`)).status).toBe(200);
  daemon.signal('SIGTERM');
  expect((await daemon.ended).code).toBe(0);
  deaf.close();
});

test("a clock that is a day from the cloud's: no backup is asked for, and log, health and metrics say why", async () => {
  const after = (delayMs: number, run: () => void) => {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  };
  const region = await openRegion({ clock: { nowUtc: () => Date.now() + 86_400_000, after } });
  const daemon = start('serve', '--config', configIn(folder(), { authUrl: region.authUrl }));
  const { ops } = await daemon.said('daemon.started');
  const { seconds, because, hint } = await daemon.said('clock.doubtful');
  expect({ seconds, because }).toEqual({
    seconds: -86_400,
    because: { rule: 'clock-apart', params: { aheadMs: -86_400_000 } },
  });
  expect(hint).toMatch(/NTP/);
  const ready = await fetch(`${ops}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    { parts: { clock: { ok: false, detail: expect.stringContaining("clock is 1d behind the cloud's") } } },
  ]);
  expect((await fetch(`${ops}/healthz`)).status).toBe(200);
  const metrics = await (await fetch(`${ops}/metrics`)).text();
  expect(metrics).toMatch(/^trove_autobackup_clock_doubtful 1$/m);
  expect(metrics).toMatch(/^trove_autobackup_clock_ahead_seconds -8(6400|6399)(\.\d+)?$/m);
  daemon.signal('SIGTERM');
  const { code, out } = await daemon.ended;
  expect(code).toBe(0);
  expect(out).not.toMatch(/schedule\.assigned|run\.submitted|reconcile\.done/);
});

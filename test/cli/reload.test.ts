import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type RegionServer, serveRegion } from '../../daemon/demo/serve-region.ts';
import { createRegion, type Region } from '../../lib/simulator/index.ts';
import { configIn, folder, type Running, start } from './process.ts';

let server: RegionServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

interface Stage {
  readonly region: Region;
  readonly daemon: Running;
  /** Replaces a piece of the configuration, and tells the daemon. */
  edit(piece: string | RegExp, by: string): void;
}

async function serveAndEdit(): Promise<Stage> {
  const region = createRegion();
  region.seedStandardIdentities();
  server = await serveRegion(region);
  const config = configIn(folder(), { authUrl: region.authUrl });
  const daemon = start('serve', '--config', config);
  await daemon.said('reconcile.done');
  const edit = (piece: string | RegExp, by: string): void => {
    writeFileSync(config, readFileSync(config, 'utf8').replace(piece, by));
    daemon.signal('SIGHUP');
  };
  return { region, daemon, edit };
}

async function stop(daemon: Running): Promise<string> {
  daemon.signal('SIGTERM');
  const { code, out, err } = await daemon.ended;
  expect([code, err]).toEqual([0, '']);
  return out;
}

test('SIGHUP takes what can change while it runs: a new policy reaches the schedules with the look that follows', async () => {
  const { region, daemon, edit } = await serveAndEdit();
  region.createInstance({ projectName: 'demo', name: 'orders' });
  edit('every: 1h', 'every: 2h');
  expect(await daemon.said('config.reloaded')).toMatchObject({ level: 'info', changed: ['policies.often'] });
  await daemon.said('reconcile.done', 2);
  expect(await daemon.said('schedule.assigned')).toMatchObject({ policy: 'often' });
  edit('name: often', 'name: seldom');
  await daemon.said('config.reloaded', 2);
  expect(await daemon.said('schedule.changed')).toMatchObject({ policy: 'seldom' });
  await stop(daemon);
});

test('a file with faults keeps the old whole and says each of them; the right one is taken afterwards', async () => {
  const { daemon, edit } = await serveAndEdit();
  edit('every: 1h, first_within: 1s', 'every: 2h, first_witin: soon');
  expect(await daemon.said('config.refused')).toMatchObject({
    level: 'error',
    problems: [
      expect.stringMatching(/config\.yaml cannot be used:$/),
      'policies.0: unknown first_witin; did you mean first_within?',
    ],
  });
  edit('first_witin: soon', 'first_within: 1s');
  expect(await daemon.said('config.reloaded')).toMatchObject({ changed: ['policies.often'] });
  await stop(daemon);
});

test('what is held open is refused by its name, and the rest of the file is taken', async () => {
  const { daemon, edit } = await serveAndEdit();
  edit(/ops_listen: "[^"]*" \}/, 'ops_listen: "127.0.0.1:1" }\nlimits: { concurrent: 7 }\nlog: { level: warn }');
  expect(await daemon.said('config.refused')).toMatchObject({ level: 'warn', keys: ['http.ops_listen.port'] });
  edit('level: warn', 'level: info');
  // The first was told below the level that it set.
  expect(await daemon.said('config.reloaded')).toMatchObject({ changed: ['log.level'] });
  await stop(daemon);
});

test('a new password is used from the next question on, and neither is ever shown', async () => {
  const { region, daemon, edit } = await serveAndEdit();
  edit('password: autobackup', 'password: hunter2-wrong');
  expect(await daemon.said('config.reloaded')).toMatchObject({ changed: ['keystone.password'] });
  await daemon.said('reconcile.failed');
  edit('password: hunter2-wrong', 'password: autobackup');
  await daemon.said('reconcile.done', 2);
  region.createInstance({ projectName: 'demo', name: 'orders', createdUtc: Date.now() + 60_000 });
  edit('mode: x', '');
  await daemon.said('run.submitted');
  expect(await stop(daemon)).not.toContain('hunter2');
});

test('a password file that holds another password is read anew', async () => {
  const region = createRegion();
  region.seedStandardIdentities();
  server = await serveRegion(region);
  const dir = folder();
  const file = join(dir, 'password');
  writeFileSync(file, 'autobackup\n', { mode: 0o644 });
  const config = configIn(dir, { authUrl: region.authUrl });
  writeFileSync(config, readFileSync(config, 'utf8').replace('password: autobackup', `password_file: ${file}`));
  const daemon = start('serve', '--config', config);
  expect(await daemon.said('config.exposed')).toMatchObject({
    file,
    hint: `any user may read it; run: chmod o-r ${file}`,
  });
  await daemon.said('reconcile.done');
  writeFileSync(file, 'another\n');
  daemon.signal('SIGHUP');
  expect(await daemon.said('config.reloaded')).toMatchObject({ changed: ['keystone.password'] });
  await daemon.said('reconcile.failed');
  await stop(daemon);
});

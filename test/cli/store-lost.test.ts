import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { type RegionServer, serveRegion } from '../../daemon/demo/serve-region.ts';
import { createRegion, type Region } from '../../lib/simulator/index.ts';
import { configIn, folder, type Running, start } from './process.ts';

let server: RegionServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** A daemon that has asked for a backup of the one instance there is. */
async function startOne(): Promise<{ daemon: Running; dir: string; store: string; region: Region; config: string }> {
  const region = createRegion();
  region.seedStandardIdentities();
  server = await serveRegion(region);
  region.createInstance({ projectName: 'demo', name: 'orders', createdUtc: Date.now() + 60_000 });
  const dir = folder();
  const config = configIn(dir, { authUrl: region.authUrl });
  const daemon = start('serve', '--config', config);
  await daemon.said('run.submitted');
  return { daemon, dir, store: join(dir, 'store.sqlite'), region, config };
}

const runsIn = (path: string): readonly unknown[] => {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare('SELECT instance_id, backup_id FROM runs').all();
  } finally {
    db.close();
  }
};

test('a store that is deleted under the daemon is written out again, and the next life goes on with it', async () => {
  const { daemon, dir, store, region, config } = await startOne();
  for (const part of ['', '-wal', '-shm']) rmSync(`${store}${part}`, { force: true });
  const { code, err, out } = await daemon.ended;
  expect(code).toBe(70);
  expect(err).toMatch(
    /^trove-autobackup: the store \S+store\.sqlite was deleted under the running daemon, .*; start it/,
  );
  expect(out).toContain(`"event":"store.rescued"`);
  const [backup] = region.backups();
  expect(runsIn(store)).toEqual([{ instance_id: backup?.instanceId, backup_id: backup?.id }]);
  expect(statSync(store).mode & 0o077).toBe(0);
  expect(readdirSync(dir).filter((file) => file.endsWith('.part'))).toEqual([]);
  const next = start('serve', '--config', config);
  await next.said('reconcile.done');
  next.signal('SIGTERM');
  expect((await next.ended).code).toBe(0);
  expect(region.backups()).toHaveLength(1);
});

test('a store that is replaced is left as it is, and what ours held lies beside it', async () => {
  const { daemon, dir, store, region } = await startOne();
  const other = join(dir, 'other.sqlite');
  writeFileSync(other, 'an old copy');
  renameSync(other, store);
  const { code, err } = await daemon.ended;
  expect(code).toBe(78);
  expect(err).toMatch(
    /was replaced under the running daemon, which writes what it held to \S+store\.sqlite\.lost; put/,
  );
  expect(statSync(store).size).toBe('an old copy'.length);
  expect(runsIn(`${store}.lost`)).toMatchObject([{ backup_id: region.backups()[0]?.id }]);
  expect(existsSync(`${store}-wal`), 'our journal must not be played into the other file').toBe(false);
});

test('where its folder is gone as well it ends all the same, with 70 and what it could not do', async () => {
  const { daemon, dir } = await startOne();
  rmSync(dir, { recursive: true });
  const { code, err, out } = await daemon.ended;
  expect([code, err]).toEqual([70, expect.stringContaining('was deleted under the running daemon')]);
  expect(out).toMatch(/"event":"stop\.failed".*"part":"store"|"part":"store".*"event":"stop\.failed"/);
});

/** No file of the process may grow beyond what the store has now, as on a disk that is full; for a user without root too. */
function fillDisk(daemon: Running, store: string): void {
  const wal = statSync(`${store}-wal`).size;
  execFileSync('prlimit', [`--pid=${daemon.pid}`, `--fsize=${Math.min(wal, statSync(store).size || wal)}:`]);
}

test('a disk that takes no more: each fault names the store and what to do, the message is kept, and it ends with 70', async () => {
  const { daemon, store, region } = await startOne();
  const { ops } = await daemon.said('daemon.started');
  fillDisk(daemon, store);
  region.createInstance({ projectName: 'demo', name: 'billing', createdUtc: Date.now() + 60_000 });
  daemon.signal('SIGHUP');
  const { err } = await daemon.said('task.failed');
  const told = `the store ${store} cannot be used (SQLITE_IOERR_WRITE): the disk or its quota failed`;
  expect((err as { message: string }).message).toContain(told);
  const health = await fetch(`${ops}/healthz`);
  expect([health.status, await health.json()]).toMatchObject([503, { parts: { tasks: { ok: false } } }]);
  const { code } = await daemon.ended;
  expect(code).toBe(70);
});

test('one whose disk has room again goes on where it was', async () => {
  const { daemon, store, region } = await startOne();
  fillDisk(daemon, store);
  region.createInstance({ projectName: 'demo', name: 'billing', createdUtc: Date.now() + 60_000 });
  daemon.signal('SIGHUP');
  await daemon.said('task.failed');
  execFileSync('prlimit', [`--pid=${daemon.pid}`, '--fsize=unlimited:']);
  await daemon.said('run.submitted', 2);
  daemon.signal('SIGTERM');
  expect((await daemon.ended).code).toBe(0);
  expect(runsIn(store)).toHaveLength(2);
});

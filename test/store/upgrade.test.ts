import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../daemon/store/migrate.ts';
import { migrations } from '../../daemon/store/migrations/index.ts';
import { openWorld, tempFolder } from './world.ts';

const STORES = join(import.meta.dirname, '../fixtures/stores');
/** Of every migration that a release has carried out somewhere. */
const RELEASED: readonly string[] = ['4a0ae26d163ef6519004377054a148c659244dbe96dea0c65ce14902df259eac'];
const LATER = Date.UTC(2026, 10, 24);

/** The store that a release left behind. */
function storeOf(release: string): string {
  const path = join(tempFolder(), 'autobackup.sqlite');
  const db = new Database(path);
  db.exec(readFileSync(join(STORES, release), 'utf8'));
  db.close();
  return path;
}
const version = (path: string): unknown => {
  const db = new Database(path, { readonly: true });
  const found = db.pragma('user_version', { simple: true });
  db.close();
  return found;
};
const birth = { owner: '0badcafe', nowUtc: LATER };

test('released migrations are as they were released', () => {
  expect(migrations.slice(0, RELEASED.length).map((sql) => createHash('sha256').update(sql).digest('hex'))).toEqual(
    RELEASED,
  );
});

test('there is a store of every release', () => {
  expect(globSync('*.sql', { cwd: STORES }).sort()).toEqual(
    RELEASED.map((_, n) => `${String(n + 1).padStart(4, '0')}.sql`),
  );
});

test.each(readdirSync(STORES))(
  'the store of %s is upgraded with all it holds, after a copy was made',
  async (release) => {
    const path = storeOf(release);
    const before = version(path);
    const world = openWorld({ path, nowUtc: LATER });
    expect(version(path)).toBe(migrations.length);
    expect(world.inventory.storeBornUtc).toBeLessThan(LATER);
    expect(world.runs().map(({ state }) => state)).toEqual([
      'completed',
      'failed',
      'claimed',
      'skipped',
      'running',
      'completed',
      'missed',
      'unknown',
    ]);
    expect(world.kept()).toEqual(world.counted());
    const copy = `${path}.v${before}`;
    expect(version(copy)).toBe(before);
    expect(statSync(copy).mode & 0o077).toBe(0);
    expect((await world.notes.pendingNotes(10)).map(({ instanceId }) => instanceId)).toEqual(['db-9']);
    expect((await world.readModel.overview(LATER)).instances).toBe(4);
  },
);

test('a new store, and one that is up to date, are not copied', () => {
  const { path, close } = openWorld();
  close();
  openWorld({ path }).close();
  expect(readdirSync(dirname(path)).filter((file) => /\.v\d/.test(file))).toEqual([]);
});

test('the copies of the last two upgrades stay, older ones and those cut short go', () => {
  const path = storeOf('0001.sql');
  for (const old of ['v1.part', 'v0', 'v00']) writeFileSync(`${path}.${old}`, '');
  const db = new Database(path);
  const [first = '', second = '', third = ''] = migrations;
  migrate(db, path, [first, second], birth);
  migrate(db, path, [first, second, third], birth);
  migrate(db, path, migrations, birth);
  db.close();
  const copies = readdirSync(dirname(path)).filter((file) => file.startsWith(`${basename(path)}.v`));
  expect(copies.sort()).toEqual(['autobackup.sqlite.v2', 'autobackup.sqlite.v3']);
});

test('a migration that fails leaves the schema before it, and the copy', () => {
  const path = storeOf('0001.sql');
  const db = new Database(path);
  const [first = ''] = migrations;
  const broken = [first, 'CREATE TABLE half (n); INSERT INTO nowhere VALUES (1);'];
  expect(() => migrate(db, path, broken, birth)).toThrow(/nowhere/);
  expect(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").all()).toEqual([]);
  db.close();
  expect(version(path)).toBe(1);
  expect(version(`${path}.v1`)).toBe(1);
});

test('a kill between the copy and the commit leaves a store that the next start upgrades', () => {
  const path = storeOf('0001.sql');
  const file = new URL('killed-migration.ts', import.meta.url).pathname;
  const { signal } = spawnSync(process.execPath, ['--no-warnings', file, path]);
  expect(signal).toBe('SIGKILL');
  expect(version(path)).toBe(1);
  expect(existsSync(`${path}.v1`)).toBe(true);
  const world = openWorld({ path, nowUtc: LATER });
  expect(world.runs()).toHaveLength(8);
  expect(world.kept()).toEqual(world.counted());
});

test('an upgrade is told before it begins, and only where there is one', () => {
  const path = storeOf('0001.sql');
  const db = new Database(path);
  const told: unknown[] = [];
  const open = (): void =>
    migrate(
      db,
      path,
      migrations,
      birth,
      (from, to) => void told.push([from, to, db.pragma('user_version', { simple: true })]),
    );
  open();
  open();
  db.close();
  expect(told).toEqual([[1, migrations.length, 1]]);
});

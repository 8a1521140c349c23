import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { ExitError } from '../../daemon/exit.ts';
import { type Store, sqliteStore } from '../../daemon/store/index.ts';
import { readThread } from '../../daemon/store/read-thread.ts';
import { MOST_PAGES } from '../../daemon/store/upkeep.ts';
import { NOW, OWNER, placeOf, scheduled, tempFolder } from './world.ts';

const PAGE = 4096;
const MIB = 2 ** 20;
const opened: Store[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

function open(readerThread: boolean): { readonly store: Store; readonly path: string } {
  const path = join(tempFolder(), 'autobackup.sqlite');
  const store = sqliteStore({ path, owner: OWNER, nowUtc: NOW, readerThread });
  opened.push(store);
  return { store, path };
}
/** So many bytes of one row, so as to fill the journal without a thousand transactions. */
const write = ({ inventory }: Store, id: string, bytes: number) =>
  inventory.saveSightings([scheduled({ id, status: 'x'.repeat(bytes) }, NOW)], NOW);
const journal = (path: string): number => statSync(`${path}-wal`).size;

test.each([true, false])(
  'a short journal is left, a long one is copied and begins anew (thread %s)',
  async (thread) => {
    const { store, path } = open(thread);
    await store.upkeep.checkpoint();
    await write(store, 'short', MIB);
    const left = await store.upkeep.checkpoint();
    expect(left).toBeGreaterThan(MIB / PAGE);
    if (!thread) return;
    await write(store, 'long', 8 * MIB);
    expect(await store.upkeep.checkpoint()).toBe(0);
    const before = journal(path);
    await write(store, 'after', 4 * MIB);
    expect(journal(path)).toBe(before);
    expect(await store.upkeep.checkpoint()).toBe(0);
  },
);

test('where nobody copies the journal the writer does, so that it does not grow beyond 64 MiB and what one commit writes', async () => {
  const { store, path } = open(true);
  const each = 8 * MIB;
  for (let n = 0; n < 20; n++) await write(store, `db-${n}`, each);
  expect(journal(path)).toBeGreaterThan(MOST_PAGES * PAGE * 0.9);
  expect(journal(path)).toBeLessThan(MOST_PAGES * PAGE + 2 * each);
});

test('a reader that stays holds the journal, and the copying goes on when it has gone', async () => {
  const { store, path } = open(true);
  const reader = new Database(path, { readonly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM instances').get();
  await write(store, 'long', 8 * MIB);
  expect(await store.upkeep.checkpoint()).toBeGreaterThan(0);
  reader.exec('COMMIT');
  expect(await store.upkeep.checkpoint()).toBe(0);
  reader.close();
});

test('a store whose file was taken away is not copied: what lies at its path now is not ours', async () => {
  const { store, path } = open(true);
  await store.upkeep.checkpoint();
  renameSync(path, `${path}.away`);
  await expect(store.upkeep.checkpoint()).rejects.toBeInstanceOf(ExitError);
  renameSync(`${path}.away`, path);
  expect(await store.upkeep.checkpoint()).toBeGreaterThanOrEqual(0);
});

test('a thread that cannot open the file fails the copying, and no more', async () => {
  const { upkeep, close } = readThread(placeOf(join(tempFolder(), 'none.sqlite')));
  await expect(upkeep.checkpoint()).rejects.toThrow(/is not the file that the daemon has open/);
  close();
});

test('a thread that begins after the store was replaced gives the other file none of the journal', async () => {
  const { store, path } = open(false);
  await write(store, 'long', 8 * MIB);
  const place = placeOf(path);
  renameSync(path, `${path}.away`);
  writeFileSync(path, 'an old copy');
  const { upkeep, close } = readThread(place);
  await expect(upkeep.checkpoint()).rejects.toThrow(/is not the file that the daemon has open/);
  close();
  expect(readFileSync(path, 'utf8')).toBe('an old copy');
  renameSync(`${path}.away`, path);
});

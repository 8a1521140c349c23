import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { ExitError } from '../../daemon/exit.ts';
import { migrations } from '../../daemon/store/migrations/index.ts';
import { NOW, OWNER, openWorld, tempFolder } from './world.ts';

function refusal(path: string, owner = OWNER): ExitError {
  try {
    openWorld({ path, owner });
  } catch (error) {
    if (error instanceof ExitError) return error;
    throw error;
  }
  throw new Error('the store was opened');
}

/** A database file made by statements. */
function database(...statements: readonly string[]): string {
  const path = join(tempFolder(), 'some.sqlite');
  const db = new Database(path);
  for (const statement of statements) db.exec(statement);
  db.close();
  return path;
}
const pragma = (path: string, name: string): unknown => {
  const db = new Database(path, { readonly: true });
  const value = db.pragma(name, { simple: true });
  db.close();
  return value;
};

describe('a fresh store', () => {
  test('says whose it is and by which schema', () => {
    const { path } = openWorld();
    expect(pragma(path, 'application_id')).toBe(0x74724142);
    expect(pragma(path, 'user_version')).toBe(migrations.length);
    expect(pragma(path, 'journal_mode')).toBe('wal');
    expect(pragma(path, 'integrity_check')).toBe('ok');
  });

  test('is readable by its owner alone, in a folder made for it', () => {
    const { path } = openWorld({ path: join(tempFolder(), 'var', 'lib', 'autobackup.sqlite') });
    for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o077, file).toBe(0);
  });

  test('says for health that it can be read, and when it cannot', () => {
    const world = openWorld();
    expect(world.check()).toEqual({ ok: true, detail: `schema ${migrations.length}` });
    world.close();
    expect(world.check()).toEqual({ ok: false, detail: 'The database connection is not open' });
  });

  test('is born now, and stays as old when it is opened again', () => {
    const { path, inventory, close } = openWorld();
    expect(inventory.storeBornUtc).toBe(NOW);
    close();
    expect(openWorld({ path, nowUtc: NOW + 86_400_000 }).inventory.storeBornUtc).toBe(NOW);
  });

  test('is taken where a file is there and empty', () => {
    const path = join(tempFolder(), 'autobackup.sqlite');
    writeFileSync(path, '');
    expect(openWorld({ path }).inventory.storeBornUtc).toBe(NOW);
  });
});

describe('what is not ours is refused with 78 and left as it is:', () => {
  test('a store of a newer release', () => {
    const { path, close } = openWorld();
    close();
    const db = new Database(path);
    db.pragma(`user_version = ${migrations.length + 1}`);
    db.close();
    const { code, message } = refusal(path);
    expect(code).toBe(78);
    expect(message).toContain(
      `newer trove-autobackup (schema ${migrations.length + 1}, this one knows ${migrations.length})`,
    );
    expect(message).toContain('install that version again, or put this store away');
    expect(pragma(path, 'user_version')).toBe(migrations.length + 1);
  });

  test.each([
    { says: 'without an id', path: () => database('CREATE TABLE users (id)') },
    { says: 'with an id of its own', path: () => database('PRAGMA application_id = 252006674', 'CREATE TABLE t (id)') },
    { says: 'with our schema version', path: () => database('PRAGMA user_version = 1', 'CREATE TABLE t (id)') },
  ])("another program's database $says", ({ path: make }) => {
    const path = make();
    const before = readFileSync(path);
    const { code, message } = refusal(path);
    expect(code).toBe(78);
    expect(message).toBe(`${path} is a database of another program; set store.path to a file of its own`);
    expect(readFileSync(path).equals(before), 'the file is as it was').toBe(true);
  });

  test('a file that is no database', () => {
    const path = join(tempFolder(), 'marker.key');
    writeFileSync(path, `${'a'.repeat(64)}\n`.repeat(100));
    const { code, message } = refusal(path);
    expect(code).toBe(78);
    expect(message).toBe(`${path} is not a database; set store.path to a file of its own`);
    expect(readFileSync(path, 'utf8')).toBe(`${'a'.repeat(64)}\n`.repeat(100));
  });

  test("a store of another owner's key", () => {
    const { path, close } = openWorld();
    close();
    const { code, message } = refusal(path, 'deadbeef');
    expect(code).toBe(78);
    expect(message).toContain(`belongs to the key of owner ${OWNER}, but store.key_file holds that of deadbeef`);
    expect(message).toContain('put the right key file back');
  });
});

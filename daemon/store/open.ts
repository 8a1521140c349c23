import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import { ExitError, usablePath } from '../exit.ts';
import { type Birth, birthStore } from './birth.ts';
import { APPLICATION_ID, migrate, type OnUpgrade } from './migrate.ts';
import { migrations } from './migrations/index.ts';

/** SQLite's own 2 MB are less than what one claim in a large store touches. */
const CACHE_KIB = 16 * 1024;

function pragma(db: Database.Database, name: string): number {
  return Number(db.pragma(name, { simple: true }));
}

/** Before anything is set or written: what is not ours must stay as it is. */
function refuseForeign(db: Database.Database, path: string): void {
  try {
    if (pragma(db, 'schema_version') === 0 || pragma(db, 'application_id') === APPLICATION_ID) return;
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_NOTADB') throw error;
    throw new ExitError('config', `${path} is not a database; set store.path to a file of its own`, { cause: error });
  }
  throw new ExitError('config', `${path} is a database of another program; set store.path to a file of its own`);
}

function meta(db: Database.Database, key: string): string {
  const row = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?').get(key);
  if (!row) throw new ExitError('config', `the store lacks its "${key}"; restore it from a copy`);
  return row.value;
}

/**
 * One daemon a store: an exclusive transaction on a file beside it, which the kernel frees even after kill -9.
 * @throws ExitError 75 while another daemon holds it.
 */
function lock(path: string): Database.Database {
  const holder = new Database(`${path}.lock`, { timeout: 0 });
  try {
    holder.exec('BEGIN EXCLUSIVE');
    return holder;
  } catch (error) {
    holder.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new ExitError('busy', `another trove-autobackup is using ${path}; stop it, or give this one its own store`);
  }
}

export interface OpenStore {
  readonly db: Database.Database;
  readonly birth: Birth;
  close(): void;
}

/** Opens or makes the store. `owner` is from the key beside it: a store of another key is refused. */
export function openStore(path: string, owner: string, nowUtc: Instant, onUpgrade?: OnUpgrade): OpenStore {
  return usablePath('store.path', path, () => openUsable(path, owner, nowUtc, onUpgrade));
}

function openUsable(path: string, owner: string, nowUtc: Instant, onUpgrade?: OnUpgrade): OpenStore {
  mkdirSync(dirname(path), { recursive: true });
  const holder = lock(path);
  let db: Database.Database | null = null;
  const close = (): void => {
    db?.close();
    holder.close();
  };
  try {
    closeSync(openSync(path, 'a', 0o600));
    db = new Database(path);
    refuseForeign(db, path);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma(`cache_size = -${CACHE_KIB}`);
    const isNew = pragma(db, 'user_version') === 0;
    migrate(db, path, migrations, { owner, nowUtc }, onUpgrade);
    const storedOwner = meta(db, 'owner');
    if (storedOwner !== owner) {
      const text = `the store ${path} belongs to the key of owner ${storedOwner}, but store.key_file holds that of ${owner}`;
      throw new ExitError('config', `${text}; put the right key file back`);
    }
    meta(db, 'born_utc');
    return { db, birth: birthStore(db, isNew), close };
  } catch (error) {
    close();
    throw error;
  }
}

import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import { ExitError } from '../exit.ts';
import { writeCopy } from './copy.ts';

/** "trAB": tells our file from any other SQLite database. */
export const APPLICATION_ID = 0x74724142;

/** Copies of a store as it was before an upgrade; older ones go. */
const COPIES = 2;

export interface Birth {
  readonly owner: string;
  readonly nowUtc: Instant;
}

/** Told before an upgrade begins, from which schema to which: a large store takes a minute or more. */
export type OnUpgrade = (from: number, to: number) => void;

/** Brings the schema up to date, each step in one transaction. A store that holds something is copied before the first. */
export function migrate(
  db: Database,
  path: string,
  migrations: readonly string[],
  birth: Birth,
  onUpgrade: OnUpgrade = () => undefined,
): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > migrations.length) {
    throw new ExitError(
      'config',
      `${path} was written by a newer trove-autobackup (schema ${version}, this one knows ${migrations.length}); ` +
        'install that version again, or put this store away and start with the key alone',
    );
  }
  if (version > 0 && version < migrations.length) {
    onUpgrade(version, migrations.length);
    copyBefore(db, path, version);
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${index + 1}`);
      if (index === 0) bear(db, birth);
    }).immediate();
  }
}

function bear(db: Database, { owner, nowUtc }: Birth): void {
  const insert = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
  insert.run('born_utc', String(nowUtc));
  insert.run('owner', owner);
}

/** `<store>.v<schema>`: whole or not there, and for its owner's eyes alone. */
function copyBefore(db: Database, path: string, version: number): void {
  const copy = `${path}.v${version}`;
  const part = writeCopy(db, copy);
  renameSync(part, copy);
  for (const old of copiesOf(path).slice(0, -COPIES)) rmSync(old);
}

/** In the order of their schemas. */
function copiesOf(path: string): readonly string[] {
  const name = basename(path);
  const versionOf = (file: string): number =>
    file.startsWith(`${name}.v`) ? Number(file.slice(name.length + 2)) : NaN;
  return readdirSync(dirname(path))
    .filter((file) => Number.isInteger(versionOf(file)))
    .sort((one, other) => versionOf(one) - versionOf(other))
    .map((file) => join(dirname(path), file));
}

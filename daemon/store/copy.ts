import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';

/** Writes all that a store holds to `<to>.part`, synced and for its owner's eyes alone, and gives that path: to be renamed. */
export function writeCopy(db: Database, to: string): string {
  const part = `${to}.part`;
  rmSync(part, { force: true });
  closeSync(openSync(part, 'wx', 0o600));
  db.prepare('VACUUM INTO ?').run(part);
  const file = openSync(part, 'r+');
  fsyncSync(file);
  closeSync(file);
  return part;
}

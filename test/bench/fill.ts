import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sqliteStore } from '../../daemon/store/index.ts';
import { DAY, every, HOUR, policy } from '../core/builders.ts';

export const OWNER = '0badcafe';
export const DAILY = policy({ name: 'daily', cadence: every(DAY) });

/** What a store holds at `nowUtc`. Instance n is of project n modulo `projects`. */
export interface Filling {
  readonly nowUtc: number;
  readonly schedules: number;
  readonly projects: number;
  /** The next slot of the nth schedule. */
  readonly slotOf: (n: number) => number;
  readonly projectOf?: (n: number) => number;
  /** Runs that ended, one an hour back from `nowUtc` for each instance in turn. */
  readonly history?: number;
  readonly owner?: string;
}

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function benchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trove-autobackup-bench-'));
  folders.push(folder);
  return folder;
}

/** What a system writes back of a file that was just made would be counted as what comes after it. */
function settle(path: string): void {
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

/** A store's file as it is after so much was stored, written by SQL: through the ports it would take an hour. */
export function fill(filling: Filling): string {
  const path = join(benchFolder(), 'autobackup.sqlite');
  sqliteStore({ path, owner: filling.owner ?? OWNER, nowUtc: filling.nowUtc - 30 * DAY }).close();
  const db = new Database(path);
  fillTables(db, filling);
  db.close();
  settle(path);
  return path;
}

/** With columns that every schema has. */
export function fillTables(db: Database.Database, filling: Filling): void {
  const { nowUtc, schedules, projects, slotOf, projectOf, history = 0 } = filling;
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -500000');
  db.function('slot_of', (n) => slotOf(Number(n)));
  db.function('project_of', (n) => `project-${projectOf ? projectOf(Number(n)) : Number(n) % projects}`);
  const upTo = (count: number): string =>
    `WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < ${count - 1})`;
  db.exec('BEGIN');
  db.exec(`${upTo(schedules)} INSERT INTO instances (instance_id, project_id, name, datastore_type, datastore_version,
    status, created_utc, first_seen_utc, last_seen_utc)
    SELECT printf('%08x-0000-4000-8000-%012x', n * 2654435761 % 4294967296, n), project_of(n), 'db-' || n, 'mysql', '8.0',
      'ACTIVE', ${nowUtc - 60 * DAY}, ${nowUtc - 30 * DAY}, ${nowUtc} FROM c`);
  db.prepare(
    `INSERT INTO schedules (instance_id, project_id, policy_name, policy, because, interval_ms, active, assigned_utc,
       first_slot_utc, next_slot_utc, newest_point_utc)
     SELECT instance_id, project_id, 'daily', ?, '[]', ${DAY}, 1, ${nowUtc}, ${nowUtc - 29 * DAY},
       slot_of(CAST(substr(name, 4) AS INTEGER)), ${nowUtc - DAY} FROM instances`,
  ).run(JSON.stringify(DAILY));
  if (history > 0) {
    db.exec(`INSERT INTO runs (run_id, instance_id, project_id, slot_utc, state, because, kind, kind_because, backup_id,
        claimed_utc, not_before_utc, intent_utc, ended_utc)
      WITH RECURSIVE ago(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM ago WHERE k < ${Math.ceil(history / schedules)}),
        slots(instance_id, project_id, at) AS (SELECT instance_id, project_id, ${nowUtc} - k * ${HOUR} FROM ago, instances)
      SELECT lower(hex(randomblob(16))), instance_id, project_id, at, 'completed', '{"rule":"backup-completed","params":{}}',
        'full', '{"rule":"no-chain","params":{}}', lower(hex(randomblob(16))), at, at, at, at FROM slots LIMIT ${history}`);
  }
  db.exec('COMMIT');
}

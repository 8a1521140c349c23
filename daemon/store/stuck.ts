import type { Database } from 'better-sqlite3';
import type { DurationMs, Reason } from '../../lib/core/index.ts';
import type { StuckBackup, StuckChange, StuckPort } from '../ports/stuck.ts';
import { given } from './given.ts';

type Row = Omit<StuckBackup, 'because'> & { readonly because: string };

/** So many backups of an instance tell how long they usually take. */
const LAST = 100;

export function stuckStore(db: Database): StuckPort {
  // "IN" as the index says it: only by that does SQLite see that the index has them all.
  const took = db.prepare<[string, number], { ms: DurationMs }>(
    `SELECT ended_utc - intent_utc AS ms FROM runs
     WHERE instance_id = ${given('?')} AND state IN ('completed', 'failed') AND state = 'completed' AND ended_utc > intent_utc
     ORDER BY slot_utc DESC LIMIT ${given('?')}`,
  );
  const gone = db.prepare<[string], { goneUtc: number | null }>(
    'SELECT gone_utc AS goneUtc FROM instances WHERE instance_id = ?',
  );
  const columns =
    'backup_id AS backupId, instance_id AS instanceId, project_id AS projectId, because, told_utc AS toldUtc, times';
  const ofProject = db.prepare<[string], Row>(`SELECT ${columns} FROM stuck WHERE project_id = ?`);
  const ofInstance = db.prepare<[string, string], Row>(
    `SELECT ${columns} FROM stuck WHERE project_id = ? AND instance_id = ?`,
  );
  const put = db.prepare<[Row]>(
    `INSERT INTO stuck (backup_id, instance_id, project_id, because, told_utc, times)
     VALUES (@backupId, @instanceId, @projectId, @because, @toldUtc, @times)
     ON CONFLICT DO UPDATE SET because = @because, told_utc = @toldUtc, times = @times WHERE times < @times`,
  );
  const drop = db.prepare<[string]>('DELETE FROM stuck WHERE backup_id = ?');
  const note = db.transaction(
    ({ told, over }: StuckChange): StuckChange => ({
      told: told.filter((it) => put.run({ ...it, because: JSON.stringify(it.because) }).changes > 0),
      over: over.filter(({ backupId }) => drop.run(backupId).changes > 0),
    }),
  );
  return {
    usual: async (instanceId) => ({
      tookMs: took.all(instanceId, LAST).map(({ ms }) => ms),
      isGone: typeof gone.get(instanceId)?.goneUtc === 'number',
    }),
    stuckOf: async (projectId, instanceId) => {
      const rows = instanceId === null ? ofProject.all(projectId) : ofInstance.all(projectId, instanceId);
      return rows.map((row) => ({ ...row, because: JSON.parse(row.because) as Reason }));
    },
    noteStuck: async (change) => note.immediate(change),
  };
}

import type { Database } from 'better-sqlite3';
import type { Instant, RunState } from '../../lib/core/index.ts';
import type { Overdue, ReadModelPort } from '../ports/read-model.ts';

export function readModelStore(db: Database): ReadModelPort {
  const counts = db.prepare<
    [Instant],
    { instances: number; schedules: number; unprotected: number; notes: number; oldest: Instant | null }
  >(
    `SELECT (SELECT count(*) FROM instances WHERE gone_utc IS NULL) AS instances,
       (SELECT count(*) FROM schedules WHERE active = 1) AS schedules,
       (SELECT count(*) FROM schedules WHERE active = 1 AND newest_point_utc IS NULL) AS unprotected, (SELECT count(*) FROM notes) AS notes,
       (SELECT min(next_slot_utc) FROM schedules WHERE active = 1 AND next_slot_utc <= ?) AS oldest`,
  );
  const open = db.prepare<[], { state: RunState; n: number }>(
    'SELECT state, count(*) AS n FROM runs WHERE ended_utc IS NULL GROUP BY state',
  );
  const late = db.prepare<[Instant], Overdue>(
    `SELECT instance_id AS instanceId, project_id AS projectId, newest_point_utc AS newestPointUtc FROM schedules
     WHERE active = 1 AND ? > CASE WHEN newest_point_utc IS NULL THEN first_slot_utc + min(interval_ms / 2, 3600000)
       ELSE newest_point_utc + interval_ms * 3 / 2 END`,
  );
  return {
    overview: async (nowUtc) => {
      const row = counts.get(nowUtc);
      return {
        instances: row?.instances ?? 0,
        schedules: row?.schedules ?? 0,
        unprotected: row?.unprotected ?? 0,
        notes: row?.notes ?? 0,
        openRuns: new Map(open.all().map(({ state, n }) => [state, n])),
        oldestDueUtc: row?.oldest ?? null,
      };
    },
    overdue: async (nowUtc) => late.all(nowUtc),
  };
}

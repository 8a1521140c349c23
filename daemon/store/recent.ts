import type { Database } from 'better-sqlite3';
import type { Instant, RecentRuns } from '../../lib/core/index.ts';
import { given } from './given.ts';

/** What the ledger knows of the runs of an instance before a slot. */
export function recentStore(db: Database): (instanceId: string, slotUtc: Instant) => RecentRuns {
  // "IN" as the index says it: only by that does SQLite see that the index has them all.
  const before = `instance_id = ${given('@id')} AND slot_utc < ${given('@slotUtc')} AND state IN ('completed', 'failed')`;
  const recent = db.prepare<[{ id: string; slotUtc: Instant }], RecentRuns>(
    `SELECT count(*) AS failuresInARow, max(slot_utc) AS lastFailedUtc FROM runs
     WHERE ${before} AND state = 'failed' AND slot_utc > coalesce(
       (SELECT slot_utc FROM runs WHERE ${before} AND state = 'completed' ORDER BY slot_utc DESC LIMIT 1), -1)`,
  );
  const credited = db.prepare<[{ id: string; slotUtc: Instant }]>(
    `SELECT 1 FROM runs WHERE instance_id = ${given('@id')} AND slot_utc < ${given('@slotUtc')} AND state = 'credited' AND slot_utc > coalesce(
       (SELECT slot_utc FROM runs WHERE ${before} AND state = 'completed' AND point IS NOT 'lost'
        ORDER BY slot_utc DESC LIMIT 1), -1) LIMIT 1`,
  );
  return (id, slotUtc) => {
    const runs = recent.get({ id, slotUtc }) ?? { failuresInARow: 0, lastFailedUtc: null };
    return credited.get({ id, slotUtc }) ? { ...runs, credited: true } : runs;
  };
}

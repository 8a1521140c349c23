import type { Database } from 'better-sqlite3';
import type { Instant, Reason } from '../../lib/core/index.ts';

/** Ends an instance's schedule, if it has one, and skips its run that waits for a try. For the caller's transaction. */
export function scheduleStopper(db: Database): (instanceId: string, why: Reason, nowUtc: Instant) => void {
  const deactivate = db.prepare<[string]>('UPDATE schedules SET active = 0 WHERE instance_id = ? AND active = 1');
  const skipWaiting = db.prepare<[string, Instant, string]>(
    "UPDATE runs SET state = 'skipped', because = ?, ended_utc = ? WHERE state = 'claimed' AND instance_id = ?",
  );
  return (instanceId, why, nowUtc) => {
    if (deactivate.run(instanceId).changes > 0) skipWaiting.run(JSON.stringify(why), nowUtc, instanceId);
  };
}

import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import type { Left } from '../ports/schedule.ts';
import { storedPolicy } from './stored-policy.ts';

interface Schedule {
  readonly policy: string;
  readonly newest: Instant | null;
  readonly next: Instant;
}

/** Sets a schedule's next slot sooner where no run of it is under way. For the caller's transaction; gives the slot. */
export function makeUpStore(
  db: Database,
): (instanceId: string, makeUp: (left: Left) => Instant | null) => Instant | null {
  const scheduleOf = db.prepare<[string], Schedule>(
    'SELECT policy, newest_point_utc AS newest, next_slot_utc AS next FROM schedules WHERE instance_id = ? AND active = 1',
  );
  const newestRun = db.prepare<[string], { slotUtc: Instant; ended: Instant | null }>(
    'SELECT slot_utc AS slotUtc, ended_utc AS ended FROM runs WHERE instance_id = ? ORDER BY slot_utc DESC LIMIT 1',
  );
  const hasten = db.prepare<[Instant, string]>('UPDATE schedules SET next_slot_utc = ? WHERE instance_id = ?');

  return (instanceId, makeUp) => {
    const schedule = scheduleOf.get(instanceId);
    const run = newestRun.get(instanceId);
    const policy = storedPolicy(schedule?.policy);
    if (!schedule || !run || run.ended === null || 'rule' in policy) return null;
    const { newest: newestPointUtc, next: nextSlotUtc } = schedule;
    const slotUtc = makeUp({ instanceId, policy, newestPointUtc, lastSlotUtc: run.slotUtc, nextSlotUtc });
    if (slotUtc === null || slotUtc >= nextSlotUtc) return null;
    hasten.run(slotUtc, instanceId);
    return slotUtc;
  };
}

import type { Database } from 'better-sqlite3';
import { healedSlot, type Instant, type Reason } from '../../lib/core/index.ts';
import type { Healed } from '../ports/healing.ts';
import { storedPolicy } from './stored-policy.ts';

const DAY = 86_400_000;
/** A run whose slot is older has ended long ago: what a wrong clock wrote of late is not of it. */
const OPEN_FOR_MS = 7 * DAY;

interface Row {
  readonly policy: string;
  readonly because: string;
  readonly active: 0 | 1;
  readonly interval: number;
  readonly first: Instant;
  readonly next: Instant;
}

interface At {
  readonly id: string;
  readonly nowUtc: Instant;
}

/** More rows of it are to be taken back: it is to be healed again. */
type HealedSchedule = Healed & { readonly more: boolean };

/** Why a schedule's slots begin where they do: the last of what it says of itself. */
const beginning = (because: string): Reason | null => (JSON.parse(because) as readonly Reason[]).at(-1) ?? null;

/** Heals one schedule and its runs, for the caller's transaction. At most so many rows are taken back at once. */
export function scheduleHealer(db: Database): (id: string, nowUtc: Instant, most: number) => HealedSchedule {
  const scheduleOf = db.prepare<[string], Row>(
    `SELECT policy, because, active, interval_ms AS interval, first_slot_utc AS first, next_slot_utc AS next
     FROM schedules WHERE instance_id = ?`,
  );
  // Nothing was asked for, so the slot is as good as new; what was asked for stays, or it would be asked for twice.
  const free = db.prepare<[At & { most: number }]>(
    `DELETE FROM runs WHERE run_id IN (SELECT run_id FROM runs WHERE instance_id = @id AND slot_utc > @nowUtc
       AND origin = 'scheduled' AND intent_utc IS NULL AND backup_id IS NULL AND state IN ('claimed', 'missed', 'skipped', 'expired') LIMIT @most)`,
  );
  const cut = db.prepare<[At]>(
    `UPDATE runs SET claimed_utc = min(claimed_utc, @nowUtc), intent_utc = min(intent_utc, @nowUtc),
       ended_utc = min(ended_utc, @nowUtc)
     WHERE instance_id = @id AND slot_utc > @nowUtc - ${OPEN_FOR_MS} AND (claimed_utc > @nowUtc OR intent_utc > @nowUtc OR ended_utc > @nowUtc)`,
  );
  const cutSchedule = db.prepare<[At]>(
    `UPDATE schedules SET assigned_utc = min(assigned_utc, @nowUtc), newest_point_utc = min(newest_point_utc, @nowUtc)
     WHERE instance_id = @id AND (assigned_utc > @nowUtc OR newest_point_utc > @nowUtc)`,
  );
  const lastSlot = db.prepare<[At], { at: Instant | null }>(
    "SELECT max(slot_utc) AS at FROM runs WHERE instance_id = @id AND slot_utc <= @nowUtc AND origin = 'scheduled'",
  );
  const move = db.prepare<[{ id: string; slotUtc: Instant; isFirst: 0 | 1 }]>(
    `UPDATE schedules SET next_slot_utc = @slotUtc,
       first_slot_utc = CASE @isFirst WHEN 1 THEN @slotUtc ELSE min(first_slot_utc, @slotUtc) END
     WHERE instance_id = @id`,
  );
  /** A run that would wait past its next slot was put off by a wrong time. */
  const hasten = db.prepare<[At]>(
    `UPDATE runs SET not_before_utc = @nowUtc WHERE state = 'claimed' AND instance_id = @id AND not_before_utc > @nowUtc
       AND (origin = 'on_demand' OR not_before_utc > (SELECT next_slot_utc FROM schedules WHERE instance_id = @id))`,
  );

  function rightSlot(at: At, row: Row, lastUtc: Instant | null, isFirst: boolean, freed: boolean): Instant | null {
    const { id: instanceId, nowUtc } = at;
    const policy = storedPolicy(row.policy);
    // A policy that cannot be gone by has a slot a day, which tells what is wrong with it.
    const daily = row.next - nowUtc > DAY ? nowUtc : null;
    if ('rule' in policy) return daily;
    const begins = isFirst ? beginning(row.because) : null;
    try {
      return healedSlot({ policy, instanceId, nextUtc: row.next, begins, lastUtc, freed, nowUtc });
    } catch {
      return daily;
    }
  }

  function moveBack(at: At, row: Row, freed: boolean): boolean {
    if (!freed && row.next - at.nowUtc <= row.interval) return false;
    const lastUtc = lastSlot.get(at)?.at ?? null;
    const isFirst = row.next === row.first || (lastUtc === null && row.first > at.nowUtc);
    const slotUtc = rightSlot(at, row, lastUtc, isFirst, freed);
    if (slotUtc !== null) move.run({ id: at.id, slotUtc, isFirst: isFirst ? 1 : 0 });
    return slotUtc !== null;
  }

  return (id, nowUtc, most) => {
    const at = { id, nowUtc };
    const slots = free.run({ ...at, most }).changes;
    const healed = { schedules: 0, slots, times: 0, more: slots === most };
    const row = scheduleOf.get(id);
    if (!row || healed.more) return healed;
    const moved = row.active === 1 && moveBack(at, row, slots > 0);
    const times = cut.run(at).changes + cutSchedule.run(at).changes + hasten.run(at).changes;
    return { ...healed, schedules: Number(moved), times };
  };
}

import type { Database } from 'better-sqlite3';
import type { DurationMs, Instant } from '../../lib/core/index.ts';
import type { HealedPage, HealedStore, HealingPort } from '../ports/healing.ts';
import type { Birth } from './birth.ts';
import { scheduleHealer } from './heal-schedule.ts';
import { runIdTime } from './run-id.ts';

/** Schedules that one transaction goes over, and rows that it may write, so that no other work waits long for it. */
const PAGE = 100;
/** A store that was made in this life is as old as this life is: apart by more, its birth was told wrong. */
const BIRTH_APART_MS = 60_000;

export function healingStore(db: Database, birth: Birth): HealingPort {
  const claimedAfter = db.prepare<[string], { any: 0 | 1 }>(
    'SELECT EXISTS (SELECT 1 FROM runs WHERE run_id > ?) AS any',
  );
  const gone = db.prepare<[{ nowUtc: Instant }]>('UPDATE instances SET gone_utc = @nowUtc WHERE gone_utc > @nowUtc');
  const bare = db.prepare<[{ nowUtc: Instant }]>('UPDATE instances SET bare_utc = @nowUtc WHERE bare_utc > @nowUtc');
  const deletions = db.prepare<[{ nowUtc: Instant }]>(
    'UPDATE deletions SET intent_utc = @nowUtc WHERE ended_utc IS NULL AND intent_utc > @nowUtc',
  );
  const departures = db.prepare<[{ nowUtc: Instant }]>(
    'UPDATE departures SET asked_utc = @nowUtc WHERE asked_utc > @nowUtc',
  );
  const marks = db.prepare<[{ nowUtc: Instant }]>('UPDATE marks SET marked_utc = @nowUtc WHERE marked_utc > @nowUtc');
  const stood = db.prepare<[{ nowUtc: Instant }]>(
    'UPDATE OR REPLACE standstills SET from_utc = @nowUtc WHERE from_utc > @nowUtc',
  );
  // A pause ends when its owner said.
  const stopped = db.prepare<[{ nowUtc: Instant }]>(
    "UPDATE standstills SET to_utc = @nowUtc WHERE kind = 'stopped' AND to_utc > @nowUtc",
  );
  const out = db.prepare<[{ nowUtc: Instant }]>(
    `UPDATE runs SET intent_utc = @nowUtc
     WHERE ended_utc IS NULL AND state IN ('intent', 'unknown', 'running') AND intent_utc > @nowUtc`,
  );
  const page = db.prepare<[string, number], { id: string }>(
    'SELECT instance_id AS id FROM schedules WHERE instance_id > ? ORDER BY instance_id LIMIT ?',
  );
  const heal = scheduleHealer(db);

  const healStore = db.transaction((nowUtc: Instant, aliveMs: DurationMs): HealedStore => {
    const claimedAhead = claimedAfter.get(runIdTime(nowUtc + 1))?.any === 1;
    const setAhead = birth.assignedUtc() > nowUtc;
    const times = [gone, bare, deletions, departures, marks, stood, stopped, out].reduce(
      (sum, statement) => sum + statement.run({ nowUtc }).changes,
      0,
    );
    const bornUtc = birth.isNew ? nowUtc - aliveMs : nowUtc;
    const reborn = birth.bornUtc() > nowUtc || (birth.isNew && Math.abs(birth.bornUtc() - bornUtc) > BIRTH_APART_MS);
    if (reborn) birth.bear(bornUtc);
    if (setAhead) birth.assigned(nowUtc);
    return { schedules: 0, slots: 0, times: times + Number(reborn), wasAhead: claimedAhead || setAhead || times > 0 };
  });

  const healPage = db.transaction((after: string, nowUtc: Instant): HealedPage => {
    const sum = { schedules: 0, slots: 0, times: 0 };
    const ids = page.all(after, PAGE);
    let last = after;
    for (const { id } of ids) {
      const { schedules, slots, times, more } = heal(id, nowUtc, PAGE);
      sum.schedules += schedules;
      sum.slots += slots;
      sum.times += times;
      if (more) return { ...sum, next: last };
      last = id;
      if (sum.slots + sum.times >= PAGE) return { ...sum, next: last };
    }
    return { ...sum, next: ids.length < PAGE ? null : last };
  });

  return {
    healStore: async (nowUtc, aliveMs) => healStore.immediate(nowUtc, aliveMs),
    healSchedules: async (after, nowUtc) => healPage.immediate(after ?? '', nowUtc),
  };
}

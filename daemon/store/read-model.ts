import type { Database } from 'better-sqlite3';
import { type EndState, type Instant, type LastRun, OPEN_STATES } from '../../lib/core/index.ts';
import type { Overdue, ReadModelPort } from '../ports/read-model.ts';

const END_STATES: readonly EndState[] = ['completed', 'failed', 'skipped', 'missed', 'expired', 'aborted'];

const some = <S extends string>(names: readonly S[], kept: ReadonlyMap<string, number>): ReadonlyMap<S, number> =>
  new Map(names.map((name) => [name, kept.get(name) ?? 0] as const).filter(([, n]) => n > 0));

type Row = Omit<Overdue, 'lastRun'> & { readonly lastRun: string | null };

export function readModelStore(db: Database): ReadModelPort {
  const tallies = db.prepare<[], { name: string; n: number }>('SELECT name, n FROM tallies');
  const notes = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM notes');
  const oldest = db.prepare<[Instant], { at: Instant | null }>(
    'SELECT min(due_utc) AS at FROM queues WHERE due_utc <= ?',
  );
  const late = db.prepare<[Instant], Row>(
    `SELECT instance_id AS instanceId, project_id AS projectId, interval_ms AS intervalMs, first_slot_utc AS firstSlotUtc,
       newest_point_utc AS newestPointUtc, (SELECT json_object('slotUtc', slot_utc, 'state', state, 'because', json(because))
         FROM runs r WHERE r.instance_id = s.instance_id ORDER BY slot_utc DESC LIMIT 1) AS lastRun FROM schedules s
     WHERE active = 1 AND ? > CASE WHEN newest_point_utc IS NULL THEN first_slot_utc + min(interval_ms / 2, 3600000)
       ELSE newest_point_utc + interval_ms * 3 / 2 END`,
  );
  const active = db.prepare<[string], { id: string }>(
    'SELECT instance_id AS id FROM schedules WHERE active = 1 AND instance_id IN (SELECT value FROM json_each(?))',
  );
  return {
    overview: async (nowUtc) => {
      const kept = new Map(tallies.all().map(({ name, n }) => [name, n]));
      return {
        instances: kept.get('instances') ?? 0,
        schedules: kept.get('schedules') ?? 0,
        unprotected: kept.get('unprotected') ?? 0,
        notes: notes.get()?.n ?? 0,
        openRuns: some(OPEN_STATES, kept),
        endedRuns: some(END_STATES, kept),
        oldestDueUtc: oldest.get(nowUtc)?.at ?? null,
      };
    },
    overdue: async (nowUtc) =>
      late.all(nowUtc).map(({ lastRun, ...row }) => ({
        ...row,
        lastRun: lastRun === null ? null : (JSON.parse(lastRun) as LastRun),
      })),
    scheduled: async (instanceIds) => new Set(active.all(JSON.stringify(instanceIds)).map(({ id }) => id)),
  };
}

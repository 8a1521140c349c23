import type { Database } from 'better-sqlite3';
import { type EndState, type Instant, OPEN_STATES } from '../../lib/core/index.ts';
import type { ReadModelPort } from '../ports/read-model.ts';
import { protectionStore } from './protection.ts';

const END_STATES: readonly EndState[] = ['completed', 'failed', 'skipped', 'credited', 'missed', 'expired', 'aborted'];

const some = <S extends string>(names: readonly S[], kept: ReadonlyMap<string, number>): ReadonlyMap<S, number> =>
  new Map(names.map((name) => [name, kept.get(name) ?? 0] as const).filter(([, n]) => n > 0));

export function readModelStore(db: Database): ReadModelPort {
  const tallies = db.prepare<[], { name: string; n: number }>('SELECT name, n FROM tallies');
  const notes = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM notes');
  const oldest = db.prepare<[Instant], { at: Instant | null }>(
    'SELECT min(due_utc) AS at FROM queues WHERE due_utc <= ?',
  );
  const stuck = db.prepare<[], { n: number }>(
    'SELECT count(*) AS n FROM stuck s JOIN instances i ON i.instance_id = s.instance_id WHERE i.gone_utc IS NULL',
  );
  const news = protectionStore(db);
  return {
    overview: async (nowUtc) => {
      const kept = new Map(tallies.all().map(({ name, n }) => [name, n]));
      return {
        instances: kept.get('instances') ?? 0,
        schedules: kept.get('schedules') ?? 0,
        unprotected: kept.get('unprotected') ?? 0,
        notes: notes.get()?.n ?? 0,
        stuck: stuck.get()?.n ?? 0,
        openRuns: some(OPEN_STATES, kept),
        endedRuns: some(END_STATES, kept),
        oldestDueUtc: oldest.get(nowUtc)?.at ?? null,
      };
    },
    protection: async (nowUtc, atMost) => news(nowUtc, atMost),
  };
}

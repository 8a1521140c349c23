import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import type { Caps } from '../ports/schedule.ts';

/** What the caps leave at one moment. */
export interface Room {
  total(): number;
  of(projectId: string): number;
  take(projectId: string): void;
  /** How many projects hold a place or have a run to try: none but these can be full. */
  readonly busyProjects: number;
}

/**
 * A request whose answer was lost may still be carried out for about so long, all of them at once when Trove's bus comes
 * back; after that it holds no place. A backup that runs far longer is stuck, and would hold its place for ever.
 */
const UNKNOWN_HOLDS_MS = 15 * 60_000;
const RUNNING_HOLDS_MS = 12 * 3_600_000;

/** Rows `project_id` of the runs that take a place. Its two parameters are what `placeSince` gives. */
export const PLACES = `SELECT project_id FROM runs WHERE ended_utc IS NULL AND state = 'intent'
  UNION ALL SELECT project_id FROM runs WHERE ended_utc IS NULL AND state = 'unknown' AND intent_utc > ?
  UNION ALL SELECT project_id FROM runs WHERE ended_utc IS NULL AND state = 'running' AND intent_utc > ?`;
export const placeSince = (nowUtc: Instant): [Instant, Instant] => [
  nowUtc - UNKNOWN_HOLDS_MS,
  nowUtc - RUNNING_HOLDS_MS,
];

/**
 * What the caps leave, for the caller's transaction. A run that waits for its instance holds no place. Of the runs that
 * are ready to be tried one a project counts, since one a project is tried at a time. However many wait, no more is read
 * than the caps allow.
 */
export function roomStore(db: Database): (caps: Caps, nowUtc: Instant) => Room {
  const taken = db.prepare<[Instant, Instant], { project_id: string; n: number }>(
    `SELECT project_id, count(*) AS n FROM (${PLACES}) GROUP BY project_id`,
  );
  const readyProjects = db.prepare<[Instant, number], { project_id: string }>(
    'SELECT project_id FROM queues WHERE ready_utc <= ? LIMIT ?',
  );
  const readyRuns = db.prepare<[string, Instant, number], { n: number }>(
    `SELECT count(*) AS n FROM
       (SELECT 1 FROM runs WHERE state = 'claimed' AND project_id = ? AND not_before_utc <= ? LIMIT ?)`,
  );

  return (caps, nowUtc) => {
    const held = new Map(taken.all(...placeSince(nowUtc)).map(({ project_id, n }) => [project_id, n]));
    const ready = readyProjects.all(nowUtc, caps.concurrent);
    let total = caps.concurrent - ready.length - [...held.values()].reduce((sum, n) => sum + n, 0);
    const active = new Map<string, number>();
    const activeOf = (projectId: string): number => {
      const known = active.get(projectId);
      if (known !== undefined) return known;
      const waiting = readyRuns.get(projectId, nowUtc, caps.perProject)?.n ?? 0;
      const sum = (held.get(projectId) ?? 0) + waiting;
      active.set(projectId, sum);
      return sum;
    };
    return {
      total: () => total,
      of: (projectId) => Math.max(0, Math.min(total, caps.perProject - activeOf(projectId))),
      take: (projectId) => {
        active.set(projectId, activeOf(projectId) + 1);
        total--;
      },
      busyProjects: held.size + ready.length,
    };
  };
}

import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import type { Caps } from '../ports/schedule.ts';

export interface Room {
  total(): number;
  fullProjects(): readonly string[];
  fits(projectId: string): boolean;
  take(projectId: string): void;
}

/**
 * A request whose answer was lost may still be carried out for about so long, all of them at once when Trove's bus comes
 * back; after that it holds no place. A backup that runs far longer is stuck, and would hold its place for ever.
 */
const UNKNOWN_HOLDS_MS = 15 * 60_000;
const RUNNING_HOLDS_MS = 12 * 3_600_000;

/** A condition of SQL on `runs`: it takes a place. Its two parameters are what `placeSince` gives. */
export const TAKES_PLACE = `(state = 'intent' OR (state = 'unknown' AND intent_utc > ?) OR (state = 'running' AND intent_utc > ?))`;
export const placeSince = (nowUtc: Instant): [Instant, Instant] => [
  nowUtc - UNKNOWN_HOLDS_MS,
  nowUtc - RUNNING_HOLDS_MS,
];

/**
 * What the caps leave, counted inside the caller's transaction. A run that waits for its instance holds none. Of the runs
 * that are ready to be tried one a project counts, since one a project is tried at a time.
 */
export function capacity(db: Database, caps: Caps, nowUtc: Instant): Room {
  const rows = db
    .prepare<[Instant, Instant, Instant], { project_id: string; taken: number; ready: number }>(
      `SELECT project_id, count(*) FILTER (WHERE ${TAKES_PLACE}) AS taken,
         count(*) FILTER (WHERE state = 'claimed' AND not_before_utc <= ?) AS ready
       FROM runs WHERE ended_utc IS NULL GROUP BY project_id`,
    )
    .all(...placeSince(nowUtc), nowUtc);
  const active = new Map(rows.map(({ project_id, taken, ready }) => [project_id, taken + ready]));
  let total = caps.concurrent - rows.reduce((sum, { taken, ready }) => sum + taken + Math.min(ready, 1), 0);
  const fits = (projectId: string): boolean => total > 0 && (active.get(projectId) ?? 0) < caps.perProject;
  return {
    total: () => total,
    fullProjects: () => [...active].filter(([, n]) => n >= caps.perProject).map(([projectId]) => projectId),
    fits,
    take: (projectId) => {
      total--;
      active.set(projectId, (active.get(projectId) ?? 0) + 1);
    },
  };
}

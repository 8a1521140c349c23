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
 * What the caps leave, counted inside the caller's transaction. A run that waits for its instance and one whose
 * answer was lost hold no place: they would idle the cap for hours.
 */
export function capacity(db: Database, caps: Caps, nowUtc: Instant): Room {
  const rows = db
    .prepare<[Instant], { project_id: string; n: number }>(
      `SELECT project_id, count(*) AS n FROM runs
       WHERE ended_utc IS NULL AND (state IN ('intent', 'running') OR (state = 'claimed' AND not_before_utc <= ?))
       GROUP BY project_id`,
    )
    .all(nowUtc);
  const active = new Map(rows.map(({ project_id, n }) => [project_id, n]));
  let total = caps.concurrent - rows.reduce((sum, { n }) => sum + n, 0);
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

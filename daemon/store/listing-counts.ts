import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import type { Counts, RegionView, Scope } from '../ports/listing.ts';

/** Each project by an index, whether it is one or all: no table is read from end to end. */
export const OF_PROJECTS = 'FROM project_tallies t CROSS JOIN listing l ON l.project_id = t.project_id WHERE';
export const scoped = (scope: Scope): string => (scope === null ? '' : 't.project_id = @projectId AND');
export const IS_LATE = 'l.late_utc < @nowUtc AND l.late_utc IS NOT NULL';
const IS_PAUSED = 'l.paused_until_utc > @nowUtc AND l.paused_until_utc IS NOT NULL';

export interface At {
  readonly projectId: Scope;
  readonly nowUtc: Instant;
}
interface Tally {
  readonly projectId: string;
  readonly instances: number;
  readonly active: number;
  readonly pointless: number;
}
interface PausedTally {
  readonly projectId: string;
  readonly paused: number;
  readonly late: number;
  readonly pointless: number;
}
type ProjectCounts = Omit<RegionView['projects'][number], 'oldestPointUtc'>;

const NONE: Counts = { protected: 0, late: 0, unprotected: 0, paused: 0, excluded: 0 };
export const sumOf = (all: readonly Counts[]): Counts =>
  all.reduce(
    (a, b) => ({
      protected: a.protected + b.protected,
      late: a.late + b.late,
      unprotected: a.unprotected + b.unprotected,
      paused: a.paused + b.paused,
      excluded: a.excluded + b.excluded,
    }),
    NONE,
  );

/** How many instances of each project are in which state. A statement is of one project or of all. */
export function countsStore(db: Database, scope: Scope): (at: At) => readonly ProjectCounts[] {
  const where = scope === null ? '' : 'WHERE project_id = @projectId';
  const tallies = db.prepare<[At], Tally>(
    `SELECT project_id AS projectId, instances, active, pointless FROM project_tallies t ${where} ORDER BY project_id`,
  );
  const late = db.prepare<[At], { projectId: string; n: number }>(
    `SELECT t.project_id AS projectId, count(*) AS n ${OF_PROJECTS} ${scoped(scope)} ${IS_LATE} GROUP BY t.project_id`,
  );
  const paused = db.prepare<[At], PausedTally>(
    `SELECT t.project_id AS projectId, count(*) AS paused, total(l.late_utc < @nowUtc) AS late,
       total(l.newest_point_utc IS NULL) AS pointless
     ${OF_PROJECTS} ${scoped(scope)} ${IS_PAUSED} AND l.is_active = 1 GROUP BY t.project_id`,
  );
  return (at) => {
    const lateOf = new Map(late.all(at).map(({ projectId, n }) => [projectId, n]));
    const pausedOf = new Map(paused.all(at).map((row) => [row.projectId, row]));
    return tallies.all(at).map(({ projectId, instances, active, pointless }) => {
      const still = pausedOf.get(projectId) ?? { paused: 0, late: 0, pointless: 0 };
      const lates = (lateOf.get(projectId) ?? 0) - still.late;
      const unprotected = pointless - still.pointless;
      const rest = active - still.paused - lates - unprotected;
      const counts = { protected: rest, late: lates, unprotected, paused: still.paused, excluded: instances - active };
      return { projectId, instances, counts };
    });
  };
}

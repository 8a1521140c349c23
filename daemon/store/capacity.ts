import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import type { Caps, ReadyRequest } from '../ports/schedule.ts';
import { given } from './given.ts';

/** What the caps leave at one moment. */
export interface Room {
  total(): number;
  of(projectId: string): number;
  take(projectId: string): void;
  /** How many projects hold a place or have a run to try: none but these can be full. */
  readonly busyProjects: number;
}

/** What the caps leave for tries: beside the places that are held, and the tries that are under way. */
export interface Openings {
  readonly total: number;
  isFull(projectId: string): boolean;
  /** How many projects may be full. */
  readonly busyProjects: number;
}

/**
 * A request whose answer was lost may still be carried out for about so long, all of them at once when Trove's bus comes
 * back; after that it holds no place. A backup that is stuck would hold its place for ever, also one of which nobody can
 * see that it is; so would one whose instance is gone.
 */
const UNKNOWN_HOLDS_MS = 15 * 60_000;
const RUNNING_HOLDS_MS = 12 * 3_600_000;

/** Rows `project_id` of the runs that take a place. Its two parameters are what `placeSince` gives. */
export const PLACES = `SELECT project_id FROM runs WHERE ended_utc IS NULL AND state = 'intent'
  UNION ALL SELECT project_id FROM runs WHERE ended_utc IS NULL AND state = 'unknown' AND intent_utc > ?
  UNION ALL SELECT project_id FROM runs WHERE ended_utc IS NULL AND state = 'running' AND intent_utc > ?
    AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.instance_id = runs.instance_id AND i.gone_utc IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM stuck s WHERE s.backup_id = runs.backup_id)`;
export const placeSince = (nowUtc: Instant): [Instant, Instant] => [
  nowUtc - UNKNOWN_HOLDS_MS,
  nowUtc - RUNNING_HOLDS_MS,
];

type Held = (nowUtc: Instant) => ReadonlyMap<string, number>;

/** How many places each project holds. */
function heldStore(db: Database): Held {
  const taken = db.prepare<[Instant, Instant], { project_id: string; n: number }>(
    `SELECT project_id, count(*) AS n FROM (${PLACES}) GROUP BY project_id`,
  );
  return (nowUtc) => new Map(taken.all(...placeSince(nowUtc)).map(({ project_id, n }) => [project_id, n]));
}

const sum = (held: ReadonlyMap<string, number>): number => [...held.values()].reduce((all, n) => all + n, 0);

export function openingsStore(db: Database): (request: ReadyRequest) => Openings {
  const heldBy = heldStore(db);
  const withoutIntent = db.prepare<[string], { n: number }>(
    "SELECT count(*) AS n FROM runs WHERE state = 'claimed' AND run_id IN (SELECT value FROM json_each(?))",
  );
  return ({ nowUtc, caps, trying }) => {
    const held = heldBy(nowUtc);
    return {
      total: caps.concurrent - sum(held) - (withoutIntent.get(JSON.stringify(trying))?.n ?? 0),
      isFull: (projectId) => (held.get(projectId) ?? 0) >= caps.perProject,
      busyProjects: held.size,
    };
  };
}

/**
 * What the caps leave, for the caller's transaction. A run that waits for its instance holds no place. Of the runs that
 * are ready to be tried one a project counts, since one a project is tried at a time, and none of a project that is full.
 * However many wait, no more is read than the caps allow.
 */
export function roomStore(db: Database): (caps: Caps, nowUtc: Instant) => Room {
  const heldBy = heldStore(db);
  const readyProjects = db.prepare<[Instant, number], { project_id: string }>(
    `SELECT project_id FROM queues WHERE ready_utc <= ${given('?')} LIMIT ${given('?')}`,
  );
  const readyRuns = db.prepare<[string, Instant, number], { n: number }>(
    `SELECT count(*) AS n FROM
       (SELECT 1 FROM runs WHERE state = 'claimed' AND project_id = ${given('?')} AND not_before_utc <= ${given('?')} LIMIT ${given('?')})`,
  );

  return (caps, nowUtc) => {
    const held = heldBy(nowUtc);
    const most = caps.concurrent + held.size;
    const ready = readyProjects.all(nowUtc, most);
    const goOn = ready.filter(({ project_id }) => (held.get(project_id) ?? 0) < caps.perProject).length;
    let total = caps.concurrent - goOn - sum(held);
    const active = new Map<string, number>();
    const isReady = new Set(ready.map(({ project_id }) => project_id));
    const activeOf = (projectId: string): number => {
      const known = active.get(projectId);
      if (known !== undefined) return known;
      const waits = isReady.has(projectId) || ready.length === most;
      const waiting = waits ? (readyRuns.get(projectId, nowUtc, caps.perProject)?.n ?? 0) : 0;
      const all = (held.get(projectId) ?? 0) + waiting;
      active.set(projectId, all);
      return all;
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

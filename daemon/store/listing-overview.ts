import type { Database } from 'better-sqlite3';
import { because, type Instant, type Reason } from '../../lib/core/index.ts';
import type { RegionView, Scope, ScopeOverview } from '../ports/listing.ts';
import { type At, countsStore, IS_LATE, OF_PROJECTS, scoped, sumOf } from './listing-counts.ts';
import { namesStore } from './listing-names.ts';
import { type Listed, readReason } from './listing-rows.ts';
import { remembering, startsStore } from './listing-starts.ts';

const DAY = 86_400_000;
const DAYS = 7;
/** How many are shown of each. */
const [ATTENTION, OLDEST, SHORT] = [20, 10, 100];
const NOT_PAUSED = '(l.paused_until_utc IS NULL OR l.paused_until_utc <= @nowUtc)';
const IS_POINTLESS = 'l.is_active = 1 AND l.newest_point_utc IS NULL';

/** Those that are without a point though their first slot has passed, those that are late, then those that are new. */
function attentionStore(db: Database, scope: Scope): (at: At) => readonly string[] {
  const read = (where: string, order: string) =>
    db
      .prepare<[At], string>(
        `SELECT l.instance_id ${OF_PROJECTS} ${scoped(scope)} ${where} AND ${NOT_PAUSED} ORDER BY ${order} LIMIT ${ATTENTION}`,
      )
      .pluck();
  const parts = [
    read(`${IS_POINTLESS} AND l.first_slot_utc <= @nowUtc`, 'l.first_slot_utc'),
    read(IS_LATE, 'l.late_utc'),
    read(`${IS_POINTLESS} AND l.first_slot_utc > @nowUtc`, 'l.first_slot_utc'),
  ];
  return (at) => {
    const ids: string[] = [];
    for (const part of parts) if (ids.length < ATTENTION) ids.push(...part.all(at));
    return ids.slice(0, ATTENTION);
  };
}

function failuresStore(db: Database, scope: Scope): (at: At) => readonly { because: Reason; runs: number }[] {
  const rows = db.prepare<[{ projectId: Scope; day: number }], { because: string | null; runs: number; day: number }>(
    `SELECT f.because, sum(f.runs) AS runs, max(f.day) AS day
     FROM project_tallies t CROSS JOIN failures f ON f.project_id = t.project_id
     WHERE ${scoped(scope)} f.day > @day AND f.runs > 0 GROUP BY f.rule ORDER BY runs DESC, f.rule`,
  );
  return ({ projectId, nowUtc }) =>
    rows.all({ projectId, day: Math.floor(nowUtc / DAY) - DAYS }).map(({ because: text, runs }) => ({
      because: readReason(text) ?? because('backup-failed', { status: 'FAILED' }),
      runs,
    }));
}

type Read = (at: At) => ScopeOverview;

function overviewOf(db: Database, scope: Scope, listed: Listed): Read {
  const counts = countsStore(db, scope);
  const attention = attentionStore(db, scope);
  const order = scope === null ? 'listing_all_by_point' : 'listing_by_point';
  const oldest = db
    .prepare<[At], string>(
      `SELECT instance_id FROM listing INDEXED BY ${order} WHERE ${scope === null ? '' : 'project_id = @projectId AND'}
       is_gone = 0 AND newest_point_utc IS NOT NULL AND is_active = 1 ORDER BY newest_point_utc, instance_id LIMIT ${OLDEST}`,
    )
    .pluck();
  const starts = remembering(startsStore(db, scope, 24));
  const failures = failuresStore(db, scope);
  const short = db.prepare<[At], { projectId: string; told: string }>(
    `SELECT project_id AS projectId, told FROM outlooks WHERE is_short = 1 AND told IS NOT NULL
     ${scope === null ? '' : 'AND project_id = @projectId'} ORDER BY project_id LIMIT ${SHORT}`,
  );
  const [datastores, policies] = [namesStore(db, 'datastore'), namesStore(db, 'policy')];
  return (at) => {
    const projects = counts(at);
    const ofEach = (names: (projectId: string) => readonly string[]): readonly string[] =>
      [...new Set(projects.flatMap(({ projectId, instances }) => (instances > 0 ? names(projectId) : [])))].sort();
    return {
      instances: projects.reduce((n, { instances }) => n + instances, 0),
      counts: sumOf(projects.map((project) => project.counts)),
      attention: listed(attention(at), at.nowUtc),
      oldest: listed(oldest.all(at), at.nowUtc),
      starts: starts(at),
      failures: failures(at),
      short: short.all(at).flatMap(({ projectId, told }) => {
        const reason = readReason(told);
        return reason ? [{ projectId, because: reason }] : [];
      }),
      datastores: ofEach(datastores),
      policies: ofEach(policies),
    };
  };
}

export function overviewStore(db: Database, listed: Listed): (scope: Scope, nowUtc: Instant) => ScopeOverview {
  const [ofAll, ofOne] = [overviewOf(db, null, listed), overviewOf(db, 'one', listed)];
  return (scope, nowUtc) => (scope === null ? ofAll : ofOne)({ projectId: scope, nowUtc });
}

export function regionStore(db: Database): (nowUtc: Instant) => RegionView {
  const counts = countsStore(db, null);
  const oldest = db.prepare<[], { projectId: string; at: Instant | null }>(
    `SELECT project_id AS projectId, (SELECT min(newest_point_utc) FROM listing l WHERE l.project_id = t.project_id
       AND l.is_gone = 0 AND l.is_active = 1 AND l.newest_point_utc IS NOT NULL) AS at FROM project_tallies t`,
  );
  const starts = remembering(startsStore(db, null, 7 * 24));
  return (nowUtc) => {
    const at = { projectId: null, nowUtc };
    const oldestOf = new Map(oldest.all().map((row) => [row.projectId, row.at]));
    const projects = counts(at)
      .filter(({ instances }) => instances > 0)
      .map((project) => ({ ...project, oldestPointUtc: oldestOf.get(project.projectId) ?? null }));
    return { projects, starts: starts(at) };
  };
}

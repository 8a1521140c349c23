import type { Database, Statement } from 'better-sqlite3';
import { type Instant, OPEN_STATES, type RunState } from '../../lib/core/index.ts';
import type { ListedRun, Page, RunsQuery, Scope } from '../ports/listing.ts';
import { readReason } from './listing-rows.ts';

/** The history of runs, the newest slot first. A slot never changes, so the id of a run is marker enough. */
type Row = Omit<ListedRun, 'because' | 'kindBecause'> & { because: string | null; kindBecause: string | null };
type Parameters = Readonly<Record<string, string | number | null>>;

/** Of a credited slot `intent_utc` is when the user's own backup was begun: nothing was asked for. */
const RUN = `SELECT r.run_id AS id, r.instance_id AS instanceId, r.project_id AS projectId, r.origin, r.slot_utc AS slotUtc,
    r.state, r.because, r.kind, r.kind_because AS kindBecause, r.backup_id AS backupId, r.parent_id AS parentId,
    CASE WHEN r.state <> 'credited' THEN r.intent_utc END AS askedUtc, r.ended_utc AS endedUtc,
    d.requested_by AS requestedBy, d.note, d.keep_ms AS keepMs FROM runs r`;
const DEMAND = 'LEFT JOIN demands d ON d.run_id = r.run_id';

/** In an index of their own: all ends but `completed`. */
const AMISS = ['failed', 'skipped', 'credited', 'missed', 'expired', 'aborted'] as const satisfies readonly RunState[];
const isAmiss = (state: RunState | null): boolean => AMISS.some((it) => it === state);
const isOpen = (state: RunState | null): boolean => OPEN_STATES.some((it) => it === state);

/** By which index. What filters besides is kept from being one with `+`. */
function indexOf({ instanceId, state, origin, scope }: RunsQuery): string {
  if (instanceId !== null) return '';
  if (isOpen(state)) return 'INDEXED BY runs_out';
  const ofAll = scope === null ? '_of_all' : '';
  if (isAmiss(state)) return `INDEXED BY runs_amiss${ofAll}`;
  if (origin === 'on_demand') return `INDEXED BY runs_demanded${ofAll}`;
  return scope === null ? 'INDEXED BY runs_of_all' : 'INDEXED BY runs_of_project';
}

function sqlOf(query: RunsQuery): string {
  const { instanceId, state, origin, scope, marker } = query;
  const where = [
    instanceId !== null && 'r.instance_id = @instanceId',
    scope !== null && (instanceId === null ? 'r.project_id = @projectId' : '+r.project_id = @projectId'),
    'r.slot_utc >= @sinceUtc AND r.slot_utc < @untilUtc',
    marker !== null && '(r.slot_utc, r.run_id) < (@slotUtc, @id)',
    isOpen(state) && 'r.ended_utc IS NULL AND r.state = @state',
    isAmiss(state) && `r.state IN (${AMISS.map((it) => `'${it}'`).join(', ')})`,
    state !== null && '+r.state = @state',
    origin !== null && (origin === 'on_demand' ? "r.origin = 'on_demand'" : "+r.origin = 'scheduled'"),
  ].filter((term) => term !== false);
  return `${RUN} ${indexOf(query)} ${DEMAND} WHERE ${where.join(' AND ')}
    ORDER BY r.slot_utc DESC, r.run_id DESC LIMIT @limit OFFSET @skip`;
}

const toRun = (row: Row): ListedRun => ({
  ...row,
  because: readReason(row.because),
  kindBecause: readReason(row.kindBecause),
});

export interface RunsStore {
  page(query: RunsQuery): Page<ListedRun> | null;
  one(id: string, scope: Scope): ListedRun | null;
  /** Whether there are more than so many. */
  exceed(query: RunsQuery, most: number): boolean;
}

export function runsStore(db: Database): RunsStore {
  const prepared = new Map<string, Statement<[Parameters], Row>>();
  const one = db.prepare<[string], Row>(`${RUN} ${DEMAND} WHERE r.run_id = ?`);
  const slotOf = db.prepare<[{ id: string; scope: Scope }], { slotUtc: Instant }>(
    'SELECT slot_utc AS slotUtc FROM runs WHERE run_id = @id AND (@scope IS NULL OR project_id = @scope)',
  );

  function read(query: RunsQuery, limit: number, skip: number): readonly Row[] | null {
    const { scope, instanceId, state, marker, sinceUtc, untilUtc } = query;
    const from = marker === null ? undefined : slotOf.get({ id: marker, scope });
    if (marker !== null && !from) return null;
    const sql = sqlOf(query);
    const statement = prepared.get(sql) ?? db.prepare<[Parameters], Row>(sql);
    prepared.set(sql, statement);
    const times = { sinceUtc: sinceUtc ?? 0, untilUtc: untilUtc ?? Number.MAX_SAFE_INTEGER };
    const at = { slotUtc: from?.slotUtc ?? null, id: marker };
    return statement.all({ ...at, ...times, projectId: scope, instanceId, state, limit, skip });
  }

  return {
    page(query) {
      const rows = read(query, query.limit + 1, 0);
      if (!rows) return null;
      const next = rows.length > query.limit ? (rows[query.limit - 1]?.id ?? null) : null;
      return { rows: rows.slice(0, query.limit).map(toRun), next };
    },
    one(id, scope) {
      const row = one.get(id);
      return row && (scope === null || scope === row.projectId) ? toRun(row) : null;
    },
    exceed: (query, most) => (read(query, 1, most)?.length ?? 0) > 0,
  };
}

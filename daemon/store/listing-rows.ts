import type { Database } from 'better-sqlite3';
import {
  because,
  type DurationMs,
  type Instance,
  type Instant,
  type LastRun,
  type Protectable,
  protection,
  type Reason,
  type RunState,
} from '../../lib/core/index.ts';
import type { ListedInstance, Scope } from '../ports/listing.ts';
import type { Pause } from '../ports/standstills.ts';
import { given } from './given.ts';

interface Row extends Omit<Instance, 'datastore'> {
  readonly type: string;
  readonly version: string;
  readonly goneUtc: Instant | null;
  readonly excluded: string | null;
  readonly policy: string | null;
  readonly isActive: 0 | 1;
  readonly intervalMs: DurationMs;
  readonly firstSlotUtc: Instant;
  readonly nextSlotUtc: Instant | null;
  readonly newestPointUtc: Instant | null;
  readonly lateUtc: Instant | null;
  readonly pausedUntilUtc: Instant | null;
  readonly runId: string | null;
  readonly runSlotUtc: Instant;
  readonly runState: RunState;
}

/** In the order of the ids; all of a page in one statement, since each costs as much as a row. */
const ROWS = `SELECT i.instance_id AS id, i.project_id AS projectId, i.name, i.datastore_type AS type,
    i.datastore_version AS version, i.status, i.replica_of AS replicaOf, i.cluster_id AS clusterId,
    i.created_utc AS createdUtc, i.gone_utc AS goneUtc, i.excluded_because AS excluded, l.policy,
    l.is_active AS isActive, l.interval_ms AS intervalMs, l.first_slot_utc AS firstSlotUtc,
    l.next_slot_utc AS nextSlotUtc, l.newest_point_utc AS newestPointUtc, l.late_utc AS lateUtc,
    l.paused_until_utc AS pausedUntilUtc, l.last_run_id AS runId, l.last_slot_utc AS runSlotUtc, l.last_state AS runState
  FROM json_each(${given('?')}) id CROSS JOIN listing l ON l.instance_id = id.value
    CROSS JOIN instances i ON i.instance_id = l.instance_id ORDER BY id.key`;

export const readReason = (text: string | null): Reason | null => (text === null ? null : (JSON.parse(text) as Reason));

export const scopeAllows = (scope: Scope, projectId: string): boolean => scope === null || scope === projectId;

/** Of the pauses that last, the one that was asked for last. */
export function lastingPause(db: Database): (instanceId: string, nowUtc: Instant) => Pause | null {
  const pause = db.prepare<[string, Instant], Pause>(
    `SELECT to_utc AS untilUtc, owner, note FROM standstills
     WHERE instance_id = ${given('?')} AND kind = 'paused' AND to_utc > ${given('?')} ORDER BY from_utc DESC LIMIT 1`,
  );
  return (instanceId, nowUtc) => pause.get(instanceId, nowUtc) ?? null;
}

export type Listed = (ids: readonly string[], nowUtc: Instant) => readonly ListedInstance[];

/** Instances as lists show them, but for those that there are not; state and reason are those of `protection`. */
export function listedStore(db: Database): Listed {
  const rows = db.prepare<[string], Row>(ROWS);
  const pause = lastingPause(db);
  const lastRun = db.prepare<[string], Omit<LastRun, 'because'> & { because: string | null }>(
    `SELECT slot_utc AS slotUtc, state, because FROM runs
     WHERE instance_id = ${given('?')} AND origin = 'scheduled' ORDER BY slot_utc DESC LIMIT 1`,
  );

  function protectable(it: Row, nowUtc: Instant): Protectable {
    if (it.goneUtc !== null) return { kind: 'excluded', because: because('instance-gone', {}) };
    if (it.isActive === 0) return { kind: 'excluded', because: readReason(it.excluded) ?? because('no-policy', {}) };
    const lasting = (it.pausedUntilUtc ?? 0) > nowUtc ? pause(it.id, nowUtc) : null;
    if (lasting) return { kind: 'paused', because: because('paused', { ...lasting }) };
    const { intervalMs, firstSlotUtc, newestPointUtc, lateUtc } = it;
    const wantsReason = it.runId !== null && (lateUtc === null || lateUtc < nowUtc);
    const last = wantsReason ? lastRun.get(it.id) : undefined;
    const run = last ? { ...last, because: readReason(last.because) } : null;
    return { kind: 'scheduled', intervalMs, firstSlotUtc, newestPointUtc, lastRun: run };
  }

  function listed(it: Row, nowUtc: Instant): ListedInstance {
    const { id, projectId, name, status, replicaOf, clusterId, createdUtc } = it;
    const datastore = { type: it.type, version: it.version };
    return {
      instance: { id, projectId, name, datastore, status, replicaOf, clusterId, createdUtc },
      goneUtc: it.goneUtc,
      protection: protection(protectable(it, nowUtc), nowUtc),
      policy: it.isActive === 1 ? it.policy : null,
      nextSlotUtc: it.nextSlotUtc,
      newestPointUtc: it.newestPointUtc,
      lastRun: it.runId === null ? null : { id: it.runId, slotUtc: it.runSlotUtc, state: it.runState },
    };
  }
  return (ids, nowUtc) => rows.all(JSON.stringify(ids)).map((row) => listed(row, nowUtc));
}

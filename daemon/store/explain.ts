import type { Database } from 'better-sqlite3';
import type { Instance, Instant, Reason } from '../../lib/core/index.ts';
import type { Explainable, ExplainedRun, ExplainPort } from '../ports/explain.ts';
import { storedPolicy } from './stored-policy.ts';

interface Row extends Omit<Instance, 'datastore'> {
  readonly type: string;
  readonly version: string;
  readonly goneUtc: Instant | null;
  readonly excluded: string | null;
  readonly policy: string | null;
  readonly active: 0 | 1;
  readonly because: string;
  readonly firstSlotUtc: Instant;
  readonly nextSlotUtc: Instant;
}
type RunRow = Omit<ExplainedRun, 'because' | 'kindBecause'> & { because: string | null; kindBecause: string | null };

const reason = (text: string | null): Reason | null => (text === null ? null : (JSON.parse(text) as Reason));
const toRun = (row: RunRow | undefined): ExplainedRun | null =>
  row ? { ...row, because: reason(row.because), kindBecause: reason(row.kindBecause) } : null;

function toExplainable(row: Row): Explainable {
  const {
    type,
    version,
    goneUtc,
    excluded,
    policy: text,
    active,
    because,
    firstSlotUtc,
    nextSlotUtc,
    ...instance
  } = row;
  const policy = text === null ? null : storedPolicy(text);
  const usable = policy && !('rule' in policy) ? policy : null;
  const said = { active: active === 1, firstSlotUtc, nextSlotUtc };
  return {
    instance: { ...instance, datastore: { type, version } },
    goneUtc,
    excludedBecause: reason(excluded),
    schedule: usable && { ...said, policy: usable, because: JSON.parse(because) as readonly Reason[] },
  };
}

export function explainStore(db: Database): ExplainPort {
  const instance = db.prepare<[string], Row>(
    `SELECT i.instance_id AS id, i.project_id AS projectId, i.name, i.datastore_type AS type,
       i.datastore_version AS version, i.status, i.replica_of AS replicaOf, i.cluster_id AS clusterId,
       i.created_utc AS createdUtc, i.gone_utc AS goneUtc, i.excluded_because AS excluded, s.policy, coalesce(s.active, 0) AS active, s.because,
       s.first_slot_utc AS firstSlotUtc, s.next_slot_utc AS nextSlotUtc
     FROM instances i LEFT JOIN schedules s ON s.instance_id = i.instance_id WHERE i.instance_id = ?`,
  );
  const run = `SELECT run_id AS runId, instance_id AS instanceId, project_id AS projectId, slot_utc AS slotUtc, state,
    because, kind, kind_because AS kindBecause, backup_id AS backupId FROM runs WHERE`;
  const runOf = db.prepare<[string], RunRow>(`${run} backup_id = ?`);
  const runAt = db.prepare<[string, Instant], RunRow>(`${run} instance_id = ? AND slot_utc = ?`);
  return {
    async explainable(instanceId) {
      const row = instance.get(instanceId);
      return row ? toExplainable(row) : null;
    },
    runOf: async (backupId) => toRun(runOf.get(backupId)),
    runAt: async (instanceId, slotUtc) => toRun(runAt.get(instanceId, slotUtc)),
  };
}

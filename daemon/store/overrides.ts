import type { Database } from 'better-sqlite3';
import { type Instance, type Instant, layered, type Reason } from '../../lib/core/index.ts';
import type { OverridesChange, OverridesPort, ScheduleState, Settled } from '../ports/overrides.ts';
import { assigner } from './assign.ts';
import type { Birth } from './birth.ts';
import { ownStore, saidStore } from './own.ts';
import { projectPoliciesStore } from './project-policies.ts';
import { pausedStore, pauseStore } from './standstills.ts';
import { scheduleStopper } from './stop-schedule.ts';
import { storedPolicy } from './stored-policy.ts';

interface Row extends Omit<Instance, 'datastore'> {
  readonly type: string;
  readonly version: string;
  readonly goneUtc: Instant | null;
  readonly excluded: string | null;
  readonly policyName: string | null;
  readonly configured: string | null;
  readonly policy: string | null;
  readonly adapted: string | null;
  readonly active: 0 | 1;
  readonly because: string;
  readonly nextSlotUtc: Instant;
  readonly firstSlotUtc: Instant;
}

const reason = (text: string | null): Reason | null => (text === null ? null : (JSON.parse(text) as Reason));
const usable = (text: string) => {
  const policy = storedPolicy(text);
  return 'rule' in policy ? null : policy;
};

function toInstance(row: Row): Instance {
  const { id, projectId, name, type, version, status, replicaOf, clusterId, createdUtc } = row;
  return { id, projectId, name, datastore: { type, version }, status, replicaOf, clusterId, createdUtc };
}

function toSchedule(row: Row): ScheduleState['schedule'] {
  const { policyName, policy, configured, adapted, active, because, nextSlotUtc } = row;
  if (policyName === null || policy === null) return null;
  return {
    active: active === 1,
    policyName,
    configured: usable(configured ?? policy),
    policy: usable(policy),
    adapted: adapted === null ? [] : (JSON.parse(adapted) as readonly Reason[]),
    because: JSON.parse(because) as readonly Reason[],
    nextSlotUtc,
    isFirst: nextSlotUtc === row.firstSlotUtc,
  };
}

function instanceStore(db: Database): (instanceId: string) => Row | undefined {
  const read = db.prepare<[string], Row>(
    `SELECT i.instance_id AS id, i.project_id AS projectId, i.name, i.datastore_type AS type,
       i.datastore_version AS version, i.status, i.replica_of AS replicaOf, i.cluster_id AS clusterId,
       i.created_utc AS createdUtc, i.gone_utc AS goneUtc, i.excluded_because AS excluded, s.policy_name AS policyName,
       s.configured, s.policy, s.adapted, coalesce(s.active, 0) AS active, s.because, s.next_slot_utc AS nextSlotUtc,
       s.first_slot_utc AS firstSlotUtc
     FROM instances i LEFT JOIN schedules s ON s.instance_id = i.instance_id WHERE i.instance_id = ?`,
  );
  return (instanceId) => read.get(instanceId);
}

type Enrolling = OverridesChange['enrolment'];

/** Lets what is said of an instance take effect, as a sighting would. Nothing of one that is gone, or that the operator left out. */
function settler(
  db: Database,
  birth: Birth,
): (row: Row, enrolment: Enrolling, own: ReturnType<ReturnType<typeof ownStore>>, nowUtc: Instant) => Settled {
  const { assign, name } = assigner(db, birth);
  const stop = scheduleStopper(db);
  // A time in which nothing is deleted begins and ends at the last sighting.
  const exclude = db.prepare<[string | null, Instant, string]>(
    'UPDATE instances SET excluded_because = ?, last_seen_utc = ? WHERE instance_id = ?',
  );
  return (row, enrolment, readOwn, nowUtc) => {
    const instance = toInstance(row);
    const as = reason(row.excluded);
    const layers = layered(enrolment.policy, instance, readOwn(instance));
    if (row.goneUtc !== null || (as !== null && as.rule !== 'opted-out')) {
      return { instance, kind: 'unchanged', because: as ?? enrolment.because, nextSlotUtc: null, slotBecause: null };
    }
    const because = layers.kind === 'excluded' ? JSON.stringify(layers.because) : null;
    if (because !== row.excluded) exclude.run(because, nowUtc, instance.id);
    if (layers.kind === 'policy')
      return { instance, ...assign(instance, enrolment, layers, { because: row.excluded }, nowUtc) };
    stop(instance.id, layers.because, nowUtc);
    name(instance.id, enrolment.policy);
    const kind = because === row.excluded ? 'unchanged' : 'excluded';
    return { instance, kind, because: layers.because, nextSlotUtc: null, slotBecause: null };
  };
}

export function overridesStore(db: Database, birth: Birth): OverridesPort {
  const rowOf = instanceStore(db);
  const saidOf = saidStore(db);
  const own = ownStore(db);
  const paused = pausedStore(db);
  const { pause, resume } = pauseStore(db);
  const settleOne = settler(db, birth);
  const say = db.prepare<[{ instanceId: string; enabled: 0 | 1; said: string; revision: number; nowUtc: Instant }]>(
    `INSERT INTO overrides (instance_id, enabled, said, revision, changed_utc)
     VALUES (@instanceId, @enabled, @said, @revision, @nowUtc)
     ON CONFLICT DO UPDATE SET enabled = @enabled, said = @said, revision = @revision, changed_utc = @nowUtc`,
  );

  function state(instanceId: string, nowUtc: Instant, readOwn = own()): ScheduleState | null {
    const row = rowOf(instanceId);
    if (!row) return null;
    const instance = toInstance(row);
    return {
      instance,
      goneUtc: row.goneUtc,
      excludedBecause: reason(row.excluded),
      schedule: toSchedule(row),
      own: readOwn(instance),
      revision: saidOf(instanceId).revision,
      pause: paused(instanceId, nowUtc),
    };
  }

  function change({ instanceId, of, said, pause: asked, enrolment }: OverridesChange, nowUtc: Instant) {
    const row = rowOf(instanceId);
    if (!row || saidOf(instanceId).revision !== of) return 'moved' as const;
    const { enabled, overrides } = said;
    say.run({ instanceId, enabled: enabled ? 1 : 0, said: JSON.stringify(overrides), revision: of + 1, nowUtc });
    const settled = settleOne(row, enrolment, own(), nowUtc);
    if (asked === null) resume(instanceId, nowUtc);
    else if (asked) pause(instanceId, asked, nowUtc);
    return settled;
  }

  const changeOne = db.transaction(change);
  const statesOf = db.transaction((ids: readonly string[], nowUtc: Instant): readonly ScheduleState[] => {
    const readOwn = own();
    return ids.flatMap((id) => state(id, nowUtc, readOwn) ?? []);
  });
  const settleAll = db.transaction(
    (of: Parameters<OverridesPort['settle']>[0], nowUtc: Instant): readonly Settled[] => {
      const readOwn = own();
      return of.flatMap(({ instanceId, enrolment }) => {
        const row = rowOf(instanceId);
        return row ? [settleOne(row, enrolment, readOwn, nowUtc)] : [];
      });
    },
  );
  return {
    state: async (instanceId, nowUtc) => statesOf([instanceId], nowUtc)[0] ?? null,
    states: async (instanceIds, nowUtc) => statesOf(instanceIds, nowUtc),
    change: async (asked, nowUtc) => changeOne.immediate(asked, nowUtc),
    settle: async (of, nowUtc) => settleAll.immediate(of, nowUtc),
    ...projectPoliciesStore(db),
  };
}

import type { Database } from 'better-sqlite3';
import { because, type Instance, type Instant, intervalMs, type Policy, type Reason } from '../../lib/core/index.ts';
import type { Enrolment, InventoryChange, InventoryPort, Sighting, Standing } from '../ports/inventory.ts';
import { absencesStore } from './absences.ts';
import type { Birth } from './birth.ts';
import { storedPolicy } from './onward.ts';
import { scheduleStopper } from './stop-schedule.ts';

/** Most sightings change nothing; that it is still there is written down so seldom. */
const SEEN_EVERY_MS = 86_400_000;

/** The columns that a sighting sets, by the names of its parameters. */
interface Seen {
  readonly projectId: string;
  readonly name: string;
  readonly type: string;
  readonly version: string;
  readonly status: string;
  readonly replicaOf: string | null;
  readonly clusterId: string | null;
  readonly because: string | null;
}

interface InstanceRow extends Seen {
  readonly absences: number;
  readonly gone_utc: Instant | null;
  readonly last_seen_utc: Instant;
}

interface ScheduleRow {
  readonly policy_name: string;
  readonly policy: string;
  readonly because: string;
  readonly active: 0 | 1;
  readonly first_slot_utc: Instant;
  readonly next_slot_utc: Instant;
}

type Scheduled = Extract<Enrolment, { kind: 'scheduled' }>;

function standingOf(row: ScheduleRow | undefined, before: InstanceRow | undefined): Standing {
  if (row?.active !== 1) {
    if (!before) return { kind: 'none' };
    const { because: text } = before;
    return { kind: 'known', excludedBecause: text === null ? null : (JSON.parse(text) as Reason) };
  }
  const policy = storedPolicy(row.policy);
  return {
    kind: 'scheduled',
    cadence: 'rule' in policy ? null : policy.cadence,
    nextSlotUtc: row.next_slot_utc,
    isFirst: row.next_slot_utc === row.first_slot_utc,
  };
}

const COLUMNS = ['projectId', 'name', 'type', 'version', 'status', 'replicaOf', 'clusterId', 'because'] as const;

function isAsBefore(seen: Seen, before: InstanceRow, nowUtc: Instant): boolean {
  const seenAgoMs = nowUtc - before.last_seen_utc;
  // Below 0 where a clock was ahead then.
  if (before.gone_utc !== null || before.absences > 0 || seenAgoMs < 0 || seenAgoMs >= SEEN_EVERY_MS) return false;
  return COLUMNS.every((column) => seen[column] === before[column]);
}

/** A policy as it is stored: its JSON is compared, so equal policies must be written equally. */
const stored = (policy: Policy): string => JSON.stringify(policy);

const vanished = (policy: string): Reason => because('policy-vanished', { policy });
/** What an orphan's schedule says of itself. */
const orphaned = (policy: string): string => JSON.stringify([vanished(policy)]);

export function inventoryStore(db: Database, birth: Birth): InventoryPort {
  const absences = absencesStore(db);
  const known = db.prepare<[string], InstanceRow>(
    `SELECT project_id AS projectId, name, datastore_type AS type, datastore_version AS version, status,
       replica_of AS replicaOf, cluster_id AS clusterId, excluded_because AS because, absences, gone_utc, last_seen_utc
     FROM instances WHERE instance_id = ?`,
  );
  const see = db.prepare<[string]>('INSERT INTO seen (instance_id) VALUES (?) ON CONFLICT DO NOTHING');
  const saveInstance = db.prepare(
    `INSERT INTO instances (instance_id, project_id, name, datastore_type, datastore_version, status, replica_of,
       cluster_id, created_utc, first_seen_utc, last_seen_utc, excluded_because)
     VALUES (@id, @projectId, @name, @type, @version, @status, @replicaOf, @clusterId, @createdUtc, @nowUtc, @nowUtc, @because)
     ON CONFLICT DO UPDATE SET project_id = @projectId, name = @name, datastore_type = @type,
       datastore_version = @version, status = @status, replica_of = @replicaOf, cluster_id = @clusterId,
       last_seen_utc = @nowUtc, absences = 0, gone_utc = NULL, excluded_because = @because`,
  );
  const schedule = db.prepare<[string], ScheduleRow>(
    'SELECT policy_name, policy, because, active, first_slot_utc, next_slot_utc FROM schedules WHERE instance_id = ?',
  );
  const saveSchedule = db.prepare(
    `INSERT INTO schedules (instance_id, project_id, policy_name, policy, because, interval_ms, active, assigned_utc,
       first_slot_utc, next_slot_utc)
     VALUES (@id, @projectId, @name, @policy, @because, @intervalMs, 1, @nowUtc, @slotUtc, @slotUtc)
     ON CONFLICT DO UPDATE SET project_id = @projectId, policy_name = @name, policy = @policy, because = @because,
       interval_ms = @intervalMs, next_slot_utc = @slotUtc, active = 1,
       first_slot_utc = CASE active WHEN 1 THEN first_slot_utc ELSE @slotUtc END`,
  );
  const explainSchedule = db.prepare<[string, string]>('UPDATE schedules SET because = ? WHERE instance_id = ?');
  const stopSchedule = scheduleStopper(db);

  function assign(instance: Instance, enrolment: Scheduled, before: InstanceRow | undefined, nowUtc: Instant) {
    const policy = stored(enrolment.policy);
    const row = schedule.get(instance.id);
    if (row?.active === 1 && row.policy === policy) {
      // An orphan whose policy came back as it was.
      const kind = row.because === orphaned(row.policy_name) ? 'changed' : 'unchanged';
      if (kind === 'changed') explainSchedule.run(JSON.stringify([enrolment.because]), instance.id);
      return { kind, because: enrolment.because, nextSlotUtc: row.next_slot_utc, slotBecause: null } as const;
    }
    const standing = standingOf(row, before);
    const { slotUtc, because: slotBecause } = enrolment.first(standing);
    saveSchedule.run({
      id: instance.id,
      projectId: instance.projectId,
      name: enrolment.policy.name,
      policy,
      because: JSON.stringify([enrolment.because, slotBecause]),
      intervalMs: intervalMs(enrolment.policy.cadence),
      nowUtc,
      slotUtc,
    });
    if (nowUtc > birth.assignedUtc()) birth.assigned(nowUtc);
    const kind = standing.kind === 'scheduled' ? 'changed' : 'assigned';
    return { kind, because: enrolment.because, nextSlotUtc: slotUtc, slotBecause } as const;
  }

  /** The schedule runs on with its copy of a policy that is not there any more. */
  function orphan(instanceId: string, { policy_name, because: before, next_slot_utc }: ScheduleRow) {
    const text = orphaned(policy_name);
    const kind = before === text ? 'unchanged' : 'orphaned';
    if (kind === 'orphaned') explainSchedule.run(text, instanceId);
    return { kind, because: vanished(policy_name), nextSlotUtc: next_slot_utc, slotBecause: null } as const;
  }

  function save(sighting: Sighting, nowUtc: Instant): InventoryChange {
    const { instance, enrolment } = sighting;
    const before = known.get(instance.id);
    const row = enrolment.kind === 'unselected' ? schedule.get(instance.id) : undefined;
    const keeps = enrolment.kind === 'unselected' && row?.active === 1 && !enrolment.policies.has(row.policy_name);
    const excluded = enrolment.kind === 'scheduled' || keeps ? null : JSON.stringify(enrolment.because);
    const { datastore, ...columns } = instance;
    const seen = { ...columns, ...datastore, because: excluded };
    see.run(instance.id);
    if (!before || !isAsBefore(seen, before, nowUtc)) saveInstance.run({ ...seen, nowUtc });
    const change = { discovered: !before, returned: before !== undefined && before.gone_utc !== null, sighting };
    if (enrolment.kind === 'scheduled') return { ...change, ...assign(instance, enrolment, before, nowUtc) };
    if (row && keeps) return { ...change, ...orphan(instance.id, row) };
    stopSchedule(instance.id, enrolment.because, nowUtc);
    const kind = before?.because === excluded ? 'unchanged' : 'excluded';
    return { ...change, kind, because: enrolment.because, nextSlotUtc: null, slotBecause: null };
  }

  const saveAll = db.transaction((sightings: readonly Sighting[], nowUtc: Instant) =>
    sightings.map((sighting) => save(sighting, nowUtc)),
  );
  return {
    get storeBornUtc() {
      return birth.bornUtc();
    },
    saveSightings: async (sightings, nowUtc) => saveAll.immediate(sightings, nowUtc),
    ...absences,
  };
}

import type { Database } from 'better-sqlite3';
import { because, type Instance, type Instant, intervalMs, type Policy, type Reason } from '../../lib/core/index.ts';
import type {
  Enrolment,
  InventoryChange,
  InventoryPort,
  KnownInstance,
  Sighting,
  Standing,
} from '../ports/inventory.ts';

const DAY = 86_400_000;

interface InstanceRow {
  readonly gone_utc: Instant | null;
  readonly excluded_because: string | null;
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
    const { excluded_because: text } = before;
    return { kind: 'known', excludedBecause: text === null ? null : (JSON.parse(text) as Reason) };
  }
  return { kind: 'scheduled', nextSlotUtc: row.next_slot_utc, isFirst: row.next_slot_utc === row.first_slot_utc };
}

/** A policy as it is stored: its JSON is compared, so equal policies must be written equally. */
const stored = (policy: Policy): string => JSON.stringify(policy);

const vanished = (policy: string): Reason => because('policy-vanished', { policy });
/** What an orphan's schedule says of itself. */
const orphaned = (policy: string): string => JSON.stringify([vanished(policy)]);

export function inventoryStore(db: Database, bornUtc: Instant): InventoryPort {
  const known = db.prepare<[string], InstanceRow>(
    'SELECT gone_utc, excluded_because FROM instances WHERE instance_id = ?',
  );
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
  const deactivate = db.prepare<[string]>('UPDATE schedules SET active = 0 WHERE instance_id = ? AND active = 1');
  const skipWaiting = db.prepare<[string, Instant, string]>(
    "UPDATE runs SET state = 'skipped', because = ?, ended_utc = ? WHERE state = 'claimed' AND instance_id = ?",
  );

  function stopSchedule(instanceId: string, why: Reason, nowUtc: Instant): void {
    if (deactivate.run(instanceId).changes > 0) skipWaiting.run(JSON.stringify(why), nowUtc, instanceId);
  }

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
    saveInstance.run({ ...columns, ...datastore, because: excluded, nowUtc });
    const change = { discovered: !before, returned: before !== undefined && before.gone_utc !== null, sighting };
    if (enrolment.kind === 'scheduled') return { ...change, ...assign(instance, enrolment, before, nowUtc) };
    if (row && keeps) return { ...change, ...orphan(instance.id, row) };
    stopSchedule(instance.id, enrolment.because, nowUtc);
    const kind = before?.excluded_because === excluded ? 'unchanged' : 'excluded';
    return { ...change, kind, because: enrolment.because, nextSlotUtc: null, slotBecause: null };
  }

  const absences = db.prepare<[string]>('UPDATE instances SET absences = absences + 1 WHERE instance_id = ?');
  const living = db.prepare<[], KnownInstance & { absences: number }>(
    'SELECT instance_id AS instanceId, project_id AS projectId, absences FROM instances WHERE gone_utc IS NULL',
  );
  const goneSince = db.prepare<[Instant], { n: number }>('SELECT count(*) AS n FROM instances WHERE gone_utc > ?');
  const present = db.prepare<[string]>('UPDATE instances SET absences = 0 WHERE instance_id = ? AND absences > 0');
  const bury = db.prepare<[Instant, string]>('UPDATE instances SET gone_utc = ? WHERE instance_id = ?');

  const saveAll = db.transaction((sightings: readonly Sighting[], nowUtc: Instant) =>
    sightings.map((sighting) => save(sighting, nowUtc)),
  );
  const noteAll = db.transaction((seen: ReadonlySet<string>, nowUtc: Instant) => {
    const absentTwice: KnownInstance[] = [];
    const knownByProject = new Map<string, number>();
    for (const { instanceId, projectId, absences: before } of living.all()) {
      knownByProject.set(projectId, (knownByProject.get(projectId) ?? 0) + 1);
      if (seen.has(instanceId)) {
        present.run(instanceId);
        continue;
      }
      absences.run(instanceId);
      if (before >= 1) absentTwice.push({ instanceId, projectId });
    }
    return { absentTwice, knownByProject, goneLately: goneSince.get(nowUtc - DAY)?.n ?? 0 };
  });
  const buryAll = db.transaction((instances: readonly KnownInstance[], nowUtc: Instant) => {
    for (const { instanceId } of instances) {
      bury.run(nowUtc, instanceId);
      stopSchedule(instanceId, because('instance-gone', {}), nowUtc);
    }
  });
  return {
    storeBornUtc: bornUtc,
    saveSightings: async (sightings, nowUtc) => saveAll.immediate(sightings, nowUtc),
    noteAbsences: async (seen, nowUtc) => noteAll.immediate(seen, nowUtc),
    entomb: async (instances, nowUtc) => buryAll.immediate(instances, nowUtc),
  };
}

import type { Database } from 'better-sqlite3';
import {
  because,
  type Instance,
  type Instant,
  intervalMs,
  type Layered,
  operatorsAlone,
  type Policy,
  type Reason,
  TENANT_MAY,
} from '../../lib/core/index.ts';
import type { Assigned, Enrolment, Standing } from '../ports/inventory.ts';
import type { LayersShown } from '../ports/overrides.ts';
import type { Birth } from './birth.ts';
import { storedPolicy } from './stored-policy.ts';

interface ScheduleRow {
  readonly policy_name: string;
  readonly policy: string;
  /** The policy as it was configured, where the quota holds no more than what `policy` says. */
  readonly configured: string | null;
  readonly project_policy: string | null;
  readonly layers: string | null;
  readonly because: string;
  readonly active: 0 | 1;
  readonly first_slot_utc: Instant;
  readonly next_slot_utc: Instant;
}

type Scheduled = Extract<Enrolment, { kind: 'scheduled' }>;
type Laid = Extract<Layered, { kind: 'policy' }>;
/** What of an instance was stored before; undefined where nothing was. */
export type Before = { readonly because: string | null } | undefined;

function standingOf(row: ScheduleRow | undefined, before: Before): Standing {
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

/** A policy as it is stored: its JSON is compared, so equal policies must be written equally. */
const stored = (policy: Policy): string => JSON.stringify(policy);

const vanished = (policy: string): Reason => because('policy-vanished', { policy });
/** What an orphan's schedule says of itself. */
const orphaned = (policy: string): string => JSON.stringify([vanished(policy)]);

/** null where nobody says anything: most schedules are so. */
function shown({ policy, sources, tenantMay, because: reasons }: Laid): string | null {
  const made: LayersShown = { sources, tenantMay, because: reasons };
  const plain: LayersShown = { sources: operatorsAlone(policy.name), tenantMay: TENANT_MAY, because: [] };
  const text = JSON.stringify(made);
  return text === JSON.stringify(plain) ? null : text;
}

export interface Assigner {
  /** Gives an instance the schedule of what it goes by. */
  assign(instance: Instance, enrolment: Scheduled, layers: Laid, before: Before, nowUtc: Instant): Assigned;
  /** Where no policy selects an instance: its schedule runs on with the copy of one that is not among `policies` any more. */
  orphan(instanceId: string, policies: ReadonlySet<string>): Assigned | null;
  /** Which of the operator's policies an instance without backups would have. */
  name(instanceId: string, policy: Policy): void;
}

/** For the caller's transaction. */
export function assigner(db: Database, birth: Birth): Assigner {
  const schedule = db.prepare<[string], ScheduleRow>(
    `SELECT policy_name, policy, configured, project_policy, layers, because, active, first_slot_utc, next_slot_utc
     FROM schedules WHERE instance_id = ?`,
  );
  const save = db.prepare(
    `INSERT INTO schedules (instance_id, project_id, policy_name, policy, because, interval_ms, active, assigned_utc,
       first_slot_utc, next_slot_utc, project_policy, layers)
     VALUES (@id, @projectId, @name, @policy, @because, @intervalMs, 1, @nowUtc, @slotUtc, @slotUtc, @projectPolicy, @layers)
     ON CONFLICT DO UPDATE SET project_id = @projectId, policy_name = @name, policy = @policy, because = @because,
       configured = NULL, adapted = NULL, refused = NULL, project_policy = @projectPolicy, layers = @layers,
       interval_ms = @intervalMs, next_slot_utc = @slotUtc, active = 1,
       first_slot_utc = CASE active WHEN 1 THEN first_slot_utc ELSE @slotUtc END`,
  );
  const explain = db.prepare<[string, string]>('UPDATE schedules SET because = ? WHERE instance_id = ?');
  const lay = db.prepare<[string | null, string | null, string]>(
    'UPDATE schedules SET project_policy = ?, layers = ? WHERE instance_id = ?',
  );
  const name = db.prepare<[string, string]>('UPDATE schedules SET policy_name = ? WHERE instance_id = ?');

  return {
    assign(instance, enrolment, found, before, nowUtc) {
      const { policy: effective, project } = found;
      const policy = stored(effective);
      const projectPolicy = project?.id ?? null;
      const layers = shown(found);
      const row = schedule.get(instance.id);
      if (row?.active === 1 && (row.configured ?? row.policy) === policy) {
        // An orphan whose policy came back as it was.
        const kind = row.because === orphaned(row.policy_name) ? 'changed' : 'unchanged';
        if (kind === 'changed') explain.run(JSON.stringify([enrolment.because]), instance.id);
        if (row.project_policy !== projectPolicy || row.layers !== layers) lay.run(projectPolicy, layers, instance.id);
        return { kind, because: enrolment.because, nextSlotUtc: row.next_slot_utc, slotBecause: null };
      }
      const standing = standingOf(row, before);
      const { slotUtc, because: slotBecause } = enrolment.first(standing, effective);
      save.run({
        id: instance.id,
        projectId: instance.projectId,
        name: effective.name,
        policy,
        because: JSON.stringify([enrolment.because, slotBecause]),
        intervalMs: intervalMs(effective.cadence),
        nowUtc,
        slotUtc,
        projectPolicy,
        layers,
      });
      if (nowUtc > birth.assignedUtc()) birth.assigned(nowUtc);
      const kind = standing.kind === 'scheduled' ? 'changed' : 'assigned';
      return { kind, because: enrolment.because, nextSlotUtc: slotUtc, slotBecause };
    },
    orphan(instanceId, policies) {
      const row = schedule.get(instanceId);
      if (row?.active !== 1 || policies.has(row.policy_name)) return null;
      const text = orphaned(row.policy_name);
      const kind = row.because === text ? 'unchanged' : 'orphaned';
      if (kind === 'orphaned') explain.run(text, instanceId);
      return { kind, because: vanished(row.policy_name), nextSlotUtc: row.next_slot_utc, slotBecause: null };
    },
    name(instanceId, policy) {
      const row = schedule.get(instanceId);
      if (row && row.policy_name !== policy.name) name.run(policy.name, instanceId);
    },
  };
}

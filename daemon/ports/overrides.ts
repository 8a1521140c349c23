import type {
  Instance,
  InstanceOverrides,
  Instant,
  Own,
  Policy,
  ProjectPolicy,
  Reason,
  Sources,
  TenantMay,
} from '../../lib/core/index.ts';
import type { Assigned, Enrolment } from './inventory.ts';
import type { Pause } from './standstills.ts';

/** How a schedule was put together, beside its policy. */
export interface LayersShown {
  readonly sources: Sources;
  readonly tenantMay: TenantMay;
  readonly because: readonly Reason[];
}

/** An instance with what is said of its backups, and what it goes by. */
export interface ScheduleState {
  readonly instance: Instance;
  readonly goneUtc: Instant | null;
  readonly excludedBecause: Reason | null;
  /** null where it never had one. */
  readonly schedule: {
    readonly active: boolean;
    /** Of the operator's policy. */
    readonly policyName: string;
    /** As it is configured and laid over, and as it is gone by; null where it cannot be read. */
    readonly configured: Policy | null;
    readonly policy: Policy | null;
    /** In what the two differ, since its project's quota holds no more. */
    readonly adapted: readonly Reason[];
    readonly because: readonly Reason[];
    readonly nextSlotUtc: Instant;
    /** It has had no slot yet. */
    readonly isFirst: boolean;
  } | null;
  readonly own: Own;
  /** Of what is said of the instance; 0 where nothing was. */
  readonly revision: number;
  readonly pause: Pause | null;
}

export interface OverridesChange {
  readonly instanceId: string;
  /** The revision that it is a change of. */
  readonly of: number;
  readonly said: InstanceOverrides;
  /** null ends a pause; left out, it stays as it is. */
  readonly pause?: Pause | null;
  /** By the operator's policy. */
  readonly enrolment: Extract<Enrolment, { kind: 'scheduled' }>;
}

export type Settled = Assigned & { readonly instance: Instance };

export interface StoredPolicy extends ProjectPolicy {
  readonly projectId: string;
  readonly revision: number;
}

/** How many schedules of a project go by which policies. */
export interface PolicyCount {
  /** Of the operator's policy. */
  readonly name: string;
  /** The id of the project's that lies over it. */
  readonly projectPolicy: string | null;
  readonly instances: number;
}

/** What projects say over the operator's policies. Every call is one transaction, durable when it resolves. */
export interface OverridesPort {
  /** null where the instance was never seen. */
  state(instanceId: string, nowUtc: Instant): Promise<ScheduleState | null>;
  /** Of many at once; without those that were never seen. */
  states(instanceIds: readonly string[], nowUtc: Instant): Promise<readonly ScheduleState[]>;
  /** Takes effect at once. `moved` where something was said since. */
  change(change: OverridesChange, nowUtc: Instant): Promise<Settled | 'moved'>;
  /** Of a project, in the order of their names. */
  policies(projectId: string): Promise<readonly StoredPolicy[]>;
  policy(policyId: string): Promise<StoredPolicy | null>;
  /** In the place of the one with its id, which must be of that revision; 0 adds one, whatever its id. Takes effect with `settle`. */
  savePolicy(policy: StoredPolicy, nowUtc: Instant): Promise<StoredPolicy | 'moved' | 'name-taken' | 'too-many'>;
  removePolicy(policy: Pick<StoredPolicy, 'id' | 'projectId' | 'revision'>): Promise<'removed' | 'moved'>;
  counts(projectId: string): Promise<readonly PolicyCount[]>;
  /** Instances of a project that have or had a schedule, in pages. */
  instances(
    projectId: string,
    after: string,
    limit: number,
  ): Promise<readonly { readonly instance: Instance; readonly policyName: string }[]>;
  /** What was said takes effect on some of them. */
  settle(
    of: readonly { readonly instanceId: string; readonly enrolment: OverridesChange['enrolment'] }[],
    nowUtc: Instant,
  ): Promise<readonly Settled[]>;
}

import type {
  DurationMs,
  FateChange,
  InstanceOverrides,
  Instant,
  LintReason,
  OnShortage,
  Overrides,
  Peak,
  Policy,
  Reason,
  ReasonOf,
  SlotAhead,
  Sources,
  TenantMay,
} from '../../lib/core/index.ts';
import type { Pause } from './standstills.ts';

/** What an instance's backups go by, and who says what of it. */
export interface ShownSchedule {
  readonly instanceId: string;
  readonly projectId: string;
  /** False: its tenant opted out. */
  readonly enabled: boolean;
  /** What its tenant says of that: it does not count where the operator lets nobody opt out. */
  readonly saysEnabled: boolean;
  /** As it is gone by; of one that is left out, as it would be. */
  readonly policy: Policy;
  readonly sources: Sources;
  /** What is less than the layers say, since the project's quota holds no more. */
  readonly byQuota: readonly ('every' | 'keep' | 'maxIncrementals')[];
  readonly overrides: Overrides;
  readonly tenantMay: TenantMay;
  readonly pause: Pause | null;
  /** null where it gets no backups. */
  readonly nextSlotUtc: Instant | null;
  readonly because: readonly Reason[];
  /** Of what is said of the instance: another with each change. */
  readonly revision: number;
}

/** Why a schedule cannot be shown or changed. */
export type NoSchedule =
  /** No such instance. */
  | { readonly kind: 'absent' }
  /** It has none, and nobody but the operator changes that. */
  | { readonly kind: 'none'; readonly projectId: string; readonly because: Reason };
export type Refusal =
  /** Something was said since the revision that it is a change of. */
  { readonly kind: 'moved' } | { readonly kind: 'refused'; readonly because: Reason };

export interface ScheduleChange {
  readonly instanceId: string;
  /** The revision that it is a change of. */
  readonly of: number;
  readonly said: InstanceOverrides;
  /** null ends a pause; left out, it stays as it is. */
  readonly pause?: Pause | null;
}

export interface LintRow {
  readonly level: 'error' | 'warning' | 'hint';
  /** Of the contract's values. */
  readonly field: string | null;
  readonly because: LintReason;
}

/** Of how many instances, and of how many a course was reckoned: of more than that takes too long, some stand for others. */
export interface Looked {
  readonly total: number;
  readonly lookedAt: number;
}

export interface CourseForeseen {
  /** The most backups of what is changed at once. */
  readonly peak: Peak;
  readonly startsAMinute: number;
  readonly worstAgeMs: DurationMs | null;
  readonly longestChain: number;
  /** The most at once of each day. */
  readonly days: readonly Peak[];
}

/** What is done where the project's quota does not hold what its policies would make. */
export interface Shortage {
  /** `quota-short` with the limit to ask for; where the quota is enough, and less is made until that has lasted, that. */
  readonly because: ReasonOf<'quota-short' | 'quota-enough'>;
  readonly onShortage: OnShortage;
  /** False: slots are skipped for all that. */
  readonly fits: boolean;
  /** Of those that are previewed: the policy as it is wanted, in what the one that is gone by differs, and of how many. */
  readonly adapted: readonly {
    readonly wanted: Policy;
    readonly because: readonly Reason[];
    readonly instances: number;
  }[];
  /** How many other instances of the project are adapted. */
  readonly othersAdapted: number;
  /** Instances of the project that get no backups, the previewed ones among them. */
  readonly refused: number;
  /** What would be made if the quota held it; null where that is what is made. */
  readonly wanted: CourseForeseen | null;
  /** Of the whole project. */
  readonly instances: Looked;
}

/** What a change would do. */
export interface Foresight {
  /** Whose policies would be what is previewed. */
  readonly instances: Looked;
  readonly slots: readonly SlotAhead[];
  readonly deletions: readonly FateChange[];
  readonly kept: readonly FateChange[];
  readonly forecast: CourseForeseen | null;
  /** null where the quota holds all; else all else here is what is made then. */
  readonly shortage: Shortage | null;
  readonly lint: readonly LintRow[];
}

/** What its project's members see and change of an instance's schedule. */
export interface SchedulesPort {
  show(instanceId: string): Promise<ShownSchedule | NoSchedule>;
  /** The next ten slots as things are; none where it gets no backups. @throws CloudUnavailable */
  slots(
    instanceId: string,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'slots'; readonly projectId: string; readonly slots: readonly SlotAhead[] } | NoSchedule>;
  /** Durable and in effect when it resolves. @throws InvalidInput */
  change(change: ScheduleChange): Promise<ShownSchedule | NoSchedule | Refusal>;
  /** Changes nothing. @throws InvalidInput, CloudUnavailable */
  preview(
    change: ScheduleChange,
    signal: AbortSignal,
  ): Promise<
    { readonly kind: 'preview'; readonly schedule: ShownSchedule; readonly foresight: Foresight } | NoSchedule | Refusal
  >;
}

import type { BackupKind, Fate, Going, Instance, Instant, Policy, Reason, RunState } from '../../lib/core/index.ts';

/** What is stored of an instance and its schedule. */
export interface Explainable {
  /** As it was seen last. */
  readonly instance: Instance;
  readonly goneUtc: Instant | null;
  readonly excludedBecause: Reason | null;
  /** null where it has none, or cannot be gone by. */
  readonly schedule: {
    readonly policy: Policy;
    /** Whether it hands out slots. */
    readonly active: boolean;
    /** Why it has this policy, and then why its first slot is when it is. */
    readonly because: readonly Reason[];
    readonly firstSlotUtc: Instant;
    readonly nextSlotUtc: Instant;
  } | null;
}

/** What became of a slot. */
export interface ExplainedRun {
  readonly runId: string;
  readonly instanceId: string;
  readonly projectId: string;
  readonly slotUtc: Instant;
  readonly state: RunState;
  /** How it ended, or what holds it. */
  readonly because: Reason | null;
  readonly kind: BackupKind | null;
  readonly kindBecause: Reason | null;
  readonly backupId: string | null;
}

export interface ExplainPort {
  explainable(instanceId: string): Promise<Explainable | null>;
  runOf(backupId: string): Promise<ExplainedRun | null>;
  runAt(instanceId: string, slotUtc: Instant): Promise<ExplainedRun | null>;
}

/** What there is to say of a backup; each reason is data, and `explain` gives its sentence. */
export interface BackupExplained {
  readonly backupId: string;
  readonly instanceId: string | null;
  /** Why it is there: whose it is, for which slot, and why it is full or incremental. */
  readonly there: readonly Reason[];
  /** What is to become of it; null where it is not ours to judge. */
  readonly fate: Fate | null;
  readonly going: Going;
}

export interface SlotExplained {
  readonly slotUtc: Instant;
  /** `to-come` where it has no row yet, `none` where the schedule has no such slot. */
  readonly state: RunState | 'to-come' | 'none';
  /** Why at this time. */
  readonly time: readonly Reason[];
  /** Why full or incremental: as it was decided, or as it will be if nothing fails until then. */
  readonly kind: Reason | null;
  /** How it ended, what holds it, or what will forbid it. */
  readonly because: Reason | null;
}

/** Each throws CloudUnavailable where Trove is asked in vain. */
export interface Explain {
  /** null where the project has no such backup. */
  backup(
    of: { readonly projectId: string; readonly backupId: string },
    signal: AbortSignal,
  ): Promise<BackupExplained | null>;
  /** @throws InvalidInput where the instance was never seen */
  slot(instanceId: string, slotUtc: Instant, signal: AbortSignal): Promise<SlotExplained>;
}

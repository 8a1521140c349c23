import type { EndState, Instant, Reason, RuleName, RunState } from '../../lib/core/index.ts';

export interface Overview {
  readonly instances: number;
  readonly schedules: number;
  /** Scheduled instances without any recovery point of ours. */
  readonly unprotected: number;
  readonly notes: number;
  /** Backups that run for far too long, whoever made them. */
  readonly stuck: number;
  readonly openRuns: ReadonlyMap<RunState, number>;
  /** Since the store was made. */
  readonly endedRuns: ReadonlyMap<EndState, number>;
  /** The oldest slot that is due and not claimed; null if none is. */
  readonly oldestDueUtc: Instant | null;
}

/** An instance whose newest recovery point is missing or too old. */
export interface Lacking {
  readonly instanceId: string;
  readonly projectId: string;
  readonly newestPointUtc: Instant | null;
  readonly state: 'late' | 'unprotected';
  readonly because: Reason;
}

export interface ProtectionNews {
  /** Scheduled instances with no point younger than one and a half intervals. */
  readonly late: number;
  /**
   * Those without any an hour, or half an interval if that is less, after their first slot; by the rule that says why.
   */
  readonly unprotectedBy: ReadonlyMap<RuleName, number>;
  /** Those of both that no earlier call told to be so. */
  readonly worse: readonly Lacking[];
  /** What an earlier call told, and what has a point again. */
  readonly recovered: readonly string[];
  /** How many are left to later calls, since there are too many at once. */
  readonly waiting: number;
}

/** Figures for metrics and health. */
export interface ReadModelPort {
  overview(nowUtc: Instant): Promise<Overview>;
  /** Who is badly off, and the news since the last call: at most so many of each. */
  protection(nowUtc: Instant, atMost: number): Promise<ProtectionNews>;
}

import type { DurationMs, EndState, Instant, LastRun, RunState } from '../../lib/core/index.ts';

export interface Overview {
  readonly instances: number;
  readonly schedules: number;
  /** Scheduled instances without any recovery point of ours. */
  readonly unprotected: number;
  readonly notes: number;
  readonly openRuns: ReadonlyMap<RunState, number>;
  /** Since the store was made. */
  readonly endedRuns: ReadonlyMap<EndState, number>;
  /** The oldest slot that is due and not claimed; null if none is. */
  readonly oldestDueUtc: Instant | null;
}

/** An instance whose newest recovery point is missing or too old. */
export interface Overdue {
  readonly instanceId: string;
  readonly projectId: string;
  readonly intervalMs: DurationMs;
  readonly firstSlotUtc: Instant;
  readonly newestPointUtc: Instant | null;
  readonly lastRun: LastRun | null;
}

/** Figures for metrics and health. */
export interface ReadModelPort {
  overview(nowUtc: Instant): Promise<Overview>;
  /**
   * Scheduled instances with no point younger than one and a half intervals, or with none at all an hour, or half an
   * interval if that is less, after their first slot.
   */
  overdue(nowUtc: Instant): Promise<readonly Overdue[]>;
  /** Which of these have an active schedule. */
  scheduled(instanceIds: readonly string[]): Promise<ReadonlySet<string>>;
}

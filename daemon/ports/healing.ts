import type { DurationMs, Instant } from '../../lib/core/index.ts';

/** What was put right. */
export interface Healed {
  /** Schedules whose next slot was too far ahead. */
  readonly schedules: number;
  /** Rows of slots that are still to come, and for which nothing was asked. */
  readonly slots: number;
  /** Times of what has happened that were still to come. */
  readonly times: number;
}

export interface HealedStore extends Healed {
  /** Whether something shows that slots were handed out or set by a clock that was ahead. */
  readonly wasAhead: boolean;
}

export interface HealedPage extends Healed {
  /** Where the next part begins; null after the last. */
  readonly next: string | null;
}

/** Mends what was written by a wall clock that was wrong; only while it is known to be right. */
export interface HealingPort {
  /** What is not of one schedule. `aliveMs`: how long ago the store was opened. */
  healStore(nowUtc: Instant, aliveMs: DurationMs): Promise<HealedStore>;
  /** A part of the schedules, from null on. */
  healSchedules(after: string | null, nowUtc: Instant): Promise<HealedPage>;
}

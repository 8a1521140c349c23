import type { DurationMs, Instant } from '../../lib/core/index.ts';

/** The only way the daemon tells time: slots by the wall clock, delays by the monotonic one. */
export interface Clock {
  nowUtc(): Instant;
  monotonicMs(): number;
  /** Resolves at the instant, or at once if it has passed; rejects with the signal's reason when aborted. */
  sleepUntil(instant: Instant, signal: AbortSignal): Promise<void>;
}

export const sleep = (clock: Clock, ms: DurationMs, signal: AbortSignal): Promise<void> =>
  clock.sleepUntil(clock.nowUtc() + ms, signal);

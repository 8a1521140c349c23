import type { DurationMs, Instant } from '../../lib/core/index.ts';

/** The only way the daemon tells time: slots by the wall clock, delays by the monotonic one. */
export interface Clock {
  nowUtc(): Instant;
  monotonicMs(): number;
  /**
   * Resolves at the instant, at once if it has passed, or early when the wall clock was set back: who waits then looks
   * again at what for. Rejects with the signal's reason when aborted.
   */
  sleepUntil(instant: Instant, signal: AbortSignal): Promise<void>;
}

/** A pause, whatever the wall clock does meanwhile. */
export async function sleep(clock: Clock, ms: DurationMs, signal: AbortSignal): Promise<void> {
  const endMs = clock.monotonicMs() + ms;
  for (let left = ms; left > 0; left = endMs - clock.monotonicMs()) {
    await clock.sleepUntil(clock.nowUtc() + left, signal);
  }
}

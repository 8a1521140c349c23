import type { DurationMs, Instant } from './model.ts';

/** How often as long as the longest usual backup of its instance one may run. */
const TIMES = 4;
const SHARE = 0.99;
/** A backup that ended while nobody looked was measured too long. */
const MOST_MS: DurationMs = 48 * 3_600_000;

/**
 * After so long a backup that still runs is stuck.
 * @param leastMs what the operator grants to each
 * @param tookMs how long the last backups of the instance took
 */
export function stuckAfterMs(leastMs: DurationMs, tookMs: readonly DurationMs[]): DurationMs {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const usualMs = sorted[Math.max(0, Math.ceil(SHARE * sorted.length) - 1)] ?? 0;
  return Math.max(leastMs, Math.min(MOST_MS, TIMES * usualMs));
}

const FIRST_AGAIN_MS: DurationMs = 3_600_000;
const LONGEST_AGAIN_MS: DurationMs = 24 * 3_600_000;

/** Whether what was told so often, and last at an instant, is to be told again: ever more rarely, once a day at least. */
export function isToldAgain({ times, toldUtc }: { times: number; toldUtc: Instant }, nowUtc: Instant): boolean {
  return nowUtc - toldUtc >= Math.min(LONGEST_AGAIN_MS, FIRST_AGAIN_MS * 2 ** (times - 1));
}

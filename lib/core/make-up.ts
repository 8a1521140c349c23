import { intervalMs, shortestGapMs } from './cadence.ts';
import { spread } from './hash.ts';
import type { DurationMs, Instant } from './model.ts';
import type { Policy } from './policy.ts';

const HOUR: DurationMs = 3_600_000;

export interface MakeUpInput {
  readonly instanceId: string;
  readonly newestPointUtc: Instant | null;
  /** Of the newest run, whatever became of it. */
  readonly lastSlotUtc: Instant;
  readonly nextSlotUtc: Instant;
  readonly nowUtc: Instant;
  /** What is gone is a user's backup that the last slot was credited to: nothing was made then. */
  readonly wasCredit: boolean;
}

/**
 * A slot for an instance that has lost recovery points, sooner than its next and outside the window too; null where a point
 * younger than two intervals is left, unless what is gone stood for a slot. It comes as a new instance's first, spread, since whole projects may be purged; and
 * not within an hour of the last slot, or who deletes each backup at once would be backed up without end.
 */
export function makeUpSlot(policy: Policy, input: MakeUpInput): Instant | null {
  const { instanceId, newestPointUtc, lastSlotUtc, nextSlotUtc, nowUtc, wasCredit } = input;
  const { cadence } = policy;
  if (!wasCredit && newestPointUtc !== null && nowUtc - newestPointUtc <= 2 * intervalMs(cadence)) return null;
  const shortestMs = shortestGapMs(cadence);
  const withinMs = Math.min(policy.firstWithinMs, shortestMs);
  const earliestUtc = Math.max(
    nowUtc + spread(instanceId, 'make-up') * withinMs,
    lastSlotUtc + Math.min(HOUR, shortestMs),
  );
  const slotUtc = Math.ceil(earliestUtc / 1000) * 1000;
  return slotUtc < nextSlotUtc ? slotUtc : null;
}

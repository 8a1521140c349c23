import { intervalMs, shortestGapMs } from './cadence.ts';
import { DAY_MS } from './civil.ts';
import type { DurationMs } from './model.ts';
import type { Policy } from './policy.ts';

/** What is kept of more is beyond any quota, and reckoning it would hold up the daemon: its time grows with the square. */
const MOST_SLOTS = 1_500;

/** So far the course of an instance is reckoned, however long its project's other instances take until they hold all. */
export const reachMs = ({ cadence }: Pick<Policy, 'cadence'>): DurationMs => MOST_SLOTS * shortestGapMs(cadence);

/** How long it takes until a policy holds as many backups as it ever will. */
export function memoryMs(policy: Policy, graceMs: DurationMs): DurationMs {
  const { cadence, retention, fullEveryMs, maxIncrementals } = policy;
  const interval = intervalMs(cadence);
  const chainMs = Math.min(fullEveryMs, (maxIncrementals + 1) * interval) + interval;
  const keep = retention?.keep ?? {};
  const count = (number = 0, lengthMs: DurationMs): DurationMs => number * Math.max(interval, lengthMs);
  const keptMs = Math.max(
    keep.withinMs ?? 0,
    count(keep.last, interval),
    count(keep.daily, DAY_MS),
    count(keep.weekly, 7 * DAY_MS),
    count(keep.monthly, 31 * DAY_MS),
    count(keep.yearly, 366 * DAY_MS),
    (retention?.minimumFulls ?? 1) * chainMs,
  );
  return Math.min(keptMs + 3 * chainMs + graceMs + 2 * interval, reachMs(policy));
}

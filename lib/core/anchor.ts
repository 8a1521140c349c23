import { cadenceZone } from './cadence.ts';
import { modulo, weekdayOf } from './civil.ts';
import { localDay, type Period, periodStart } from './keep.ts';
import type { Instant } from './model.ts';
import { type Policy, WEEKDAYS } from './policy.ts';
import { because, type Reason } from './reason.ts';
import { spreadWeekday } from './recurrence.ts';

/** The longest first: its full is that of the shorter ones as well. */
const ANCHORED = ['yearly', 'monthly', 'weekly'] as const satisfies readonly Period[];

/**
 * Whether a slot must be full because a week, month or year of which a point is kept has no full yet: what is kept for long
 * then stands on nothing, and the incrementals between can go without being merged. Each instance has its own weekday for
 * it, so that no fleet makes its fulls in one night: the day of its weekly fulls, if it has any, which then cost nothing more.
 * @param newestFullUtc the slot of its newest full that is a recovery point
 */
export function anchorDue(policy: Policy, instanceId: string, slotUtc: Instant, newestFullUtc: Instant): Reason | null {
  const { retention, fullOn = 'spread' } = policy;
  if (!retention?.anchor) return null;
  const zone = cadenceZone(policy.cadence);
  const day = localDay(zone, slotUtc);
  const newestFullDay = localDay(zone, newestFullUtc);
  const weekday = fullOn === 'spread' ? spreadWeekday(instanceId) : WEEKDAYS.indexOf(fullOn);
  for (const period of ANCHORED) {
    const count = retention.keep[period];
    const startDay = periodStart(period, day);
    const anchorDay = startDay + modulo(weekday - weekdayOf(startDay), 7);
    if (count === undefined || day < anchorDay || newestFullDay >= startDay) continue;
    return because('full-anchor', { period, startDay, count });
  }
  return null;
}

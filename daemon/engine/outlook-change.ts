import { goesBy, type Instant, nextSlot, type Outlook } from '../../lib/core/index.ts';
import type { OutlookSchedule, ScheduleChange } from '../ports/outlook.ts';

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A slot that is due stays, and so does a first one, which is all that an instance has. */
function slotAfter(
  { instance, policy: was, nextSlotUtc, isFirst }: OutlookSchedule,
  policy: typeof was,
  nowUtc: Instant,
): Instant | null {
  const isAsOften = same(was.cadence, policy.cadence);
  return isAsOften || isFirst || nextSlotUtc <= nowUtc ? null : nextSlot(policy.cadence, instance.id, nowUtc);
}

/** What a look at a project's quota makes of one of its schedules; null where that stays as it is. */
export function changeBy(found: Outlook, schedule: OutlookSchedule, nowUtc: Instant): ScheduleChange | null {
  const { instance, configured } = schedule;
  const { adapted: by, refused } = goesBy(found, { instance, policy: configured });
  const { policy, because: adapted } = by;
  if (same(policy, schedule.policy) && same(adapted, schedule.adapted) && same(refused, schedule.refused)) return null;
  const nextSlotUtc = slotAfter(schedule, policy, nowUtc);
  return { instanceId: instance.id, configured, policy, adapted, refused, nextSlotUtc };
}

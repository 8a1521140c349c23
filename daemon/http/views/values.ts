import { baseOf, cadenceZone, type Keep, type Policy, type Window } from '../../../lib/core/index.ts';
import { viewDuration } from '../api/view.ts';
import type { PolicyValues } from '../contract/schedule.ts';

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
export const viewWindow = ({ startMinute, endMinute }: Window): string => `${clock(startMinute)}-${clock(endMinute)}`;

type Times = Pick<PolicyValues, 'every' | 'cron' | 'rrule' | 'zone' | 'window' | 'spread'>;

function viewTimes({ cadence }: Policy): Times {
  const base = baseOf(cadence);
  const none = { every: null, cron: null, rrule: null, zone: cadenceZone(cadence), window: null, spread: null };
  switch (base.kind) {
    case 'elapsed':
      return base.within
        ? { ...none, every: viewDuration(base.everyMs), window: viewWindow(base.within.window) }
        : { ...none, every: viewDuration(base.everyMs), zone: null };
    case 'calendar':
      return { ...none, every: base.unit, window: viewWindow(base.window) };
    case 'cron':
      return { ...none, cron: base.cron, spread: viewDuration(base.spreadMs) };
    case 'rrule':
      return { ...none, rrule: base.rrule, spread: viewDuration(base.spreadMs) };
  }
}

export function viewKeep({ withinMs, ...counts }: Keep): NonNullable<PolicyValues['keep']> {
  return withinMs === undefined ? counts : { within: viewDuration(withinMs), ...counts };
}

/** What a policy says; one in so many slots, where the quota holds no more, is none of its words. */
export function viewValues(policy: Policy): PolicyValues {
  const { retention } = policy;
  return {
    ...viewTimes(policy),
    full_every: viewDuration(policy.fullEveryMs),
    full_on: policy.fullOn ?? null,
    max_incrementals: policy.maxIncrementals,
    first_within: viewDuration(policy.firstWithinMs),
    catch_up: policy.catchUp ?? 'window',
    keep: retention ? viewKeep(retention.keep) : null,
    minimum_fulls: retention?.minimumFulls ?? 1,
    on_delete: retention
      ? { keep: viewDuration(retention.onDelete.keepMs), last_chain: viewDuration(retention.onDelete.lastChainMs) }
      : null,
    anchor: retention?.anchor ?? false,
  };
}

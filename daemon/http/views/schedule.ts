import {
  intervalMs,
  type Language,
  type Overrides,
  type Policy,
  type Source,
  type Sources,
  type TenantMay,
} from '../../../lib/core/index.ts';
import type { ShownSchedule } from '../../ports/schedules.ts';
import { viewDuration, viewInstant, viewOptional, viewReason } from '../api/view.ts';
import type { OverridesView, PolicyValues, ScheduleView, SourceView, TenantMayView } from '../contract/schedule.ts';
import { viewKeep, viewValues, viewWindow } from './values.ts';

const orNull = (ms: number | null): string | null => (ms === null ? null : viewDuration(ms));

/** What it is gone by: one in so many slots, where the quota holds no more, is a longer interval. */
function gone(policy: Policy): PolicyValues {
  const { cadence } = policy;
  const values = viewValues(policy);
  if (cadence.kind !== 'stretched' || values.every === null) return values;
  return { ...values, every: viewDuration(cadence.by * intervalMs(cadence.of)) };
}

export function viewOverrides({ every, window, zone, keep }: Overrides): OverridesView {
  return {
    ...(every === undefined ? {} : { every: typeof every === 'number' ? viewDuration(every) : every }),
    ...(window && { window: viewWindow(window) }),
    ...(zone === undefined ? {} : { zone }),
    ...(keep && { keep: viewKeep(keep) }),
  };
}

export const viewTenantMay = ({ window, zone, every, keep, optOut, pause }: TenantMay): TenantMayView => ({
  window,
  zone,
  every: orNull(every),
  keep: orNull(keep),
  opt_out: optOut,
  pause: orNull(pause),
});

const viewSource = (source: Source): SourceView => ({
  layer: source.layer,
  policy: source.layer === 'instance' ? null : source.policy,
});
const BY_QUOTA: SourceView = { layer: 'quota', policy: null };
const QUOTA_FIELDS = { every: 'every', keep: 'keep', maxIncrementals: 'max_incrementals' } as const;

/** Of every value of a policy. Those that no user changes are the operator's. */
function viewSources(values: PolicyValues, sources: Sources, operator: string, byQuota: ShownSchedule['byQuota']) {
  const own = { layer: 'operator', policy: operator } as const;
  const found: Record<string, SourceView> = Object.fromEntries(Object.keys(values).map((name) => [name, own]));
  for (const [name, source] of Object.entries(sources)) found[name] = viewSource(source);
  // Which form it has is said with the interval.
  for (const form of ['cron', 'rrule', 'spread']) found[form] = viewSource(sources.every);
  for (const field of byQuota) found[QUOTA_FIELDS[field]] = BY_QUOTA;
  return found;
}

/** A schedule as the API shows it. */
export function viewSchedule(shown: ShownSchedule, language: Language): ScheduleView {
  const { instanceId, enabled, policy, sources, byQuota, overrides, tenantMay, pause, nextSlotUtc, because } = shown;
  const values = gone(policy);
  return {
    instance_id: instanceId,
    enabled,
    policy: policy.name,
    values,
    sources: viewSources(values, sources, policy.name, byQuota),
    overrides: viewOverrides(overrides),
    tenant_may: viewTenantMay(tenantMay),
    pause: pause && { until_at: viewInstant(pause.untilUtc), owner: pause.owner, note: pause.note },
    next_slot_at: viewOptional(nextSlotUtc),
    because: because.map((reason) => viewReason(reason, language)),
  };
}

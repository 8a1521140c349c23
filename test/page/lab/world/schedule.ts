import type { PolicyValues, ScheduleView } from '../../../../daemon/http/contract/schedule.ts';

export const VALUES: PolicyValues = {
  every: 'day',
  cron: null,
  rrule: null,
  zone: 'Asia/Ho_Chi_Minh',
  window: '22:00-06:00',
  spread: null,
  full_every: 'P7D',
  full_on: 'sun',
  max_incrementals: 6,
  first_within: 'PT15M',
  catch_up: 'window',
  keep: { within: 'P7D' },
  minimum_fulls: 1,
  on_delete: { keep: 'P7D', last_chain: 'P30D' },
  anchor: true,
};

export const schedule = (more: Partial<ScheduleView> = {}): ScheduleView => ({
  instance_id: 'i1',
  enabled: true,
  policy: 'standard',
  values: VALUES,
  sources: {},
  overrides: {},
  tenant_may: { window: true, zone: true, every: 'PT6H', keep: 'P3D', opt_out: true, pause: 'P7D' },
  pause: null,
  next_slot_at: '2026-11-30T15:12:00.000Z',
  because: [],
  ...more,
});

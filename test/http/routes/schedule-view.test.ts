import { expect, test } from 'vitest';
import { readOverrides } from '../../../daemon/http/api/schedule-read.ts';
import { overridesSchema, scheduleSchema } from '../../../daemon/http/contract/schedule.ts';
import { viewOverrides, viewSchedule } from '../../../daemon/http/views/schedule.ts';
import type { ShownSchedule } from '../../../daemon/ports/schedules.ts';
import {
  type BaseCadence,
  because,
  type Cadence,
  type Overrides,
  type Source,
  TENANT_MAY,
} from '../../../lib/core/index.ts';
import { at, cron, DAY, daily, HOUR, policy } from '../../core/builders.ts';

const RETENTION = {
  keep: { withinMs: 7 * DAY, weekly: 4 },
  minimumFulls: 2,
  onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY },
  anchor: true,
};
const operator: Source = { layer: 'operator', policy: 'daily' };
const SHOWN: ShownSchedule = {
  instanceId: 'db-1',
  projectId: 'p1',
  enabled: true,
  saysEnabled: true,
  policy: policy({ cadence: daily('Asia/Tokyo'), retention: RETENTION }),
  sources: {
    every: operator,
    window: { layer: 'project', policy: 'ours' },
    zone: { layer: 'instance' },
    keep: operator,
  },
  byQuota: [],
  overrides: { zone: 'Asia/Tokyo' },
  tenantMay: { ...TENANT_MAY, every: 6 * HOUR, pause: 7 * DAY },
  pause: { untilUtc: at('2026-12-01 00:00'), owner: 'anna', note: 'moving' },
  nextSlotUtc: at('2026-11-30 22:00'),
  because: [because('policy-selects', { policy: 'daily' })],
  revision: 3,
};

test('a schedule is shown with where each of its values comes from', () => {
  const shown = viewSchedule(SHOWN, 'en');
  expect(scheduleSchema.parse(shown)).toEqual(shown);
  expect(shown).toMatchObject({
    policy: 'daily',
    values: {
      ...{ every: 'day', cron: null, rrule: null, zone: 'Asia/Tokyo', window: '22:00-06:00', spread: null },
      ...{ full_every: 'P7D', full_on: null, max_incrementals: 6, first_within: 'PT15M', catch_up: 'window' },
      ...{ keep: { within: 'P7D', weekly: 4 }, minimum_fulls: 2, on_delete: { keep: 'P7D', last_chain: 'P30D' } },
    },
    overrides: { zone: 'Asia/Tokyo' },
    tenant_may: { window: true, zone: true, every: 'PT6H', keep: null, opt_out: false, pause: 'P7D' },
    pause: { until_at: '2026-12-01T00:00:00.000Z', owner: 'anna', note: 'moving' },
    next_slot_at: '2026-11-30T22:00:00.000Z',
    because: [{ rule: 'policy-selects', text: 'Policy "daily" is the first that selects this instance.' }],
  });
  expect(shown.sources).toMatchObject({
    window: { layer: 'project', policy: 'ours' },
    zone: { layer: 'instance', policy: null },
    minimum_fulls: { layer: 'operator', policy: 'daily' },
  });
  expect(Object.keys(shown.sources).sort()).toEqual(Object.keys(shown.values).sort());
});

test('one in so many slots of a pattern stays the pattern', () => {
  const stretched: Cadence = { kind: 'stretched', by: 2, of: cron('0 3 * * *') as BaseCadence };
  const { values } = viewSchedule({ ...SHOWN, policy: policy({ cadence: stretched }), byQuota: ['every'] }, 'en');
  expect(values).toMatchObject({ every: null, cron: '0 3 * * *' });
});

test('what the quota made less is the quota’s', () => {
  const stretched: Cadence = { kind: 'stretched', by: 2, of: daily() };
  const shown = viewSchedule(
    { ...SHOWN, policy: { ...SHOWN.policy, cadence: stretched }, byQuota: ['every', 'keep', 'maxIncrementals'] },
    'vi',
  );
  expect(shown.values).toMatchObject({ every: 'P2D', zone: 'UTC' });
  const quota = { layer: 'quota', policy: null };
  expect(shown.sources).toMatchObject({ every: quota, keep: quota, max_incrementals: quota, full_every: operator });
});

test.each<Overrides>([
  {},
  { every: 'week', zone: 'UTC' },
  { every: 6 * HOUR, window: { startMinute: 65, endMinute: 600 } },
  { keep: { withinMs: 3 * DAY + HOUR, last: 5, yearly: 1 } },
])('%j is read as it is shown', (overrides) => {
  expect(readOverrides(overridesSchema.parse(viewOverrides(overrides)))).toEqual(overrides);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OverridesView, TenantMayView } from '../../../daemon/http/contract/schedule.ts';
import { begun, draftOf, type OverridesDraft } from '../../../daemon/web/schedule/draft.ts';
import { changedMeanwhile, isEmpty, patchOf, rebased, scheduleDraftOf } from '../../../daemon/web/schedule/patch.ts';
import { isZone, UNBOUND, write, ZONES } from '../../../daemon/web/schedule/written.ts';
import { schedule, VALUES } from '../../page/lab/world/schedule.ts';

const count = fc.option(fc.integer({ min: 1, max: 10_000 }), { nil: undefined });
const days = fc.integer({ min: 1, max: 999 }).map((n) => `P${n}D`);
const hours = fc.integer({ min: 1, max: 23 }).map((n) => `PT${n}H`);
const shorter = fc
  .tuple(fc.integer({ min: 1, max: 59 }), fc.constantFrom('M', 'S'))
  .map(([n, unit]) => `PT${n}${unit}`);
const clock = fc.integer({ min: 0, max: 23 }).map((h) => `${String(h).padStart(2, '0')}:30`);
const defined = <T extends object>(it: T): T =>
  Object.fromEntries(Object.entries(it).filter(([, value]) => value !== undefined)) as T;
const keep = fc
  .record({ within: fc.option(fc.oneof(days, hours), { nil: undefined }), last: count, daily: count, monthly: count })
  .map(defined)
  .filter((it) => Object.keys(it).length > 0);
const overrides: fc.Arbitrary<OverridesView> = fc
  .record({
    every: fc.option(fc.oneof(fc.constantFrom('day', 'week'), hours, shorter), { nil: undefined }),
    window: fc.option(
      fc
        .tuple(clock, clock)
        .filter(([a, b]) => a !== b)
        .map((it) => it.join('-')),
      { nil: undefined },
    ),
    zone: fc.option(fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Saigon'), { nil: undefined }),
    keep: fc.option(keep, { nil: undefined }),
  })
  .map((it) => defined(it) as OverridesView);

const writtenOf = (draft: OverridesDraft) => write(draft, UNBOUND, isZone);

test('what was read and not touched is written as it was, and is no change', () => {
  fc.assert(
    fc.property(overrides, (it) => {
      const written = writtenOf(draftOf(it));
      expect(written).toEqual({ overrides: it, problems: {} });
      expect(patchOf(schedule({ overrides: it }), true, written.overrides)).toEqual({});
    }),
  );
});

test('a patch has exactly what changed: carried out on the old, it gives the new', () => {
  fc.assert(
    fc.property(overrides, overrides, fc.boolean(), (from, to, enabled) => {
      const patch = patchOf(schedule({ overrides: from }), enabled, to) as Record<string, unknown>;
      expect('enabled' in patch).toBe(!enabled);
      const result: Record<string, unknown> = { ...from };
      for (const [field, value] of Object.entries(patch)) {
        if (field === 'enabled') continue;
        expect(value).not.toEqual(from[field as keyof OverridesView]);
        if (value === null) delete result[field];
        else result[field] = value;
      }
      expect(result).toEqual(to);
    }),
  );
});

test('a field begins with what is in force', () => {
  const draft = { ...draftOf({}), ...begun(VALUES) };
  expect(writtenOf(draft).overrides).toEqual({
    every: 'day',
    window: '22:00-06:00',
    zone: 'Asia/Ho_Chi_Minh',
    keep: { within: 'P7D' },
  });
});

const counts = { last: '', daily: '', weekly: '', monthly: '', yearly: '' };
const bounds = { every: 'PT6H', keep: 'P3D' } satisfies Pick<TenantMayView, 'every' | 'keep'>;
test.each([
  ['every', { every: { kind: 'time', time: { n: 'x', unit: 'hours' } } }, 'no-number'],
  ['every', { every: { kind: 'time', time: { n: '5', unit: 'hours' } } }, 'too-often'],
  ['window', { window: { from: '', to: '06:00' } }, 'no-time'],
  ['window', { window: { from: '24:00', to: '06:00' } }, 'no-time'],
  ['window', { window: { from: '06:00', to: '06:00' } }, 'same-times'],
  ['zone', { zone: 'Mars/Olympus' }, 'no-zone'],
  ['keep', { keep: { within: { n: '', unit: 'days' }, counts } }, 'keeps-nothing'],
  ['keep', { keep: { within: { n: '0', unit: 'days' }, counts } }, 'no-number'],
  ['keep', { keep: { within: { n: '3', unit: 'days' }, counts: { ...counts, daily: '1.5' } } }, 'no-number'],
  ['keep', { keep: { within: { n: '2', unit: 'days' }, counts } }, 'too-short'],
] as const)('%s: %o is %s', (field, more, problem) => {
  const draft: OverridesDraft = { ...draftOf({}), ...more };
  expect(write(draft, bounds, isZone)).toEqual({ overrides: {}, problems: { [field]: problem } });
});

test('what somebody else changed meanwhile is kept, and so is what was typed here', () => {
  const was = schedule({ overrides: { window: '21:00-05:00' } });
  const is = schedule({
    enabled: false,
    overrides: { window: '01:00-05:00', zone: 'UTC' },
    values: { ...VALUES, zone: 'UTC' },
  });
  const draft = { ...scheduleDraftOf(was), overrides: draftOf({ window: '21:00-05:00', every: 'week' }) };
  const merged = rebased(draft, was, is);
  expect(merged.enabled).toBe(false);
  expect(patchOf(is, merged.enabled, writtenOf(merged.overrides).overrides)).toEqual({ every: 'week' });
  expect(changedMeanwhile(was, is)).toEqual(['zone', 'enabled']);
  expect(isEmpty(patchOf(is, false, is.overrides))).toBe(true);
});

test('the zones to choose from are known, and older names are taken too', () => {
  expect(ZONES.length).toBeGreaterThan(400);
  expect(new Set(ZONES).size).toBe(ZONES.length);
  expect(['UTC', 'Asia/Saigon', 'Asia/Ho_Chi_Minh'].every(isZone)).toBe(true);
});

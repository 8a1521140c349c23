import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Cadence,
  type Keep,
  layered,
  NIGHT,
  type Overrides,
  type Policy,
  shortestGapMs,
  type TenantMay,
} from '../../lib/core/index.ts';
import { keptBy } from '../../lib/core/keep.ts';
import { at, cron, DAY, daily, every, HOUR, instance, policy } from './builders.ts';

const windows = fc.constantFrom(NIGHT, { startMinute: 0, endMinute: 120 }, { startMinute: 600, endMinute: 1200 });
const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Ho_Chi_Minh');
const intervals = fc.integer({ min: 1, max: 30 }).map((hours) => hours * HOUR);
const everies = fc.oneof(fc.constantFrom('day' as const, 'week' as const), intervals);
const counts = fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined });
const keeps: fc.Arbitrary<Keep> = fc
  .record({
    withinMs: fc.option(
      fc.integer({ min: 1, max: 20 }).map((days) => days * DAY),
      { nil: undefined },
    ),
    last: counts,
    daily: counts,
    weekly: counts,
  })
  .map((keep) => JSON.parse(JSON.stringify(keep)) as Keep)
  .filter((keep) => Object.keys(keep).length > 0);
const overrides: fc.Arbitrary<Overrides> = fc.record(
  { every: everies, window: windows, zone: zones, keep: keeps },
  { requiredKeys: [] },
);
const bounds: fc.Arbitrary<TenantMay> = fc.record({
  window: fc.boolean(),
  zone: fc.boolean(),
  every: fc.option(intervals),
  keep: fc.option(fc.integer({ min: 1, max: 10 }).map((days) => days * DAY)),
  optOut: fc.boolean(),
  pause: fc.constant(null),
});
const cadences: fc.Arbitrary<Cadence> = fc.oneof(
  zones.map((zone) => daily(zone)),
  intervals.map(every),
  fc.constant(cron('0 3 * * mon,thu', 'Asia/Tokyo')),
  fc
    .tuple(zones, windows)
    .map(([zone, window]): Cadence => ({ kind: 'elapsed', everyMs: HOUR, within: { zone, window } })),
);
const bases: fc.Arbitrary<Policy> = fc
  .record({ cadence: cadences, keep: keeps, tenantMay: bounds })
  .map(({ cadence, keep, tenantMay }) =>
    policy({
      cadence,
      tenantMay,
      retention: { keep, minimumFulls: 1, onDelete: { keepMs: DAY, lastChainMs: DAY }, anchor: true },
    }),
  );
const text = (value: unknown): string => JSON.stringify(value);
const project = (of: Overrides) => [{ id: 'p', name: 'p', select: { names: [], datastores: [] }, overrides: of }];

function effective(base: Policy, ofProject: Overrides, ofInstance: Overrides, enabled = true): Policy | null {
  const own = { policies: project(ofProject), overrides: { enabled, overrides: ofInstance } };
  const found = layered(base, instance(), own);
  return found.kind === 'policy' ? found.policy : null;
}

test('what an instance goes by is always within the operator’s bounds', () => {
  fc.assert(
    fc.property(bases, overrides, overrides, fc.boolean(), (base, ofProject, ofInstance, enabled) => {
      const may = base.tenantMay;
      const made = effective(base, ofProject, ofInstance, enabled);
      if (!may || !made) {
        expect(may?.optOut && !enabled).toBe(true);
        return;
      }
      if (text(made.cadence) !== text(base.cadence)) {
        const least = Math.min(shortestGapMs(base.cadence), may.every ?? Number.POSITIVE_INFINITY);
        expect(shortestGapMs(made.cadence)).toBeGreaterThanOrEqual(least);
        if (may.every === null) expect(shortestGapMs(made.cadence)).toBe(shortestGapMs(base.cadence));
        expect(may.window || may.zone || may.every !== null).toBe(true);
      }
      const keep = made.retention?.keep;
      if (text(keep) !== text(base.retention?.keep)) {
        expect(may.keep).not.toBeNull();
        expect(keep?.withinMs).toBeGreaterThanOrEqual(may.keep ?? 0);
      }
      expect({ ...made, cadence: null, retention: null }).toEqual({
        ...base,
        tenantMay: undefined,
        cadence: null,
        retention: null,
      });
      expect(made.retention).toEqual({ ...base.retention, keep });
    }),
    { numRuns: 2_000 },
  );
});

test('of whatever was made, nothing younger than the bound goes by a keep of a tenant', () => {
  const NOW = at('2026-11-30 12:00');
  const ages = fc.uniqueArray(fc.integer({ min: 0, max: 30 * 24 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(bases, keeps, ages, (base, keep, hours) => {
      const may = base.tenantMay?.keep ?? null;
      const made = effective(base, {}, { keep });
      if (may === null || text(made?.retention?.keep) === text(base.retention?.keep)) return;
      const points = hours
        .toSorted((a, b) => a - b)
        .map((hour) => ({ id: `${hour}`, atUtc: NOW - hour * HOUR, isFull: hour % 5 === 0 }));
      const kept = keptBy(points, made?.retention?.keep ?? {}, 'UTC', NOW);
      for (const { id, atUtc } of points) if (NOW - atUtc < may) expect(kept.has(id)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('values that are said apart do not hang on the layer that says them', () => {
  const free: TenantMay = { window: true, zone: true, every: HOUR, keep: DAY, optOut: false, pause: null };
  const one = fc.record({ window: windows, zone: zones }, { requiredKeys: [] });
  const other = fc.record({ keep: keeps.filter(({ withinMs }) => (withinMs ?? 0) >= DAY) }, { requiredKeys: [] });
  fc.assert(
    fc.property(bases, one, other, (base, times, kept) => {
      const may = { ...base, tenantMay: free };
      expect(text(effective(may, times, kept))).toBe(text(effective(may, kept, times)));
      if (base.cadence.kind === 'calendar') {
        const { window, zone } = times;
        const [ofWindow, ofZone] = [window ? { window } : {}, zone ? { zone } : {}];
        expect(text(effective(may, ofWindow, ofZone))).toBe(text(effective(may, ofZone, ofWindow)));
      }
    }),
  );
});

test('taking everything back gives exactly the operator’s policy, and the same said twice is said once', () => {
  fc.assert(
    fc.property(bases, overrides, (base, over) => {
      const { tenantMay: _, ...bare } = base;
      expect(text(effective(base, {}, {}))).toBe(text(bare));
      expect(text(effective(base, over, {}))).toBe(text(effective(base, {}, over)));
      expect(text(effective(base, over, over))).toBe(text(effective(base, over, {})));
    }),
  );
});

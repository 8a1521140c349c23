import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ADAPT_LEVELS,
  adapt,
  type BaseCadence,
  type Cadence,
  dayOfSlot,
  followingSlot,
  intervalMs,
  nextSlot,
  type Policy,
  type Retention,
  shortestGapMs,
} from '../../lib/core/index.ts';
import { at, DAY, daily, HOUR, policy, rrule, weekly } from './builders.ts';

const retention = (keep: Retention['keep'], minimumFulls = 1): Retention => ({
  keep,
  minimumFulls,
  onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY },
  anchor: true,
});
const LEVELS = Array.from({ length: ADAPT_LEVELS }, (_, level) => level);
const rules = (of: Policy, level: number) => adapt(of, level).because.map(({ rule }) => rule);

describe('the order in which a policy is adapted', () => {
  const usual = policy({ retention: retention({ withinMs: 7 * DAY, daily: 7, last: 5 }) });

  test('as configured at first, and the same object', () => {
    expect(adapt(usual, 0)).toEqual({ policy: usual, because: [] });
    expect(adapt(usual, 0).policy).toBe(usual);
    expect(adapt(usual, 4).policy).toBe(usual); // at most 6 incrementals are as many as it has
  });
  test('shorter chains, then fulls alone', () => {
    const incrementals = LEVELS.map((level) => adapt(usual, level).policy.maxIncrementals);
    expect(incrementals.slice(4, 10)).toEqual([6, 4, 3, 2, 1, 0]);
    expect(adapt(usual, 6).because).toEqual([{ rule: 'adapted-chains', params: { from: 6, to: 3 } }]);
  });
  test('then a longer interval, with as long a time kept by fewer', () => {
    const { policy: of, because } = adapt(usual, 10);
    expect(of.cadence).toEqual({ kind: 'stretched', by: 2, of: usual.cadence });
    expect(of.retention?.keep).toEqual({ withinMs: 7 * DAY, daily: 4, last: 3 });
    expect(because).toEqual([
      { rule: 'adapted-chains', params: { from: 6, to: 0 } },
      { rule: 'adapted-interval', params: { fromMs: DAY, toMs: 2 * DAY } },
      { rule: 'adapted-count', params: { of: 'last', from: 5, to: 3 } },
      { rule: 'adapted-count', params: { of: 'daily', from: 7, to: 4 } },
    ]);
  });
  test('and at last the floor, which is never touched', () => {
    const floored = policy({ retention: retention({ withinMs: 30 * DAY }, 3) });
    for (const level of LEVELS) expect(adapt(floored, level).policy.retention?.minimumFulls).toBe(3);
    expect(adapt(floored, ADAPT_LEVELS - 1).policy.retention?.keep).toEqual({ last: 1 });
    expect(rules(floored, ADAPT_LEVELS - 1)).toEqual(['adapted-chains', 'adapted-interval', 'adapted-floor']);
  });
  test('weekly, monthly and yearly points are as many as before while the interval is no longer than their period', () => {
    const long = policy({ retention: retention({ weekly: 4, monthly: 12, yearly: 3 }) });
    expect(adapt(long, 11).policy.retention?.keep).toEqual({ weekly: 4, monthly: 12, yearly: 3 });
    expect(adapt(long, 12).policy.retention?.keep).toEqual({ weekly: 4, monthly: 12, yearly: 3 });
    expect(adapt(long, 13).policy.retention?.keep).toEqual({ weekly: 2, monthly: 12, yearly: 3 });
  });
  test('no interval becomes longer than a month', () => {
    expect(intervalMs(adapt(policy({ cadence: weekly(), retention: retention({ last: 3 }) }), 13).policy.cadence)).toBe(
      28 * DAY,
    );
    const monthly = policy({ cadence: rrule('FREQ=MONTHLY;BYMONTHDAY=1'), retention: retention({ last: 3 }) });
    expect(adapt(monthly, 13).policy.cadence).toEqual(monthly.cadence);
  });
  test('where nothing is ever deleted nothing that is adapted makes room', () => {
    expect(rules(policy(), ADAPT_LEVELS - 1)).toEqual([]);
  });
});

const CADENCES: readonly BaseCadence[] = [
  daily('Europe/Berlin'),
  daily('America/Santiago', 23, 2),
  { ...daily('Asia/Ho_Chi_Minh'), unit: 'week' as const },
  { kind: 'elapsed', everyMs: HOUR },
  {
    kind: 'elapsed',
    everyMs: 2 * HOUR,
    within: { zone: 'Europe/Berlin', window: { startMinute: 1320, endMinute: 360 } },
  },
  { kind: 'cron', cron: '30 2,14 * * mon-fri', zone: 'Europe/Berlin', spreadMs: HOUR },
];
const cadences = fc.constantFrom(...CADENCES);

describe('one slot in so many', () => {
  const stretch = fc.record({
    of: cadences,
    by: fc.integer({ min: 2, max: 16 }),
    id: fc.integer({ min: 0, max: 999 }).map((number) => `db-${number}`),
    after: fc.integer({ min: at('2026-01-01 00:00'), max: at('2028-01-01 00:00') }),
  });
  const holds = (law: (cadence: Extract<Cadence, { kind: 'stretched' }>, id: string, after: number) => void): void =>
    fc.assert(
      fc.property(stretch, ({ of, by, id, after }) => law({ kind: 'stretched', by, of }, id, after)),
      { numRuns: 2_000 },
    );

  test('is one that there would be otherwise, too, and after the instant', () => {
    holds((cadence, id, after) => {
      const slot = nextSlot(cadence, id, after);
      expect(slot).toBeGreaterThan(after);
      expect(nextSlot(cadence.of, id, slot - 1)).toBe(slot);
      expect(dayOfSlot(cadence, id, slot)).toBe(dayOfSlot(cadence.of, id, slot));
    });
  });
  test('comes no sooner and no later than its gaps say, but for an hour that clocks change', () => {
    holds((cadence, id, after) => {
      const slot = nextSlot(cadence, id, after);
      const gap = followingSlot(cadence, id, slot) - slot;
      expect(gap).toBeGreaterThanOrEqual(shortestGapMs(cadence) - HOUR);
      expect(gap).toBeLessThanOrEqual(intervalMs(cadence) + HOUR);
    });
  });
  test('is the next one of every instant before it', () => {
    holds((cadence, id, after) => {
      const slot = nextSlot(cadence, id, after);
      expect(nextSlot(cadence, id, after + Math.floor((slot - after) / 2))).toBe(slot);
      expect(nextSlot(cadence, id, slot - 1)).toBe(slot);
    });
  });
  test('differs between instances, so that those of a project come by turns', () => {
    const cadence: Cadence = { kind: 'stretched', by: 4, of: daily() };
    const days = new Set(
      Array.from({ length: 40 }, (_, index) =>
        dayOfSlot(cadence, `db-${index}`, nextSlot(cadence, `db-${index}`, at('2026-11-24 00:00'))),
      ),
    );
    expect(days.size).toBeGreaterThanOrEqual(4);
  });
});

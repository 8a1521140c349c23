import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ADAPT_LEVELS,
  type Measures,
  type OutlookInput,
  outlook,
  type Policy,
  type Retention,
  type Scheduled,
  settle,
} from '../../lib/core/index.ts';
import { at, DAY, daily, every, HOUR, instance, MINUTE, policy } from './builders.ts';

const NOW = at('2026-11-24 12:00');
const keeping = (keep: Retention['keep'], over: Partial<Policy> = {}): Policy =>
  policy({
    cadence: daily(),
    retention: { keep, minimumFulls: 1, onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY }, anchor: true },
    ...over,
  });
const WEEK = keeping({ withinMs: 7 * DAY });

const scheduled = (id: string, of: Policy, over: Partial<Scheduled> = {}): Scheduled => ({
  instance: instance({ id, createdUtc: at('2026-11-01 00:00') }),
  policy: of,
  nextSlotUtc: NOW + HOUR,
  points: [],
  ...over,
});
const input = (over: Partial<OutlookInput> = {}): OutlookInput => ({
  quota: { inUse: 0, reserved: 0, limit: 50 },
  reserve: 1,
  onShortage: 'adapt',
  scheduled: [scheduled('db-1', WEEK)],
  others: 0,
  graceMs: 24 * HOUR,
  lookMs: 10 * MINUTE,
  nowUtc: NOW,
  before: null,
  ...over,
});
const limited = (limit: number, over: Partial<OutlookInput> = {}): OutlookInput =>
  input({ quota: { inUse: 0, reserved: 0, limit }, ...over });

const peakOf = (...policies: readonly Policy[]): number =>
  outlook(limited(3, { scheduled: policies.map((of, n) => scheduled(`db-${n}`, of)) })).peak.value;

describe('the number to ask for', () => {
  test.each([
    ['of one instance that is kept for a week', {}, 17],
    ['with two of its users beside it', { others: 2 }, 19],
    ['without a reserve', { reserve: 0 }, 16],
    ['of fulls alone', { scheduled: [scheduled('db-1', { ...WEEK, maxIncrementals: 0 })] }, 11],
  ] as const)('%s', (_, over, ask) => {
    expect(outlook(limited(3, over)).short?.params.ask).toBe(ask);
    expect(outlook(limited(ask - 1, over)).short?.params.ask).toBe(ask);
    const enough = outlook(limited(ask, over));
    expect(enough).toMatchObject({ short: null, fits: true, measures: { level: 0 } });
  });

  test('is reckoned no further for slots every few seconds though another instance takes days: they held up the service', () => {
    const often = { ...WEEK, cadence: every(6_000), maxIncrementals: 0 };
    expect(peakOf(often, WEEK)).toBe(peakOf(often) + peakOf(WEEK));
  });

  test('has the most of an instance whose course was not reckoned to the end of the others', () => {
    const hourly = keeping({ last: 1 }, { cadence: every(HOUR), maxIncrementals: 23 });
    const long = keeping({ monthly: 6 });
    expect(peakOf(hourly, long)).toBe(peakOf(hourly) + peakOf(long));
  });

  test('is none where the quota has no limit', () => {
    const many = Array.from({ length: 20 }, (_, index) => scheduled(`db-${index}`, WEEK));
    expect(outlook(limited(-1, { scheduled: many })).short).toBeNull();
  });
  test('is none where nothing is scheduled', () => {
    expect(outlook(limited(2, { scheduled: [] }))).toMatchObject({ short: null, peak: { value: 0 } });
  });
  test('counts what stands already, and what is held for ever with it', () => {
    const point = {
      id: 'old',
      parentId: null,
      atUtc: NOW - 30 * DAY,
      markedUtc: null,
      heldUntilUtc: Number.POSITIVE_INFINITY,
    };
    const held = outlook(limited(3, { scheduled: [scheduled('db-1', WEEK, { points: [point] })] }));
    expect(held.short?.params.ask).toBe(18);
  });
  test('counts months that are not over yet', () => {
    const long = keeping({ last: 1, monthly: 6 }, { maxIncrementals: 0 });
    expect(outlook(limited(3, { scheduled: [scheduled('db-1', long)] })).peak.value).toBeGreaterThanOrEqual(8);
  });
});

describe('adapt', () => {
  test.each([
    [16, { maxIncrementals: 4 }],
    [14, { maxIncrementals: 3 }],
    [11, { maxIncrementals: 0, cadence: daily() }],
    [9, { maxIncrementals: 0, cadence: { kind: 'stretched', by: 2 } }],
    [6, { maxIncrementals: 0, cadence: { kind: 'stretched', by: 4 } }],
    [3, { maxIncrementals: 0, cadence: { kind: 'stretched', by: 16 } }],
  ] as const)('with a limit of %i', (limit, expected) => {
    const found = outlook(limited(limit));
    expect(found.fits).toBe(true);
    expect(found.adapted.get('db-1')?.policy).toMatchObject(expected);
    expect(found.adapted.get('db-1')?.because).not.toEqual([]);
    expect(found.short?.params.ask).toBe(17);
  });
  test('goes as far as it can where nothing fits, and says so', () => {
    const found = outlook(limited(2));
    expect(found).toMatchObject({ fits: false, measures: { level: ADAPT_LEVELS - 1 } });
    expect(found.refused.size).toBe(0);
  });
  test('what it comes to fits, whatever the policies', () => {
    const arbitrary = fc.record({
      limit: fc.integer({ min: 3, max: 40 }),
      others: fc.integer({ min: 0, max: 5 }),
      of: fc.array(
        fc.record({
          withinDays: fc.integer({ min: 1, max: 10 }),
          maxIncrementals: fc.integer({ min: 0, max: 8 }),
          cadence: fc.constantFrom(daily(), every(12 * HOUR)),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(arbitrary, ({ limit, others, of }) => {
        const all = of.map(({ withinDays, ...over }, index) =>
          scheduled(`db-${index}`, keeping({ withinMs: withinDays * DAY }, over)),
        );
        const found = outlook(limited(limit, { scheduled: all, others }));
        if (!found.fits) return;
        const after = all.map((one) => ({ ...one, policy: found.adapted.get(one.instance.id)?.policy ?? one.policy }));
        const again = outlook(limited(-1, { scheduled: after, others }));
        expect(again.peak.value + others).toBeLessThanOrEqual(limit - 1);
      }),
      { numRuns: 60 },
    );
  });
});

describe('refuse', () => {
  const three = ['db-1', 'db-2', 'db-3'].map((id, index) =>
    scheduled(id, { ...WEEK, maxIncrementals: 0 }, { instance: instance({ id, createdUtc: NOW - index * DAY }) }),
  );
  const refusedOf = (limit: number) => [
    ...outlook(limited(limit, { scheduled: three, onShortage: 'refuse' })).refused.keys(),
  ];
  test.each([
    ['all are backed up', 40, []],
    ['the youngest is not', 24, ['db-1']],
    ['the oldest alone is', 12, ['db-2', 'db-1']],
    ['none is', 3, ['db-3', 'db-2', 'db-1']],
  ] as const)('%s with a limit of %i', (_, limit, expected) => {
    expect(refusedOf(limit)).toEqual(expected);
  });
  test('adapts no policy, and tells each the number to ask for', () => {
    const found = outlook(limited(12, { scheduled: three, onShortage: 'refuse' }));
    expect([...found.adapted.values()].every(({ because }) => because.length === 0)).toBe(true);
    expect(found.refused.get('db-1')).toEqual({ rule: 'quota-holds-older', params: { limit: 12, ask: 29 } });
  });
});

describe('what was taken back comes back', () => {
  const taken = (over: Partial<Measures> = {}): Measures => ({
    onShortage: 'adapt',
    level: 5,
    limit: 50,
    easierSinceUtc: null,
    ...over,
  });
  test.each([
    ['more is needed: at once', taken(), 7, { level: 7, easierSinceUtc: null }],
    ['as much: as it is', taken({ easierSinceUtc: NOW - DAY }), 5, { level: 5, easierSinceUtc: null }],
    ['less, for the first time: not yet', taken(), 2, { level: 5, easierSinceUtc: NOW }],
    ['less, for a day: not yet', taken({ easierSinceUtc: NOW - DAY }), 2, { level: 5, easierSinceUtc: NOW - DAY }],
    ['less, for two days: now', taken({ easierSinceUtc: NOW - 2 * DAY }), 0, { level: 0, easierSinceUtc: null }],
    ['less, since the limit was raised: now', taken({ limit: 40 }), 0, { level: 0, easierSinceUtc: null }],
    ['less, and the limit fell: not yet', taken({ limit: 60 }), 2, { level: 5, easierSinceUtc: NOW }],
    ['the operator chose otherwise: now', taken({ onShortage: 'refuse' }), 0, { level: 0, easierSinceUtc: null }],
  ] as const)('%s', (_, was, needed, expected) => {
    expect(settle(input({ before: was }), needed)).toMatchObject(expected);
  });
  test('an end of all limits counts as a raise', () => {
    expect(settle(limited(-1, { before: taken() }), 0).level).toBe(0);
  });
  test('a policy that is adapted still says what it lacks', () => {
    const found = outlook(limited(12, { before: taken({ level: 12, limit: 12, easierSinceUtc: NOW - DAY }) }));
    expect(found.measures).toMatchObject({ level: 12, easierSinceUtc: NOW - DAY });
  });
});

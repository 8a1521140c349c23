import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkKeep, explain, InvalidInput, type Keep, PERIODS } from '../../lib/core/index.ts';
import { type Candidate, keptBy, periodStart } from '../../lib/core/keep.ts';
import { at, DAY, HOUR } from './builders.ts';

const NOW = at('2026-11-24 12:00');

/** `full 2026-11-24 22:00` or `inc …`, newest first; named by their day and hour. */
const candidates = (...lines: readonly string[]): readonly Candidate[] =>
  lines
    .map((line) => ({ id: line.slice(-16), atUtc: at(line.slice(-16)), isFull: line.startsWith('full') }))
    .sort((a, b) => b.atUtc - a.atUtc);

const kept = (points: readonly Candidate[], keep: Keep, zone = 'UTC', nowUtc = NOW): readonly string[] =>
  [...keptBy(points, keep, zone, nowUtc).keys()].sort();

/** A point a day at 22:00, full on Sundays, the newest on 23 November. */
const nightly = (days: number): readonly Candidate[] =>
  Array.from({ length: days }, (_, back) => {
    const atUtc = at('2026-11-23 22:00') - back * DAY;
    const id = new Date(atUtc).toISOString().slice(0, 10);
    return { id, atUtc, isFull: new Date(atUtc).getUTCDay() === 0 };
  });

describe('a rule keeps', () => {
  test.each<{ says: string; keep: Keep; of: readonly Candidate[]; ids: readonly string[] }>([
    { says: 'nothing of nothing', keep: { withinMs: DAY, last: 3, daily: 7 }, of: [], ids: [] },
    { says: 'the newest few', keep: { last: 2 }, of: nightly(5), ids: ['2026-11-22', '2026-11-23'] },
    { says: 'all, where there are no more', keep: { last: 9 }, of: nightly(2), ids: ['2026-11-22', '2026-11-23'] },
    {
      says: 'what lies in the window, and the one that was the newest when it began',
      keep: { withinMs: 2 * DAY },
      of: nightly(10),
      ids: ['2026-11-21', '2026-11-22', '2026-11-23'],
    },
    {
      says: 'the one before the window alone, where nothing has come since',
      keep: { withinMs: HOUR },
      of: nightly(3),
      ids: ['2026-11-23'],
    },
    {
      says: 'one a day, the first of each',
      keep: { daily: 2 },
      of: candidates('inc 2026-11-23 00:00', 'inc 2026-11-23 06:00', 'inc 2026-11-24 00:00', 'inc 2026-11-24 06:00'),
      ids: ['2026-11-23 00:00', '2026-11-24 00:00'],
    },
    {
      says: 'the full of a day before what is only built on another',
      keep: { daily: 1 },
      of: candidates('inc 2026-11-24 00:00', 'full 2026-11-24 06:00', 'inc 2026-11-24 12:00'),
      ids: ['2026-11-24 06:00'],
    },
    {
      says: 'one a week, its first full; weeks begin on Monday',
      keep: { weekly: 3 },
      of: nightly(20),
      ids: ['2026-11-15', '2026-11-22', '2026-11-23'],
    },
    {
      says: 'one a month, its first full',
      keep: { monthly: 3 },
      of: nightly(90),
      ids: ['2026-09-06', '2026-10-04', '2026-11-01'],
    },
    { says: 'one a year', keep: { yearly: 2 }, of: nightly(700), ids: ['2025-01-05', '2026-01-04'] },
    {
      says: 'of the newest days that have a point, however long ago they are',
      keep: { daily: 2 },
      of: candidates('inc 2026-03-01 22:00', 'inc 2026-03-02 22:00', 'full 2020-01-01 22:00'),
      ids: ['2026-03-01 22:00', '2026-03-02 22:00'],
    },
    {
      says: 'what any of several rules wants',
      keep: { last: 1, monthly: 2 },
      of: nightly(60),
      ids: ['2026-10-04', '2026-11-01', '2026-11-23'],
    },
  ])('$says', ({ keep, of, ids }) => {
    expect(kept(of, keep)).toEqual(ids);
  });
});

test('days are those of the zone', () => {
  const points = candidates('inc 2026-11-23 16:00', 'inc 2026-11-23 18:00');
  expect(kept(points, { daily: 9 })).toEqual(['2026-11-23 16:00']);
  expect(kept(points, { daily: 9 }, 'Asia/Ho_Chi_Minh')).toEqual(['2026-11-23 16:00', '2026-11-23 18:00']);
});

test('an hour that clocks show twice is one, and a day of 25 hours one day', () => {
  const points = candidates('inc 2026-10-25 00:30', 'inc 2026-10-25 01:30', 'inc 2026-10-25 22:30');
  expect(kept(points, { daily: 9 }, 'Europe/Berlin')).toEqual(['2026-10-25 00:30']);
});

test('every rule that wants a point says so, and which place of how many it has', () => {
  const reasons = keptBy(nightly(30), { last: 2, weekly: 4, monthly: 1 }, 'UTC', NOW);
  const sentences = (id: string) => reasons.get(id)?.map((reason) => explain(reason));
  expect(sentences('2026-11-22')).toEqual([
    'Kept as number 2 of the newest 2.',
    'Kept as the weekly backup of the week from 2026-11-16, 2 of 4.',
  ]);
  expect(sentences('2026-11-01')).toEqual(['Kept as the monthly backup of the month from 2026-11-01, 1 of 1.']);
});

describe('periods begin', () => {
  const day = (text: string): number => at(`${text} 00:00`) / DAY;
  test.each<{ period: (typeof PERIODS)[number]; of: string; start: string }>([
    { period: 'daily', of: '2026-11-24', start: '2026-11-24' },
    { period: 'weekly', of: '2026-11-23', start: '2026-11-23' },
    { period: 'weekly', of: '2026-11-29', start: '2026-11-23' },
    { period: 'weekly', of: '2027-01-03', start: '2026-12-28' },
    { period: 'weekly', of: '1970-01-01', start: '1969-12-29' },
    { period: 'monthly', of: '2028-02-29', start: '2028-02-01' },
    { period: 'yearly', of: '2028-12-31', start: '2028-01-01' },
    { period: 'yearly', of: '1969-12-31', start: '1969-01-01' },
  ])('the $period one of $of on $start', ({ period, of, start }) => {
    expect(periodStart(period, day(of))).toBe(day(start));
  });
});

const keepRules: fc.Arbitrary<Keep> = fc
  .record(
    {
      withinMs: fc.integer({ min: 1, max: 400 * DAY }),
      last: fc.integer({ min: 1, max: 20 }),
      daily: fc.integer({ min: 1, max: 20 }),
      weekly: fc.integer({ min: 1, max: 10 }),
      monthly: fc.integer({ min: 1, max: 14 }),
      yearly: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: [] },
  )
  .filter((keep) => Object.keys(keep).length > 0);

const history: fc.Arbitrary<readonly Candidate[]> = fc
  .uniqueArray(fc.record({ back: fc.integer({ min: 0, max: 900 * 24 }), isFull: fc.boolean() }), {
    maxLength: 60,
    selector: ({ back }) => back,
  })
  .map((rows) =>
    rows
      .map(({ back, isFull }) => ({ id: `b${back}`, atUtc: NOW - back * HOUR, isFull }))
      .sort((a, b) => b.atUtc - a.atUtc),
  );
const zones = fc.constantFrom('UTC', 'Asia/Ho_Chi_Minh', 'America/New_York', 'Australia/Lord_Howe');

describe('whatever the rules and the history', () => {
  test('what is left after pruning is kept by the same rules again: pruning twice takes nothing more', () => {
    fc.assert(
      fc.property(history, keepRules, zones, (points, keep, zone) => {
        const first = keptBy(points, keep, zone, NOW);
        const left = points.filter(({ id }) => first.has(id));
        expect([...keptBy(left, keep, zone, NOW).keys()].sort()).toEqual([...first.keys()].sort());
      }),
      { numRuns: 2_000 },
    );
  });

  test('a wider rule never keeps less', () => {
    fc.assert(
      fc.property(history, keepRules, zones, (points, keep, zone) => {
        const wider = Object.fromEntries(Object.entries(keep).map(([rule, value]) => [rule, value + 1])) as Keep;
        const more = new Set(kept(points, wider, zone));
        // The one before a window's start is there for the window alone.
        const { withinMs: _, ...counts } = keep;
        for (const id of kept(points, counts, zone)) expect(more).toContain(id);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a point is kept or not, and never without one of the rules that were given', () => {
    fc.assert(
      fc.property(history, keepRules, zones, (points, keep, zone) => {
        for (const reasons of keptBy(points, keep, zone, NOW).values()) {
          expect(reasons.length).toBeGreaterThan(0);
          for (const { rule, params } of reasons) {
            const name = rule === 'kept-period' ? params.period : rule === 'kept-last' ? 'last' : 'withinMs';
            expect(keep).toHaveProperty(name);
          }
        }
      }),
    );
  });

  test('what stood for a period goes on to stand for it, whatever is added later', () => {
    fc.assert(
      fc.property(
        history,
        fc.constantFrom(...PERIODS),
        zones,
        fc.integer({ min: 0, max: 60 }),
        (all, period, zone, cut) => {
          const early = all.slice(Math.min(cut, all.length));
          const before = keptBy(early, { [period]: 10_000 }, zone, NOW);
          const after = keptBy(all, { [period]: 10_000 }, zone, NOW);
          const fulls = new Set(all.filter(({ isFull }) => isFull).map(({ id }) => id));
          // Only a period that had no full yet takes its first one instead.
          for (const id of before.keys()) if (fulls.has(id)) expect([...after.keys()]).toContain(id);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('rules are refused that', () => {
  test.each<{ says: string; keep: Keep; error: RegExp }>([
    { says: 'keep nothing', keep: {}, error: /keeps nothing; give at least one of within/ },
    {
      says: 'keep none by a count',
      keep: { daily: 0 },
      error: /daily: 0 is not a whole number from 1 to 10000; leave daily out/,
    },
    { says: 'keep half a point', keep: { last: 1.5 }, error: /last: 1\.5 is not a whole number/ },
    { says: 'keep more than anybody can mean', keep: { weekly: 1e9 }, error: /weekly: 1000000000 is not/ },
    {
      says: 'keep for a billion days',
      keep: { withinMs: 1e9 * DAY },
      error: /within: 1000000000d is not .* at most 36525d/,
    },
    { says: 'keep for no time', keep: { withinMs: 0 }, error: /within: 0ms/ },
  ])('$says', ({ keep, error }) => {
    expect(() => checkKeep(keep)).toThrow(InvalidInput);
    expect(() => checkKeep(keep)).toThrow(error);
  });

  test('but not those that people use', () => {
    expect(() => checkKeep({ withinMs: 7 * DAY, last: 5, daily: 7, weekly: 4, monthly: 12, yearly: 3 })).not.toThrow();
  });
});

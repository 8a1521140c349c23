import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Course,
  type ForecastOptions,
  type Foreseen,
  forecast,
  InvalidInput,
  nextSlot,
  type Policy,
  Timeline,
} from '../../lib/core/index.ts';
import { at, cron, DAY, daily, every, HOUR, instance, MINUTE, policy, weekly } from './builders.ts';
import { type Happened, lifeByDecisions } from './forecast-reference.ts';

const FROM = at('2026-10-01 00:00');

const keep = fc
  .record(
    {
      withinMs: fc.integer({ min: 1, max: 20 }).map((days) => days * 12 * HOUR),
      last: fc.integer({ min: 1, max: 12 }),
      daily: fc.integer({ min: 1, max: 9 }),
      weekly: fc.integer({ min: 1, max: 4 }),
      monthly: fc.integer({ min: 1, max: 2 }),
      yearly: fc.constant(1),
    },
    { requiredKeys: [] },
  )
  .map((rules) => (Object.keys(rules).length === 0 ? { withinMs: 7 * DAY } : rules));

const policies: fc.Arbitrary<Policy> = fc
  .record(
    {
      cadence: fc.constantFrom(
        daily(),
        daily('Europe/Berlin'),
        weekly(),
        every(6 * HOUR),
        every(17 * HOUR),
        cron('0 3 * * mon-fri', 'Asia/Ho_Chi_Minh', HOUR),
      ),
      fullEveryMs: fc.integer({ min: 1, max: 20 }).map((days) => days * DAY),
      maxIncrementals: fc.integer({ min: 0, max: 8 }),
      fullOn: fc.constantFrom('spread' as const, 'wed' as const),
      retention: fc.record({
        keep,
        minimumFulls: fc.integer({ min: 1, max: 4 }),
        anchor: fc.boolean(),
        onDelete: fc.constant({ keepMs: 7 * DAY, lastChainMs: 30 * DAY }),
      }),
    },
    { requiredKeys: ['cadence', 'fullEveryMs', 'maxIncrementals'] },
  )
  .map((over) => policy(over));

const scenes = fc.record({
  policy: policies,
  id: fc.integer({ min: 1, max: 500 }).map((number) => `db-${number}`),
  type: fc.constantFrom('mysql', 'mysql', 'mysql', 'postgresql'),
  days: fc.integer({ min: 1, max: 45 }),
  graceMs: fc.constantFrom(0, HOUR, 24 * HOUR, 40 * HOUR),
  lookMs: fc.constantFrom(HOUR, 4 * HOUR),
  durationMs: fc.constantFrom(0, 20 * MINUTE, 5 * HOUR, 30 * HOUR),
  failing: fc.constantFrom(0, 0, 0.1, 0.6),
});
const failsBy = (failing: number, slotUtc: number): boolean => ((slotUtc / 1000) % 97) / 97 < failing;

const measured = (durationMs: number) => ({
  fullMs: durationMs,
  incrementalMs: durationMs,
  fullBytes: 1000,
  incrementalBytes: 10,
});
const inOrder = (happened: readonly Happened[]): readonly Happened[] =>
  happened.toSorted((a, b) => a.atUtc - b.atUtc || a.kind.localeCompare(b.kind) || a.what - b.what);
const firstSlotOf = (policy: Policy, id: string): number => nextSlot(policy.cadence, id, FROM - 1);

test('a course goes look by look as the functions that decide go, whatever the policy, the grace and what fails', () => {
  fc.assert(
    fc.property(scenes, ({ policy, id, type, days, graceMs, lookMs, durationMs, failing }) => {
      const it = instance({ id, datastore: { type, version: '8.0' } });
      const endUtc = FROM + days * DAY;
      const fails = (slotUtc: number): boolean => failsBy(failing, slotUtc);
      const expected = lifeByDecisions(policy, it, { fromUtc: FROM, endUtc, graceMs, lookMs, durationMs, fails });
      const told: Happened[] = [];
      const nextSlotUtc = firstSlotOf(policy, id);
      const beginning = { instance: it, policy, nextSlotUtc, points: [], ...measured(durationMs) };
      new Course(beginning, { graceMs, lookMs, fails: (_, slotUtc) => fails(slotUtc) }, FROM, {
        made: (atUtc, what) => told.push({ atUtc, kind: 'made', what }),
        completed: (atUtc, what) => told.push({ atUtc, kind: 'completed', what }),
        gone: (atUtc, what) => told.push({ atUtc, kind: 'gone', what }),
      }).run(endUtc);
      expect(inOrder(told)).toEqual(inOrder(expected));
    }),
    { numRuns: 300 },
  );
});

test('the figures of a fleet are those of what its instances go through', () => {
  fc.assert(
    fc.property(scenes, fc.integer({ min: 1, max: 4 }), ({ policy, days, graceMs, lookMs, durationMs }, count) => {
      const ids = Array.from({ length: count }, (_, index) => `db-${index}`);
      const endUtc = FROM + days * DAY;
      const lives = ids.map((id) =>
        lifeByDecisions(policy, instance({ id }), {
          fromUtc: FROM,
          endUtc,
          graceMs,
          lookMs,
          durationMs,
          fails: () => false,
        }),
      );
      const fleet = ids.map((id): Foreseen => ({ instance: instance({ id }), measured: measured(durationMs) }));
      const options: ForecastOptions = { fromUtc: FROM, horizonMs: endUtc - FROM, graceMs, lookMs };
      const found = forecast(policy, fleet, options);
      const all = lives.flat();
      const made = all.filter(({ kind }) => kind === 'made');
      const most = (happened: readonly Happened[]): number => {
        let [now, peak] = [0, 0];
        for (const { kind } of happened.filter(({ kind }) => kind !== 'completed').toSorted(cameFirst)) {
          now += kind === 'made' ? 1 : -1;
          peak = Math.max(peak, now);
        }
        return peak;
      };
      expect(found.projects.get('project-a')?.peak.value ?? 0).toBe(most(all));
      expect(ids.map((id) => found.instances.get(id)?.value)).toEqual(lives.map(most));
      expect(found.longestChain).toBe(Math.max(0, ...made.map(({ what }) => what)));
      const bytes = (what: number): number => (what === 0 ? 1000 : 10);
      const sign = { made: 1, completed: 0, gone: -1 };
      expect(found.storage.atEnd).toBe(all.reduce((sum, { kind, what }) => sum + sign[kind] * bytes(what), 0));
      const starts = Map.groupBy(made, ({ atUtc }) => Math.floor(atUtc / MINUTE));
      expect(found.startsAMinute.value).toBe(Math.max(0, ...[...starts.values()].map(({ length }) => length)));
      const ages = lives.map((life) => oldest(life, endUtc));
      expect(found.worstAge?.value ?? 0).toBe(Math.max(0, ...ages));
    }),
    { numRuns: 100 },
  );
});
const cameFirst = (a: Happened, b: Happened): number => a.atUtc - b.atUtc || (a.kind === 'made' ? -1 : 1);
function oldest(life: readonly Happened[], endUtc: number): number {
  let [worst, newest] = [0, Number.NaN];
  for (const { atUtc, what } of life.filter(({ kind }) => kind === 'completed')) {
    worst = Math.max(worst, Number.isNaN(newest) ? 0 : atUtc - newest);
    newest = what;
  }
  return Math.max(worst, Number.isNaN(newest) ? 0 : endUtc - newest);
}

describe('what a daily schedule holds', () => {
  const retention = {
    keep: { withinMs: 7 * DAY },
    minimumFulls: 1,
    onDelete: { keepMs: 0, lastChainMs: 0 },
    anchor: true,
  };
  const peakOf = (over: Partial<Policy>, options: Partial<ForecastOptions> = {}): number | undefined =>
    forecast(policy({ retention, ...over }), [{ instance: instance() }], { fromUtc: FROM, ...options }).projects.get(
      'project-a',
    )?.peak.value;

  test.each([
    ['a week of incrementals holds the chain that ended and the one that runs', {}, {}, 16],
    ['fulls alone hold the window, what it began with, and what waits for its grace', { maxIncrementals: 0 }, {}, 10],
    ['without a grace there is one less', { maxIncrementals: 0 }, { graceMs: 0 }, 9],
    [
      'the last three fulls, the new one and what waits',
      { maxIncrementals: 0, retention: { ...retention, keep: { last: 3 } } },
      {},
      5,
    ],
  ] as const)('%s', (_, over, options, expected) => {
    expect(peakOf(over, options)).toBe(expected);
  });

  test('what stands at the beginning is counted, and goes by the same rules', () => {
    const points = [0, 1, 2].map((day) => ({
      id: `old-${day}`,
      parentId: null,
      atUtc: FROM - (30 - day) * DAY,
      markedUtc: null,
      heldUntilUtc: day === 0 ? Number.POSITIVE_INFINITY : null,
    }));
    const found = forecast(policy({ retention, maxIncrementals: 0 }), [{ instance: instance(), points }], {
      fromUtc: FROM,
    });
    // The held one stays.
    expect(found.instances.get('db-1')?.value).toBe(11);
    expect(found.worstAge?.value).toBeGreaterThan(28 * DAY);
  });
});

test.each([
  [{ horizonMs: 0 }, /horizonMs: 0 is no time/],
  [{ graceMs: -1 }, /graceMs: -1 is no time/],
  [{ lookMs: 0 }, /lookMs: 0 is no pause/],
  [{ failing: 1.5 }, /failing: 1.5 is no share/],
])('options that mean nothing are refused: %o', (options, message) => {
  expect(() => forecast(policy(), [], { fromUtc: FROM, ...options })).toThrow(InvalidInput);
  expect(() => forecast(policy(), [], { fromUtc: FROM, ...options })).toThrow(message);
});

test('the days of a timeline have the most of each day, as counting it at every change finds', () => {
  const changes = fc.array(fc.record({ hour: fc.integer({ min: 0, max: 24 * 6 }), came: fc.boolean() }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(changes, (made) => {
      const timeline = new Timeline();
      for (const { hour, came } of made) {
        if (came) timeline.came(FROM + hour * HOUR);
        else timeline.went(FROM + hour * HOUR);
      }
      const countAt = (instant: number, withGone: boolean): number =>
        made.reduce((sum, { hour, came }) => {
          const at = FROM + hour * HOUR;
          const counts = came ? at <= instant : withGone ? at <= instant : at < instant;
          return counts ? sum + (came ? 1 : -1) : sum;
        }, 0);
      const days = timeline.days(FROM, FROM + 5 * DAY);
      expect(days).toHaveLength(5);
      for (const [day, { value }] of days.entries()) {
        const hours = Array.from({ length: 24 }, (_, hour) => FROM + day * DAY + hour * HOUR);
        // What there is when it begins, and what there is whenever something comes: what goes at the same time goes after.
        const begins = made.reduce((sum, { hour, came }) => (hour < day * 24 ? sum + (came ? 1 : -1) : sum), 0);
        expect(value).toBe(
          Math.max(begins, ...hours.map((at) => countAt(at, false)), ...hours.map((at) => countAt(at, true))),
        );
      }
    }),
  );
});

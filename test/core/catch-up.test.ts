import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Cadence,
  type CatchUp,
  catchUpSlot,
  type Freeze,
  followingSlot,
  frozen,
  goOn,
  type Instant,
  isMadeUpFor,
  type MadeUpFor,
  nextSlot,
  shortestGapMs,
  startBy,
} from '../../lib/core/index.ts';
import { at, cron, DAY, daily, every, HOUR, iso, MINUTE, policy, weekly } from './builders.ts';

const ID = 'db-1';
const SECOND = 1_000;
const QUARTER = 15 * MINUTE;
const NIGHT = { startMinute: 22 * 60, endMinute: 6 * 60 };
const hourlyAtNight: Cadence = { kind: 'elapsed', everyMs: HOUR, within: { zone: 'UTC', window: NIGHT } };

/** The slot of the night that begins on a day. */
const slotOf = (cadence: Cadence, day: string): Instant => nextSlot(cadence, ID, at(`${day} 21:59`));
const NIGHTLY = daily();
const WEEKLY = weekly();
/** Of this instance's weekly schedule. */
const WEEK = nextSlot(WEEKLY, ID, at('2026-11-16 12:00'));

describe('a start is bound by', () => {
  test.each<{ says: string; cadence: Cadence; slot: Instant; by: Instant | null }>([
    { says: 'the end of the night', cadence: NIGHTLY, slot: at('2026-11-22 23:00'), by: at('2026-11-23 06:00') },
    { says: 'the same after midnight', cadence: NIGHTLY, slot: at('2026-11-23 02:00'), by: at('2026-11-23 06:00') },
    { says: 'nothing for a first slot at noon', cadence: NIGHTLY, slot: at('2026-11-22 12:00'), by: null },
    {
      says: 'the end of any night of the week',
      cadence: WEEKLY,
      slot: at('2026-11-25 23:00'),
      by: at('2026-11-26 06:00'),
    },
    {
      says: 'the end of the window of an interval',
      cadence: hourlyAtNight,
      slot: at('2026-11-22 23:10'),
      by: at('2026-11-23 06:00'),
    },
    { says: 'nothing around the clock', cadence: every(HOUR), slot: at('2026-11-22 23:00'), by: null },
    { says: 'an hour of a rule', cadence: cron('0 3 * * *'), slot: at('2026-11-22 03:00'), by: at('2026-11-22 04:00') },
    {
      says: 'nothing for a slot that no rule names',
      cadence: cron('0 3 * * *'),
      slot: at('2026-11-22 12:00'),
      by: null,
    },
    {
      says: 'the night as clocks show it',
      cadence: daily('Europe/Berlin'),
      slot: at('2026-03-28 22:00'),
      by: at('2026-03-29 04:00'),
    },
  ])('$says', ({ cadence, slot, by }) => {
    expect(startBy(cadence, ID, slot)).toBe(by);
  });

  test('the spread of a rule, where that is longer than an hour', () => {
    const cadence = cron('0 3 * * *', 'UTC', 3 * HOUR);
    const slot = nextSlot(cadence, ID, at('2026-11-22 02:59'));
    expect(startBy(cadence, ID, slot)).toBe(slot + 3 * HOUR);
  });
});

interface Row {
  readonly says: string;
  readonly cadence: Cadence;
  readonly catchUp?: CatchUp;
  readonly newest: Instant | null;
  readonly last: Instant;
  readonly now: Instant;
  readonly freezes?: readonly Freeze[];
  /** `missed` unless said. */
  readonly by?: MadeUpFor;
  /** From when and until when the slot is; null: the next is as good. */
  readonly within: readonly [Instant, Instant] | null;
}
const soon = (instant: Instant): readonly [Instant, Instant] => [instant, instant + QUARTER];
const LAST = slotOf(NIGHTLY, '2026-11-22');
const MORNING = at('2026-11-23 06:00');
const freeze = (from: string, to: string): Freeze => ({
  kind: 'instants',
  fromUtc: at(from),
  toUtc: at(to),
  reason: 'closing',
});
const EVENING = at(iso(WEEK).slice(0, 10));
const frozenWeek: Freeze = { kind: 'instants', fromUtc: EVENING, toUtc: EVENING + 2 * DAY, reason: 'closing' };

const ROWS: readonly Row[] = [
  {
    says: 'a night without a start: the next night is the next slot, and nothing comes between',
    ...{ cadence: NIGHTLY, newest: LAST - DAY, last: LAST, now: MORNING, within: null },
  },
  {
    says: 'the second night without a start: at once, since no point is younger than two intervals',
    ...{ cadence: NIGHTLY, newest: LAST - 2 * DAY, last: LAST, now: MORNING, within: soon(MORNING) },
  },
  {
    says: 'no point at all: at once',
    ...{ cadence: NIGHTLY, newest: null, last: LAST, now: MORNING, within: soon(MORNING) },
  },
  {
    says: 'late: as soon as it is late',
    ...{ cadence: NIGHTLY, catchUp: 'late', newest: LAST - DAY, last: LAST, now: MORNING },
    within: soon(LAST - DAY + 1.5 * DAY),
  },
  {
    says: 'now: at once, though the newest point is of the night before',
    ...{ cadence: NIGHTLY, catchUp: 'now', newest: LAST - DAY, last: LAST, now: MORNING, within: soon(MORNING) },
  },
  {
    says: 'now, but four hours after a slot that the quota was short for',
    ...{ cadence: NIGHTLY, catchUp: 'now', newest: LAST - DAY, last: LAST, now: LAST + MINUTE },
    ...{ by: 'quota', within: soon(LAST + 4 * HOUR) },
  },
  {
    says: 'in the rest of the night where the quota was short at its beginning',
    ...{ cadence: daily('UTC', 20, 8), newest: LAST - DAY, last: at('2026-11-22 20:30'), now: at('2026-11-22 20:31') },
    ...{ by: 'quota', within: soon(at('2026-11-23 00:30')) },
  },
  {
    says: 'nothing in the last quarter before the next slot',
    ...{ cadence: NIGHTLY, catchUp: 'now', newest: null, last: LAST, now: LAST + 18.5 * HOUR, within: null },
  },
  {
    says: 'a week that was missed: in the next night, and not a week later',
    ...{ cadence: WEEKLY, newest: WEEK - 7 * DAY, last: WEEK, now: at(iso(WEEK + 2 * DAY).slice(0, 10)) + 12 * HOUR },
    within: [at(iso(WEEK + 2 * DAY).slice(0, 10)) + 22 * HOUR, at(iso(WEEK + 3 * DAY).slice(0, 10)) + 6 * HOUR],
  },
  {
    says: 'a freeze over the weekly slot: in the first night after it',
    ...{ cadence: WEEKLY, newest: WEEK - 7 * DAY, last: WEEK, now: WEEK, freezes: [frozenWeek] },
    within: [frozenWeek.toUtc, frozenWeek.toUtc + 30 * HOUR],
  },
  {
    says: 'a freeze of seven days around the clock: right when it ends',
    ...{ cadence: every(7 * DAY), newest: WEEK - 7 * DAY, last: WEEK, now: WEEK, freezes: [frozenWeek] },
    within: soon(frozenWeek.toUtc),
  },
  {
    says: 'a freeze that lasts until the next slot: nothing',
    ...{ cadence: NIGHTLY, catchUp: 'now', newest: null, last: LAST, now: LAST },
    ...{ freezes: [freeze('2026-11-22 12:00', '2026-11-23 12:00'), freeze('2026-11-23 11:00', '2026-11-23 20:00')] },
    within: null,
  },
  {
    says: 'every hour at night: in the morning nothing, the next night has its own',
    ...{ cadence: hourlyAtNight, newest: MORNING - 2 * HOUR, last: MORNING - HOUR, now: MORNING, within: null },
  },
  {
    says: 'a rule of one time a week: nothing, until no point is young enough',
    ...{ cadence: cron('0 3 * * sun'), newest: at('2026-11-15 03:00'), last: at('2026-11-22 03:00') },
    ...{ now: at('2026-11-22 09:00'), within: null },
  },
  {
    says: 'a rule of one time a week, made up for when late',
    ...{ cadence: cron('0 3 * * sun'), catchUp: 'late', newest: at('2026-11-15 03:00'), last: at('2026-11-22 03:00') },
    ...{ now: at('2026-11-22 09:00'), within: soon(at('2026-11-25 15:00')) },
  },
];

test.each(ROWS)('$says', ({ cadence, catchUp, newest, last, now, freezes = [], by: madeUpFor = 'missed', within }) => {
  const by = policy({ cadence, ...(catchUp && { catchUp }) });
  const nextSlotUtc = followingSlot(cadence, ID, last);
  const slot = catchUpSlot(by, {
    ...{ instanceId: ID, newestPointUtc: newest, lastSlotUtc: last, by: madeUpFor, nextSlotUtc, nowUtc: now, freezes },
  });
  if (within === null) return expect(slot === null ? null : iso(slot)).toBeNull();
  expect(slot, iso(slot ?? 0)).toBeGreaterThanOrEqual(within[0]);
  expect(slot, iso(slot ?? 0)).toBeLessThanOrEqual(within[1]);
  expect((slot ?? 0) % SECOND).toBe(0);
});

test('a whole region that was away does not come at one moment', () => {
  const slots = Array.from({ length: 200 }, (_, n) =>
    catchUpSlot(policy({ cadence: NIGHTLY, catchUp: 'now' }), {
      ...{
        instanceId: `db-${n}`,
        newestPointUtc: null,
        lastSlotUtc: LAST,
        nextSlotUtc: LAST + DAY,
        nowUtc: MORNING,
        by: 'missed',
      },
      freezes: [],
    }),
  );
  expect(new Set(slots).size).toBeGreaterThan(100);
});

test.each(['missed', 'window-ended', 'frozen', 'quota'] as const)('what ends by "%s" is made up for', (rule) => {
  expect(isMadeUpFor(rule)).toBe(true);
});

test.each(['expired', 'backing-off', 'observing', 'owner-conflict', 'no-role'] as const)(
  'what ends by "%s" is not: the next slot comes, or somebody decides',
  (rule) => {
    expect(isMadeUpFor(rule)).toBe(false);
  },
);

describe('a schedule whose slot has come', () => {
  const now = (nowUtc: Instant, over: object = {}) => ({
    nowUtc,
    newestPointUtc: LAST - DAY,
    freezes: [],
    sinceUtc: 0,
    ...over,
  });
  const next = LAST + DAY;

  test('runs while its window is open, bound by its end', () => {
    expect(goOn(policy(), ID, LAST, now(MORNING - 1))).toEqual({
      missed: [],
      due: LAST,
      nextUtc: next,
      startByUtc: MORNING,
    });
  });

  test('has expired when its window ended while the service was there', () => {
    expect(goOn(policy(), ID, LAST, now(MORNING))).toEqual({ missed: [], due: null, expired: LAST, nextUtc: next });
  });

  test('was missed when the service came back after that, with those before it', () => {
    const back = now(MORNING, { sinceUtc: MORNING });
    expect(goOn(policy(), ID, LAST - DAY, back)).toEqual({ missed: [LAST - DAY, LAST], due: null, nextUtc: next });
  });

  test('is made up for by one run where there is no young point, and the next slot stays', () => {
    const back = now(MORNING, { sinceUtc: MORNING, newestPointUtc: LAST - 3 * DAY });
    const gone = goOn(policy(), ID, LAST - 2 * DAY, back);
    expect(gone).toMatchObject({ missed: [LAST - 2 * DAY, LAST - DAY, LAST], due: null, makesUpFor: LAST });
    expect(gone.nextUtc).toBeGreaterThanOrEqual(MORNING);
    expect(goOn(policy(), ID, gone.nextUtc, now(gone.nextUtc))).toEqual({
      missed: [],
      due: gone.nextUtc,
      nextUtc: next,
    });
  });

  test('around the clock runs however late it is', () => {
    const by = policy({ cadence: every(DAY) });
    const slot = nextSlot(by.cadence, ID, LAST);
    expect(goOn(by, ID, slot, now(slot + DAY - 1))).toEqual({ missed: [], due: slot, nextUtc: slot + DAY });
  });
});

test('whatever comes: at most one run a slot, never in a freeze, never a quarter before the next, never before its time', () => {
  const cadences: readonly Cadence[] = [
    NIGHTLY,
    WEEKLY,
    daily('America/New_York', 1, 5),
    hourlyAtNight,
    every(6 * HOUR),
    cron('0 3 * * *', 'Europe/Berlin', HOUR),
    cron('30 2 * * sun', 'Asia/Ho_Chi_Minh', 3 * HOUR),
  ];
  const arbitrary = fc.record({
    cadence: fc.constantFrom(...cadences),
    catchUp: fc.constantFrom<CatchUp>('window', 'late', 'now'),
    id: fc.stringMatching(/^[a-f0-9]{8}$/),
    startMs: fc.integer({ min: 0, max: 400 * DAY }),
    afterMs: fc.integer({ min: 0, max: 30 * DAY }),
    pointMs: fc.option(fc.integer({ min: 0, max: 30 * DAY })),
    sinceMs: fc.integer({ min: 0, max: 30 * DAY }),
    freezeMs: fc.option(fc.tuple(fc.integer({ min: 0, max: 30 * DAY }), fc.integer({ min: 1, max: 10 * DAY }))),
  });
  fc.assert(
    fc.property(arbitrary, ({ cadence, catchUp, id, startMs, afterMs, pointMs, sinceMs, freezeMs }) => {
      const by = policy({ cadence, catchUp });
      const cursor = nextSlot(cadence, id, at('2026-01-01 00:00') + startMs);
      const nowUtc = cursor + afterMs;
      const [fromMs, lastsMs] = freezeMs ?? [0, 0];
      const freezes: Freeze[] = freezeMs
        ? [{ kind: 'instants', fromUtc: cursor + fromMs, toUtc: cursor + fromMs + lastsMs, reason: 'closing' }]
        : [];
      const newestPointUtc = pointMs === null ? null : nowUtc - pointMs;
      const gone = goOn(by, id, cursor, { nowUtc, newestPointUtc, freezes, sinceUtc: cursor + sinceMs });
      const passed = [...gone.missed, ...(gone.expired === undefined ? [] : [gone.expired])];
      const rows = [...passed, ...(gone.due === null ? [] : [gone.due])];
      expect(new Set(rows).size).toBe(rows.length);
      expect(rows).toEqual(rows.toSorted((a, b) => a - b));
      expect(gone.nextUtc).toBeGreaterThan(rows.at(-1) ?? 0);
      if (gone.due !== null) expect(startBy(cadence, id, gone.due) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(nowUtc);
      if (gone.makesUpFor === undefined) return;
      const regular = followingSlot(cadence, id, gone.makesUpFor);
      expect(gone.nextUtc).toBeGreaterThanOrEqual(nowUtc);
      expect(regular - gone.nextUtc).toBeGreaterThanOrEqual(Math.floor(shortestGapMs(cadence) / 4));
      expect(followingSlot(cadence, id, gone.nextUtc)).toBe(regular);
      expect(frozen(freezes, 'UTC', [gone.nextUtc])).toBeNull();
    }),
    { numRuns: 2_000 },
  );
});

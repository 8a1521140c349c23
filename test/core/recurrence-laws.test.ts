import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  advance,
  type Cadence,
  dayOfSlot,
  followingSlot,
  intervalMs,
  nextSlot,
  shortestGapMs,
} from '../../lib/core/index.ts';
import { DAY, HOUR, iso, MINUTE, SECOND } from './builders.ts';

const ZONES = [
  'UTC',
  'Asia/Ho_Chi_Minh',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'America/Santiago',
];
const minute = fc.integer({ min: 0, max: 1439 });
const calendar: fc.Arbitrary<Cadence> = fc.record({
  kind: fc.constant('calendar' as const),
  unit: fc.constantFrom('day' as const, 'week' as const),
  zone: fc.constantFrom(...ZONES),
  window: fc.record({ startMinute: minute, endMinute: minute }),
});
const elapsed: fc.Arbitrary<Cadence> = fc.record({
  kind: fc.constant('elapsed' as const),
  everyMs: fc.integer({ min: 60, max: 10 * 86_400 }).map((seconds) => seconds * SECOND),
});
const within: fc.Arbitrary<Cadence> = fc
  .record({ zone: fc.constantFrom(...ZONES), startMinute: minute, lengthMinutes: fc.integer({ min: 90, max: 1400 }) })
  .chain(({ zone, startMinute, lengthMinutes }) =>
    // An hour less than the window, so that the night on which clocks skip an hour has its slot.
    fc.record({
      kind: fc.constant('elapsed' as const),
      everyMs: fc.integer({ min: 60, max: (lengthMinutes - 60) * 60 }).map((seconds) => seconds * SECOND),
      within: fc.constant({ zone, window: { startMinute, endMinute: (startMinute + lengthMinutes) % 1440 } }),
    }),
  );
const named = { zone: fc.constantFrom(...ZONES), spreadMs: fc.constantFrom(0, 15 * MINUTE, HOUR, 5 * HOUR) };
const cron: fc.Arbitrary<Cadence> = fc.record({
  kind: fc.constant('cron' as const),
  cron: fc.constantFrom(
    '@hourly',
    '*/7 * * * *',
    '0,29,31 * * * *',
    '30 2 * * *',
    '15 1-4 * * *',
    '0 2,3,22 * * mon,tue',
    '0 0 L * *',
    '30 2 * * sun#L',
  ),
  ...named,
});
const rrule: fc.Arbitrary<Cadence> = fc.record({
  kind: fc.constant('rrule' as const),
  rrule: fc.constantFrom(
    'FREQ=HOURLY;INTERVAL=5',
    'FREQ=DAILY;BYHOUR=2;BYMINUTE=30',
    'FREQ=DAILY;INTERVAL=3;BYHOUR=1,2,3',
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;BYHOUR=2',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=20',
  ),
  ...named,
});
const schedule = fc.record({
  cadence: fc.oneof(calendar, elapsed, within, cron, rrule),
  seed: fc.uuid(),
  // Two years only, so that few tables of zones have to be made.
  after: fc.integer({ min: Date.UTC(2026, 0, 2), max: Date.UTC(2027, 11, 1) }),
});
const RUNS = { numRuns: 400, seed: 20261122 };

/** What clocks set back may add: two hours at most here. An interval within a window then waits for its own next slot. */
function slackMs(cadence: Cadence): number {
  if (cadence.kind !== 'elapsed') return 2 * HOUR;
  return cadence.within ? 2 * HOUR + cadence.everyMs : 0;
}

test('slots are whole seconds, each after the last, and at most an interval and a clock change apart', () => {
  fc.assert(
    fc.property(schedule, ({ cadence, seed, after }) => {
      let last = after;
      for (let count = 0; count < 8; count += 1) {
        const slot = nextSlot(cadence, seed, last);
        expect(slot % SECOND).toBe(0);
        expect(slot).toBeGreaterThan(last);
        expect(slot - last).toBeLessThanOrEqual(intervalMs(cadence) + slackMs(cadence));
        if (count > 0) expect(slot - last).toBeGreaterThanOrEqual(shortestGapMs(cadence) - HOUR);
        last = slot;
      }
    }),
    RUNS,
  );
});

test('no slot is skipped: seen from any instant before it and after the last, the next one is the same', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  fc.assert(
    fc.property(schedule, share, ({ cadence, seed, after }, part) => {
      const slot = nextSlot(cadence, seed, after);
      const next = nextSlot(cadence, seed, slot);
      const between = slot + Math.floor((next - slot) * part);
      expect(iso(nextSlot(cadence, seed, between))).toBe(iso(next));
      expect(iso(nextSlot(cadence, seed, next - 1))).toBe(iso(next));
    }),
    RUNS,
  );
});

test('what follows a slot of the schedule is its very next slot', () => {
  fc.assert(
    fc.property(schedule, ({ cadence, seed, after }) => {
      const slot = nextSlot(cadence, seed, after);
      expect(iso(followingSlot(cadence, seed, slot))).toBe(iso(nextSlot(cadence, seed, slot)));
    }),
    RUNS,
  );
});

test('what follows any other instant is a quarter to one and a quarter of an interval later', () => {
  fc.assert(
    fc.property(schedule, ({ cadence, seed, after }) => {
      // Half a second past it, an instant is no slot.
      const gapMs = followingSlot(cadence, seed, after + 500) - after - 500;
      expect(gapMs).toBeGreaterThanOrEqual(Math.floor(shortestGapMs(cadence) / 4));
      expect(gapMs).toBeLessThanOrEqual(intervalMs(cadence) + shortestGapMs(cadence) / 4 + slackMs(cadence));
    }),
    RUNS,
  );
});

test('a later slot never belongs to an earlier day', () => {
  fc.assert(
    fc.property(schedule, ({ cadence, seed, after }) => {
      const slot = nextSlot(cadence, seed, after);
      const next = nextSlot(cadence, seed, slot);
      expect(dayOfSlot(cadence, seed, next)).toBeGreaterThanOrEqual(dayOfSlot(cadence, seed, slot));
      expect(Math.abs(dayOfSlot(cadence, seed, slot) - Math.floor(slot / DAY))).toBeLessThanOrEqual(1);
    }),
    RUNS,
  );
});

test('after a pause every slot is missed, due or next, none twice, in steps of any size', () => {
  const pause = fc.record({
    schedule,
    pauseMs: fc.integer({ min: 0, max: 60 * DAY }),
    limit: fc.integer({ min: 1, max: 40 }),
  });
  fc.assert(
    fc.property(pause, ({ schedule: { cadence, seed, after }, pauseMs, limit }) => {
      const cursor = nextSlot(cadence, seed, after);
      const nowUtc = cursor + Math.min(pauseMs, 300 * shortestGapMs(cadence));
      const whole = advance(cadence, seed, cursor, nowUtc);
      expect(whole.due).not.toBeNull();
      const passed = [...whole.missed, whole.due ?? 0, whole.nextUtc];
      for (const [index, slot] of passed.slice(1).entries()) {
        expect(slot).toBe(nextSlot(cadence, seed, passed[index] ?? 0));
      }
      expect(whole.due).toBeLessThanOrEqual(nowUtc);
      expect(whole.nextUtc).toBeGreaterThan(nowUtc);

      const missed: number[] = [];
      for (let from = cursor; ; ) {
        const step = advance(cadence, seed, from, nowUtc, limit);
        expect(step.missed.length).toBeLessThanOrEqual(limit);
        missed.push(...step.missed);
        from = step.nextUtc;
        if (step.due === null) continue;
        expect({ missed, due: step.due, nextUtc: step.nextUtc }).toEqual(whole);
        break;
      }
    }),
    { ...RUNS, numRuns: 150 },
  );
});

test('one step passes no more slots than it may', () => {
  const cadence: Cadence = { kind: 'elapsed', everyMs: MINUTE };
  const cursor = nextSlot(cadence, 'db-1', Date.UTC(2026, 10, 22));
  const step = advance(cadence, 'db-1', cursor, cursor + DAY);
  expect(step.missed).toHaveLength(400);
  expect(step).toMatchObject({ due: null, nextUtc: cursor + 400 * MINUTE });
});

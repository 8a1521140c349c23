import { describe, expect, test } from 'vitest';
import { type Cadence, followingSlot, nextSlot, spread } from '../../lib/core/index.ts';
import { at, DAY, daily, every, HOUR, iso, MINUTE, SECOND, weekly } from './builders.ts';

const SEED = 'db-1';
/** The hash's offset into an eight-hour window, worked out here anew. */
const INTO_NIGHT = Math.floor((spread(SEED, 'window') * 8 * HOUR * 0.75) / SECOND) * SECOND;

function slots(cadence: Cadence, after: number, count: number, seed = SEED): readonly number[] {
  const found: number[] = [];
  for (let from = after; found.length < count; from = found.at(-1) ?? from) found.push(nextSlot(cadence, seed, from));
  return found;
}

describe('a daily schedule begins its night at the local start of the window', () => {
  test.each([
    { zone: 'UTC', night: '2026-11-22', start: '2026-11-22 22:00' },
    { zone: 'Asia/Ho_Chi_Minh', night: '2026-11-22', start: '2026-11-22 15:00' },
    { zone: 'Europe/Berlin', night: '2026-01-15', start: '2026-01-15 21:00' },
    { zone: 'Europe/Berlin', night: '2026-07-15', start: '2026-07-15 20:00' },
    { zone: 'America/New_York', night: '2026-07-15', start: '2026-07-16 02:00' },
    { zone: 'Africa/Casablanca', night: '2026-03-01', start: '2026-03-01 22:00' },
    { zone: 'Africa/Casablanca', night: '2026-04-01', start: '2026-04-01 21:00' },
    { zone: 'Australia/Lord_Howe', night: '2026-07-15', start: '2026-07-15 11:30' },
  ])('$zone on $night', ({ zone, start }) => {
    const slot = nextSlot(daily(zone), SEED, at(start) - 1);
    expect(iso(slot)).toBe(iso(at(start) + INTO_NIGHT));
  });
});

describe('the night on which clocks change has one slot, counted on from the start of the window', () => {
  test.each([
    { says: 'a start that does not exist', zone: 'Europe/Berlin', hour: 2, start: '2026-03-29 01:00' },
    { says: 'a start that exists twice', zone: 'Europe/Berlin', hour: 2, start: '2026-10-25 00:00' },
    { says: 'a start before the change', zone: 'Europe/Berlin', hour: 0, start: '2026-10-24 22:00' },
    { says: 'a start that does not exist', zone: 'America/New_York', hour: 2, start: '2026-03-08 07:00' },
    { says: 'a start that exists twice', zone: 'America/New_York', hour: 1, start: '2026-11-01 05:00' },
    { says: 'a half-hour gap', zone: 'Australia/Lord_Howe', hour: 2, start: '2026-10-03 15:30' },
    { says: 'the pause of Ramadan', zone: 'Africa/Casablanca', hour: 2, start: '2026-02-15 01:00' },
  ])('$zone: $says', ({ zone, hour, start }) => {
    const cadence = daily(zone, hour, (hour + 8) % 24);
    const expected = at(start) + INTO_NIGHT;
    const [before, on, after] = slots(cadence, expected - 26 * HOUR, 3).map((slot) => slot - expected);
    expect(on).toBe(0);
    expect(before).toBeGreaterThanOrEqual(-25 * HOUR);
    expect(before).toBeLessThanOrEqual(-23 * HOUR);
    expect(after).toBeGreaterThanOrEqual(23 * HOUR);
    expect(after).toBeLessThanOrEqual(25 * HOUR);
  });
});

test('a year in a zone with summer time has one slot for every day', () => {
  const year = slots(daily('Europe/Berlin'), at('2026-01-01 00:00'), 365);
  expect(year.at(-1)).toBeLessThan(at('2027-01-01 06:00'));
  expect(year.at(-1)).toBeGreaterThan(at('2026-12-31 06:00'));
});

test.each([
  { says: 'over midnight', window: daily('UTC', 22, 6), from: 22 * 60, lengthMinutes: 480 },
  { says: 'inside a day', window: daily('UTC', 1, 5), from: 60, lengthMinutes: 240 },
  { says: 'of a whole day', window: daily('UTC', 0, 0), from: 0, lengthMinutes: 1440 },
  { says: 'of a whole day from the evening on', window: daily('UTC', 20, 20), from: 1200, lengthMinutes: 1440 },
])('a window $says is filled to three quarters and no further', ({ window, from, lengthMinutes }) => {
  const start = at('2026-11-22 00:00') + from * MINUTE;
  const into = Array.from({ length: 400 }, (_, index) => nextSlot(window, `db-${index}`, start - 1) - start);
  const share = 0.75 * lengthMinutes * MINUTE;
  expect(Math.min(...into)).toBeGreaterThanOrEqual(0);
  expect(Math.min(...into)).toBeLessThan(share * 0.05);
  expect(Math.max(...into)).toBeLessThan(share);
  expect(Math.max(...into)).toBeGreaterThan(share * 0.95);
});

test('a weekly schedule keeps the weekday and the time that the hash chose', () => {
  const found = slots(weekly('UTC'), at('2026-01-01 00:00'), 52);
  const gaps = found.slice(1).map((slot, index) => slot - (found[index] ?? 0));
  expect(new Set(gaps)).toEqual(new Set([7 * DAY]));
  const weekday = (new Date((found[0] ?? 0) - 22 * HOUR).getUTCDay() + 6) % 7;
  expect(weekday).toBe(Math.floor(spread(SEED, 'weekday') * 7));
});

test('weekly schedules are spread over all seven weekdays', () => {
  const days = Array.from({ length: 70 }, (_, index) =>
    new Date(nextSlot(weekly('UTC', 2, 6), `db-${index}`, at('2026-01-01 00:00'))).getUTCDay(),
  );
  expect(new Set(days).size).toBe(7);
});

test('an interval in elapsed time counts around the clock, whatever local clocks do', () => {
  const found = slots(every(6 * HOUR), at('2026-03-28 00:00'), 12);
  expect(new Set(found.slice(1).map((slot, index) => slot - (found[index] ?? 0)))).toEqual(new Set([6 * HOUR]));
  expect((found[0] ?? 0) % (6 * HOUR)).toBe(Math.floor((spread(SEED, 'anchor') * 6 * HOUR) / SECOND) * SECOND);
});

test.each([
  { says: 'right at a slot is followed by the next one', beforeMs: 0, skips: true },
  { says: 'a second before a slot takes its place', beforeMs: SECOND, skips: true },
  {
    says: 'less than a quarter of an interval before a slot takes its place',
    beforeMs: 1.5 * HOUR - SECOND,
    skips: true,
  },
  { says: 'a quarter of an interval before a slot is followed by it', beforeMs: 1.5 * HOUR, skips: false },
])('a first backup $says', ({ beforeMs, skips }) => {
  const cadence = every(6 * HOUR);
  const slot = nextSlot(cadence, SEED, at('2026-11-22 00:00'));
  const following = followingSlot(cadence, SEED, slot - beforeMs);
  expect(following).toBe(skips ? slot + 6 * HOUR : slot);
});

import { describe, expect, test } from 'vitest';
import { type Cadence, nextSlot, spread } from '../../lib/core/index.ts';
import { at, cron, DAY, daily, HOUR, iso, MINUTE, rrule, SECOND } from './builders.ts';

const SEED = 'db-1';

function slots(cadence: Cadence, after: string, count: number, seed = SEED): readonly string[] {
  const found: number[] = [];
  for (let from = at(after); found.length < count; from = found.at(-1) ?? from)
    found.push(nextSlot(cadence, seed, from));
  return found.map(iso);
}
const instants = (...texts: readonly string[]): readonly string[] => texts.map((text) => iso(at(text)));

describe('a time that does not exist moves to the first instant after the gap, and one that exists twice comes once', () => {
  test.each<{ says: string; cadence: Cadence; after: string; found: readonly string[] }>([
    {
      says: 'cron once a day, in the gap',
      cadence: cron('30 2 * * *', 'Europe/Berlin'),
      after: '2026-03-28 00:00',
      found: ['2026-03-28 01:30', '2026-03-29 01:00', '2026-03-30 00:30'],
    },
    {
      says: 'cron twice in the gap and once at its end: three names of one instant',
      cadence: cron('0,30 2,3 * * *', 'Europe/Berlin'),
      after: '2026-03-29 00:00',
      found: ['2026-03-29 01:00', '2026-03-29 01:30', '2026-03-30 00:00'],
    },
    {
      says: 'cron every hour, over the gap',
      cadence: cron('@hourly', 'Europe/Berlin'),
      after: '2026-03-28 23:30',
      found: ['2026-03-29 00:00', '2026-03-29 01:00', '2026-03-29 02:00'],
    },
    {
      says: 'cron every hour, over the hour that comes twice: an hour of rest',
      cadence: cron('@hourly', 'Europe/Berlin'),
      after: '2026-10-24 22:30',
      found: ['2026-10-24 23:00', '2026-10-25 00:00', '2026-10-25 02:00'],
    },
    {
      says: 'cron asked in the second of the two hours',
      cadence: cron('*/20 2 * * *', 'Europe/Berlin'),
      after: '2026-10-25 01:10',
      found: ['2026-10-26 01:00'],
    },
    {
      says: 'cron where the gap is half an hour',
      cadence: cron('15 2 * * *', 'Australia/Lord_Howe'),
      after: '2026-10-03 00:00',
      found: ['2026-10-03 15:30', '2026-10-04 15:15'],
    },
    {
      says: 'rrule in the gap',
      cadence: rrule('FREQ=DAILY;BYHOUR=2;BYMINUTE=30', 'America/New_York'),
      after: '2026-03-07 12:00',
      found: ['2026-03-08 07:00', '2026-03-09 06:30'],
    },
    {
      says: 'rrule in the hour that comes twice',
      cadence: rrule('FREQ=DAILY;BYHOUR=1;BYMINUTE=30', 'America/New_York'),
      after: '2026-10-31 12:00',
      found: ['2026-11-01 05:30', '2026-11-02 06:30'],
    },
    {
      says: 'rrule when Ramadan sets clocks back',
      cadence: rrule('FREQ=DAILY;BYHOUR=2;BYMINUTE=30', 'Africa/Casablanca'),
      after: '2026-02-14 12:00',
      found: ['2026-02-15 01:30', '2026-02-16 02:30'],
    },
    {
      says: 'a day that a whole country skipped: its slot comes when the next day begins',
      cadence: cron('0 12 * * *', 'Pacific/Apia'),
      after: '2011-12-29 00:00',
      found: ['2011-12-29 22:00', '2011-12-30 10:00', '2011-12-30 22:00'],
    },
    {
      says: 'of a day that was skipped and the next one, both at midnight: one instant',
      cadence: cron('@daily', 'Pacific/Apia'),
      after: '2011-12-29 00:00',
      found: ['2011-12-29 10:00', '2011-12-30 10:00', '2011-12-31 10:00'],
    },
  ])('$says', ({ cadence, after, found }) => {
    expect(slots(cadence, after, found.length)).toEqual(instants(...found));
  });

  test('a window of a day that was skipped opens when the next day begins', () => {
    const into = nextSlot(daily('Pacific/Apia', 20, 4), SEED, at('2011-12-30 00:00')) - at('2011-12-30 06:00');
    const opened = slots(daily('Pacific/Apia', 20, 4), '2011-12-30 00:00', 3).map((slot) =>
      iso(Date.parse(slot) - into),
    );
    expect(opened).toEqual(instants('2011-12-30 06:00', '2011-12-30 10:00', '2011-12-31 06:00'));
  });
});

test('where a leap day falls out a rule may be silent for too long, which is said', () => {
  const leapDays = cron('0 0 29 2 +sun,tue,wed,sat');
  expect(iso(nextSlot(leapDays, SEED, at('2092-03-01 00:00')))).toBe(iso(at('2096-02-29 00:00')));
  expect(() => nextSlot(leapDays, SEED, at('2096-03-01 00:00'))).toThrow('the schedule has no slot within ten years');
});

describe('what is named by cron or rrule is spread', () => {
  test.each<{ says: string; cadence: Cadence; mostMs: number }>([
    { says: 'over what is asked for', cadence: cron('0 3 * * *', 'Europe/Berlin', HOUR), mostMs: HOUR },
    { says: 'over no more than lies between two', cadence: cron('0 3,5 * * *', 'UTC', 6 * HOUR), mostMs: 2 * HOUR },
    { says: 'over no more than lies between two', cadence: rrule('FREQ=HOURLY', 'UTC', DAY), mostMs: HOUR },
    { says: 'not at all if so asked', cadence: rrule('FREQ=DAILY', 'UTC', 0), mostMs: 0 },
  ])('$says: $mostMs ms', ({ cadence, mostMs }) => {
    const named = nextSlot({ ...cadence, spreadMs: 0 } as Cadence, SEED, at('2026-11-22 00:00'));
    const into = Array.from({ length: 400 }, (_, index) => nextSlot(cadence, `db-${index}`, named - 1) - named);
    expect(Math.min(...into)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...into)).toBeLessThanOrEqual(mostMs);
    expect(Math.max(...into)).toBeGreaterThanOrEqual(mostMs * 0.95);
    expect(into.every((ms) => ms % SECOND === 0)).toBe(true);
  });

  test('by the same for every slot of an instance, over midnight too', () => {
    const into = Math.floor(spread(SEED, 'slot') * 3600) * SECOND;
    const found = slots(cron('30 23 * * *', 'UTC', HOUR), '2026-11-22 12:00', 3);
    expect(found).toEqual(
      ['2026-11-22 23:30', '2026-11-23 23:30', '2026-11-24 23:30'].map((text) => iso(at(text) + into)),
    );
  });
});

describe('an interval within a window has the slots that it has around the clock, those inside alone', () => {
  const NIGHT = { startMinute: 22 * 60, endMinute: 6 * 60 };
  const MORNING = { startMinute: 8 * 60, endMinute: 12 * 60 };
  const elapsed = (everyMs: number, zone: string, window = NIGHT): Cadence => ({
    kind: 'elapsed',
    everyMs,
    within: { zone, window },
  });
  const minuteIn = (zone: string, slot: number): number => {
    const [hour = 0, minute = 0] = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' })
      .format(slot)
      .split(':')
      .map(Number);
    return hour * 60 + minute;
  };

  test.each([
    { zone: 'UTC', everyMs: HOUR, window: NIGHT },
    { zone: 'Europe/Berlin', everyMs: 3 * HOUR, window: NIGHT },
    { zone: 'Australia/Lord_Howe', everyMs: 40 * MINUTE, window: MORNING },
    { zone: 'Asia/Ho_Chi_Minh', everyMs: 4 * HOUR, window: MORNING },
    { zone: 'America/New_York', everyMs: 7 * HOUR, window: NIGHT },
  ])('every $everyMs ms in $zone, through a year', ({ zone, everyMs, window }) => {
    const [start, end] = [at('2026-01-01 00:00'), at('2027-01-01 00:00')];
    const expected: number[] = [];
    const around: Cadence = { kind: 'elapsed', everyMs };
    for (let slot = nextSlot(around, SEED, start); slot < end; slot = nextSlot(around, SEED, slot)) {
      const into = (minuteIn(zone, slot) - window.startMinute + 1440) % 1440;
      if (into < (window.endMinute - window.startMinute + 1440) % 1440) expected.push(slot);
    }
    const found: number[] = [];
    const cadence = elapsed(everyMs, zone, window);
    for (let slot = nextSlot(cadence, SEED, start); slot < end; slot = nextSlot(cadence, SEED, slot)) found.push(slot);
    expect(found.map(iso)).toEqual(expected.map(iso));
    expect(found.length).toBeGreaterThanOrEqual(364);
  });

  test('a night whose window clocks skip has none', () => {
    const window = { startMinute: 120, endMinute: 180 };
    const cadence = elapsed(HOUR, 'Europe/Berlin', window);
    const [before, after] = slots(cadence, '2026-03-28 00:00', 2).map((slot) => Date.parse(slot));
    expect(before).toBeLessThan(at('2026-03-28 02:00'));
    expect(after).toBeGreaterThan(at('2026-03-30 00:00') - 1);
  });

  test('an interval longer than the window is refused rather than searched for ever', () => {
    const ids = Array.from({ length: 30 }, (_, index) => `db-${index}`);
    const asked = ids.map((id) => () => nextSlot(elapsed(DAY, 'UTC', MORNING), id, at('2026-01-01 00:00')));
    const refused = asked.filter((ask) => {
      try {
        ask();
        return false;
      } catch (error) {
        expect(String(error)).toContain('the interval is longer than the window; make it shorter, or the window wider');
        return true;
      }
    });
    expect(refused.length).toBeGreaterThan(10);
  });
});

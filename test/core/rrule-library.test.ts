import fc from 'fast-check';
import { IANAZone } from 'luxon';
import rrule from 'rrule';
import { expect, test } from 'vitest';
import { type Cadence, nextSlot } from '../../lib/core/index.ts';
import { DAY, HOUR, iso } from './builders.ts';
import { localInstant, offsetMs, zones } from './luxon-clocks.ts';

/**
 * The rrule library in floating UTC, from the same beginning, mapped to instants by luxon. Left out are rules that it reads
 * otherwise than RFC 5545 (`BYDAY=MO,2TU`: it asks for both at once) and those that make it search for ever.
 */
const EPOCH = new Date(Date.UTC(2001, 0, 1));

const number = (least: number, most: number) => fc.integer({ min: least, max: most });
/** The library gives times in the order in which a rule names them, be they late or early. */
const ascending = (values: readonly number[]) => values.toSorted((a, b) => a - b);
const some = (least: number, most: number) =>
  fc.uniqueArray(number(least, most), { minLength: 1, maxLength: 4 }).map((values) => ascending(values).join(','));
const signed = (most: number) =>
  fc
    .uniqueArray(fc.tuple(number(1, most), fc.boolean()), { minLength: 1, maxLength: 4 })
    .map((values) => values.map(([value, end]) => (end ? -value : value)).join(','));
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const weekday = fc.constantFrom(...WEEKDAYS);
const weekdays = fc.uniqueArray(weekday, { minLength: 1, maxLength: 5 }).map((days) => days.join(','));
const counted = (most: number) =>
  fc
    .uniqueArray(fc.tuple(number(1, most), fc.boolean(), weekday), { minLength: 1, maxLength: 3 })
    .map((days) => days.map(([nth, end, day]) => `${end ? -nth : nth}${day}`).join(','));

const maybe = <T>(name: string, values: fc.Arbitrary<T>, freq = 3) =>
  fc.option(values, { nil: null, freq }).map((value) => (value === null ? null : `${name}=${value}`));
const rarely = <T>(name: string, values: fc.Arbitrary<T>) =>
  fc
    .option(fc.tuple(fc.constant(name), values), { nil: null, freq: 1 })
    .map((found) => found && `${found[0]}=${found[1]}`);

const times = [maybe('BYHOUR', some(0, 23)), maybe('BYMINUTE', some(0, 59)), rarely('BYSECOND', some(0, 59))];
const months = maybe('BYMONTH', some(1, 12), 1);
const interval = (most: number) => maybe('INTERVAL', number(1, most), 2);

function rule(freq: string, ...parts: readonly fc.Arbitrary<string | null>[]): fc.Arbitrary<string> {
  const position = fc.option(signed(5), { nil: null, freq: 1 });
  return fc.tuple(position, ...parts).map(([positions, ...given]) => {
    const found = given.filter((part) => part !== null);
    const picks = positions !== null && found.some((part) => part.startsWith('BY'));
    return [`FREQ=${freq}`, ...found, ...(picks ? [`BYSETPOS=${positions}`] : [])].join(';');
  });
}

const weekStart = maybe('WKST', weekday, 1);
const rules = fc.oneof(
  rule('YEARLY', interval(4), months, maybe('BYDAY', counted(5)), ...times),
  rule('YEARLY', interval(4), maybe('BYDAY', counted(53)), ...times),
  rule('YEARLY', interval(4), months, maybe('BYMONTHDAY', signed(31)), maybe('BYDAY', weekdays, 1), ...times),
  rule('YEARLY', interval(4), maybe('BYYEARDAY', signed(366)), ...times),
  rule('YEARLY', interval(4), maybe('BYWEEKNO', signed(53)), maybe('BYDAY', weekdays, 1), weekStart, ...times),
  rule('MONTHLY', interval(7), months, maybe('BYMONTHDAY', signed(31)), maybe('BYDAY', weekdays, 1), ...times),
  rule('MONTHLY', interval(7), months, maybe('BYDAY', counted(5)), ...times),
  rule('WEEKLY', interval(9), months, maybe('BYDAY', weekdays), weekStart, ...times),
  rule('DAILY', interval(40), months, maybe('BYMONTHDAY', signed(31), 1), maybe('BYDAY', weekdays, 1), ...times),
  rule('HOURLY', maybe('BYDAY', weekdays, 1), maybe('BYHOUR', some(0, 23), 1), ...times.slice(1)),
  rule('HOURLY', maybe('INTERVAL', number(1, 100), 2), months, ...times.slice(1)),
);

const daysIn = fc.double({ min: 18, max: 360, noNaN: true });

/** The library goes on to the year 9999 where nothing comes; what ours refuses is not asked of it. */
function comes(cadence: Cadence): boolean {
  try {
    nextSlot(cadence, 'db-1', EPOCH.getTime());
    return true;
  } catch {
    return false;
  }
}

test('over random zones, rules and instants the next slot is the one of the library, mapped by luxon', () => {
  const world = fc.record({ zone: zones, text: rules, days: fc.tuple(daysIn, daysIn, daysIn, daysIn) });
  let [looked, refused] = [0, 0];
  fc.assert(
    fc.property(world, ({ zone: name, text, days }) => {
      const cadence: Cadence = { kind: 'rrule', rrule: text, zone: name, spreadMs: 0 };
      if (!comes(cadence)) {
        refused += 1;
        return;
      }
      const library = new rrule.RRule({ ...rrule.RRule.parseString(text), dtstart: EPOCH });
      const zone = IANAZone.create(name);
      for (const day of days) {
        looked += 1;
        // The library counts up from the beginning, an hour at a time: slow.
        const after = EPOCH.getTime() + Math.floor((text.startsWith('FREQ=HOURLY') ? day / 9 : day) * DAY);
        // What clocks show at the instant, and on both sides more than they were changed by in those years.
        const shown = after + offsetMs(zone, after);
        const near = library.between(new Date(shown - 3 * HOUR), new Date(shown + 3 * HOUR), true);
        const local = [...near, library.after(new Date(shown + 3 * HOUR))]
          .filter((found) => found !== null)
          .find((found) => localInstant(zone, found.getTime()) > after);
        const expected = local ? iso(localInstant(zone, local.getTime())) : 'never';
        expect(iso(nextSlot(cadence, 'db-1', after)), `${text} in ${name} after ${iso(after)}`).toBe(expected);
      }
    }),
    { numRuns: 300, seed: 20261122 },
  );
  expect(refused).toBeLessThan(50);
  expect(looked).toBeGreaterThan(1_100);
}, 60_000);

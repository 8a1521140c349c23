import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { expect, test } from 'vitest';
import { zoneOf } from '../../lib/core/zone.ts';
import { DAY, HOUR, iso, MINUTE, SECOND } from './builders.ts';

/** The zones with the strangest clocks, which chance alone would seldom pick. */
const ODD = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'Africa/Monrovia',
  'America/Caracas',
  'America/Sao_Paulo',
  'Antarctica/Troll',
  'Asia/Gaza',
  'Asia/Pyongyang',
  'Australia/Lord_Howe',
  'Europe/Istanbul',
  'Pacific/Apia',
  'Pacific/Kwajalein',
];
const zones = fc.oneof(fc.constantFrom(...ODD), fc.constantFrom(...Intl.supportedValuesOf('timeZone')));
const zoneYear = fc.record({ name: zones, year: fc.integer({ min: 1970, max: 2100 }) });

// Clocks of old had seconds in their offsets, which luxon gives as parts of a minute.
const offsetMs = (zone: IANAZone, instant: number): number => Math.round(zone.offset(instant) * MINUTE);

/** The first whole second in (low, high] from which `holds` is true; it must change once. */
function turn(low: number, high: number, holds: (instant: number) => boolean): number {
  let [before, after] = [low, high];
  while (after - before > SECOND) {
    const middle = Math.floor((before + after) / 2 / SECOND) * SECOND;
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}

/** Where luxon's offset changes in a year, looking at each tenth day. */
function transitions(zone: IANAZone, year: number): readonly number[] {
  const found: number[] = [];
  for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 10 * DAY) {
    const before = zone.offset(day);
    if (zone.offset(day + 10 * DAY) !== before) found.push(turn(day, day + 10 * DAY, (t) => zone.offset(t) !== before));
  }
  return found;
}

/** What luxon's offsets alone say of a local time: the first instant that shows it, else the first after the gap. */
function expected(zone: IANAZone, local: number): number {
  const offsets = new Set<number>();
  for (let hours = -36; hours <= 36; hours += 1) offsets.add(offsetMs(zone, local + hours * HOUR));
  const showing = [...offsets].map((offset) => local - offset).filter((t) => t + offsetMs(zone, t) === local);
  if (showing.length > 0) return Math.min(...showing);
  const span = Math.max(...offsets) - Math.min(...offsets);
  const [low, high] = [local - Math.max(...offsets) - span, local - Math.min(...offsets) + span];
  return turn(low, high, (t) => t + offsetMs(zone, t) > local);
}

test('the offset at any instant is the one luxon gives', () => {
  const world = zoneYear.chain(({ name, year }) =>
    fc.record({
      name: fc.constant(name),
      year: fc.constant(year),
      instants: fc.array(fc.integer({ min: Date.UTC(year, 0, 1), max: Date.UTC(year + 1, 0, 1) - 1 }), {
        maxLength: 20,
      }),
    }),
  );
  fc.assert(
    fc.property(world, ({ name, year, instants }) => {
      const zone = IANAZone.create(name);
      const edges = transitions(zone, year).flatMap((edge) => [edge - SECOND, edge - 1, edge, edge + 1, edge + SECOND]);
      for (const instant of [...instants, ...edges]) {
        expect(zoneOf(name).offsetAt(instant), `${name} at ${iso(instant)}`).toBe(offsetMs(zone, instant));
      }
    }),
    { numRuns: 80, seed: 20261122 },
  );
});

test('a local time is the instant that luxon shows it at, the earlier of two, the first after a gap', () => {
  const world = fc.record({
    at: zoneYear,
    around: fc.array(fc.integer({ min: -4 * 3600, max: 4 * 3600 }), { minLength: 8, maxLength: 8 }),
    anywhere: fc.array(fc.integer({ min: 0, max: 365 * 86_400 - 1 }), { minLength: 2, maxLength: 2 }),
  });
  let gaps = 0;
  fc.assert(
    fc.property(world, ({ at: { name, year }, around, anywhere }) => {
      const zone = IANAZone.create(name);
      const near = transitions(zone, year).flatMap((edge) =>
        [0, ...around].map((seconds) => edge + offsetMs(zone, edge) + seconds * SECOND),
      );
      for (const local of [...near, ...anywhere.map((seconds) => Date.UTC(year, 0, 1) + seconds * SECOND)]) {
        const found = zoneOf(name).fromLocal(local);
        if (found + offsetMs(zone, found) !== local) gaps += 1;
        expect(iso(found), `${name} ${iso(local)}`).toBe(iso(expected(zone, local)));
      }
    }),
    { numRuns: 80, seed: 20261122 },
  );
  expect(gaps, 'local times that do not exist').toBeGreaterThan(20);
});

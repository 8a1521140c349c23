import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { expect, test } from 'vitest';
import { zoneOf } from '../../lib/core/zone.ts';
import { at, DAY, iso, MINUTE, SECOND } from './builders.ts';
import { changesOf, localInstant, offsetMs, zones } from './luxon-clocks.ts';

const zoneYear = fc.record({ name: zones, year: fc.integer({ min: 1970, max: 2100 }) });

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
      const edges = changesOf(name, year).flatMap(({ atUtc }) => [-SECOND, -1, 0, 1, SECOND].map((ms) => atUtc + ms));
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
      const near = changesOf(name, year).flatMap(({ atUtc, afterMs }) =>
        [0, ...around].map((seconds) => atUtc + afterMs + seconds * SECOND),
      );
      for (const local of [...near, ...anywhere.map((seconds) => Date.UTC(year, 0, 1) + seconds * SECOND)]) {
        const found = zoneOf(name).fromLocal(local);
        if (found + offsetMs(zone, found) !== local) gaps += 1;
        expect(iso(found), `${name} ${iso(local)}`).toBe(iso(localInstant(zone, local)));
      }
    }),
    { numRuns: 80, seed: 20261122 },
  );
  expect(gaps, 'local times that do not exist').toBeGreaterThan(20);
});

test('the last local time of an instant is the last whose instant is not after it, whatever clocks have done', () => {
  const world = fc.record({
    at: zoneYear,
    around: fc.array(fc.integer({ min: -4 * 3600, max: 4 * 3600 }), { minLength: 8, maxLength: 8 }),
  });
  fc.assert(
    fc.property(world, ({ at: { name, year }, around }) => {
      const zone = zoneOf(name);
      for (const { atUtc } of changesOf(name, year)) {
        for (const seconds of [-1, 0, ...around]) {
          const instant = atUtc + seconds * SECOND;
          const local = zone.lastLocal(instant);
          expect(zone.fromLocal(local), `${name} ${iso(instant)}`).toBeLessThanOrEqual(instant);
          expect(zone.fromLocal(local + 1), `${name} ${iso(instant)}`).toBeGreaterThan(instant);
        }
      }
    }),
    { numRuns: 80, seed: 20261122 },
  );
});

// Tables are made for 400 days each, counted from 1970: these clocks were changed within a day of where two of them meet.
test.each([
  { name: 'Asia/Damascus', meet: '1977-09-01 00:00' },
  { name: 'Antarctica/Casey', meet: '2018-03-10 00:00' },
])('no seam between two tables is seen: $name around $meet', ({ name, meet }) => {
  expect((at(meet) / DAY) % 400).toBe(0);
  const zone = IANAZone.create(name);
  for (let minutes = -48 * 60; minutes <= 48 * 60; minutes += 15) {
    const time = at(meet) + minutes * MINUTE;
    const clocks = zoneOf(name);
    expect(clocks.offsetAt(time), iso(time)).toBe(offsetMs(zone, time));
    expect(iso(clocks.fromLocal(time)), iso(time)).toBe(iso(localInstant(zone, time)));
    expect(clocks.fromLocal(clocks.lastLocal(time)), iso(time)).toBeLessThanOrEqual(time);
    expect(clocks.fromLocal(clocks.lastLocal(time) + 1), iso(time)).toBeGreaterThan(time);
  }
});

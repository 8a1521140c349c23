import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cadence, nextSlot } from '../../lib/core/index.ts';
import { HOUR, iso } from './builders.ts';
import { CronerReference, cronRules } from './croner-reference.ts';
import { changesOf, zones } from './luxon-clocks.ts';

const YEARS = fc.integer({ min: 1970, max: 2099 });

test('over 20,000 random zones, patterns and instants the next slot is the one croner gives', () => {
  const world = fc.record({ zone: zones, rule: cronRules, year: YEARS }).chain(({ zone, rule, year }) =>
    fc.record({
      zone: fc.constant(zone),
      rule: fc.constant(rule),
      anywhere: fc.array(fc.integer({ min: Date.UTC(year, 0, 1), max: Date.UTC(year + 1, 0, 1) }), {
        minLength: 60,
        maxLength: 60,
      }),
      around: fc.array(fc.integer({ min: -30 * HOUR, max: 4 * HOUR }), { minLength: 10, maxLength: 10 }),
      year: fc.constant(year),
    }),
  );
  let looked = 0;
  fc.assert(
    fc.property(world, ({ zone, rule, year, anywhere, around }) => {
      const croner = new CronerReference(rule, zone);
      const cadence: Cadence = { kind: 'cron', cron: rule, zone, spreadMs: 0 };
      const near = changesOf(zone, year).flatMap(({ atUtc }) => around.map((ms) => atUtc + ms));
      for (const after of [...anywhere, ...near]) {
        looked += 1;
        const found = nextSlot(cadence, 'db-1', after);
        const expected = croner.next(after);
        if (found !== expected) expect(`${rule} in ${zone} after ${iso(after)}: ${iso(found)}`).toBe(iso(expected));
      }
    }),
    { numRuns: 320, seed: 20261122 },
  );
  expect(looked).toBeGreaterThan(20_000);
}, 60_000);

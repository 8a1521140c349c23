import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spread } from '../../lib/core/index.ts';
import { anyText } from './builders.ts';

/** Ids as Trove gives them, and the poor ones of a test bench: alike but for a digit. */
function uuids(count: number): readonly string[] {
  return fc.sample(fc.uuid(), { numRuns: count, seed: 20261122 });
}
const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `db-${index}`);

/** Pearson's chi-square of the points over equal buckets. */
function chiSquare(points: readonly number[], buckets: number): number {
  const counts = new Array<number>(buckets).fill(0);
  for (const point of points) counts[Math.floor(point * buckets)] = (counts[Math.floor(point * buckets)] ?? 0) + 1;
  const expected = points.length / buckets;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe.each([
  { ids: uuids(4_000), says: 'random ids' },
  { ids: numbered(4_000), says: 'numbered ids' },
])('$says', ({ ids }) => {
  // 0.1 % of even spreads have a chi-square beyond: 148 with 99 degrees of freedom, 22.5 with 6.
  test.each([
    { purpose: 'window', buckets: 100, limit: 148.2 },
    { purpose: 'anchor', buckets: 100, limit: 148.2 },
    { purpose: 'enrol', buckets: 100, limit: 148.2 },
    { purpose: 'first', buckets: 100, limit: 148.2 },
    { purpose: 'weekday', buckets: 7, limit: 22.5 },
  ])('are spread evenly for $purpose', ({ purpose, buckets, limit }) => {
    const points = ids.map((id) => spread(id, purpose));
    expect(chiSquare(points, buckets)).toBeLessThan(limit);
    expect(Math.min(...points)).toBeLessThan(0.0025);
    expect(Math.max(...points)).toBeGreaterThan(0.9975);
    expect(new Set(points).size).toBe(ids.length);
  });

  test('lie at unrelated points for two purposes', () => {
    const pairs = ids.map((id) => (Math.floor(spread(id, 'window') * 10) + spread(id, 'enrol')) / 10);
    expect(chiSquare(pairs, 100)).toBeLessThan(148.2);
  });

  test('use the low bits too, so that points inside a millionth of the range are even', () => {
    expect(
      chiSquare(
        ids.map((id) => (spread(id, 'window') * 1e6) % 1),
        100,
      ),
    ).toBeLessThan(148.2);
    expect(
      chiSquare(
        ids.map((id) => (spread(id, 'window') * 2 ** 40) % 1),
        100,
      ),
    ).toBeLessThan(148.2);
  });
});

test('any text gives a point from 0 to below 1', () => {
  fc.assert(
    fc.property(anyText(40), (text) => {
      const point = spread(text, 'window');
      expect(point).toBeGreaterThanOrEqual(0);
      expect(point).toBeLessThan(1);
    }),
  );
});

// Another value means another hash: every slot of every schedule would move with the release.
test.each([
  { text: 'db-1', purpose: 'window', expected: 0.1654870817367029 },
  { text: 'db-1', purpose: 'enrol', expected: 0.07539007389619068 },
  { text: '44b277eb-39be-4921-be31-3d61b43651d7', purpose: 'window', expected: 0.5042712807348836 },
  { text: '44b277eb-39be-4921-be31-3d61b43651d7', purpose: 'anchor', expected: 0.9086449627605557 },
  { text: '', purpose: 'first', expected: 0.5511578699489037 },
  { text: 'đơn hàng 🐬', purpose: 'weekday', expected: 0.23232966677467726 },
])('"$text" stays at its point for $purpose', ({ text, purpose, expected }) => {
  expect(spread(text, purpose)).toBe(expected);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  firstSpan,
  pan,
  rangeOf,
  reachOf,
  toShow,
  zoom,
} from '../../../../../daemon/web/pages/instance/chains/range.ts';
import { walk } from '../../../../../daemon/web/pages/instance/chains/walk.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 30);
const reach = reachOf([NOW - 60 * DAY, NOW + 9 * DAY], NOW);

test('all is in reach, and now with what comes is in each span', () => {
  expect(reach.from).toBeLessThan(NOW - 60 * DAY);
  expect(reach.to).toBeGreaterThan(NOW + 9 * DAY);
  for (const span of ['week', 'month', 'quarter', 'all'] as const) {
    const { from, to } = rangeOf(span, reach, NOW);
    expect(from < NOW && NOW < to).toBe(true);
  }
  expect(firstSpan(reach, NOW, 900)).toBe('month');
  expect(firstSpan(reach, NOW, 300)).toBe('week');
  expect(firstSpan(reachOf([NOW - 2 * DAY], NOW), NOW, 900)).toBe('week');
});

test('however it is zoomed and moved, a range has a length and part of what there is in it', () => {
  const steps = fc.array(fc.oneof(fc.constantFrom(0.5, 2, -0.5, 0.25)), { maxLength: 40 });
  fc.assert(
    fc.property(steps, (all) => {
      let range = rangeOf('week', reach, NOW);
      for (const step of all) range = step === 0.5 || step === 2 ? zoom(range, step, reach) : pan(range, step, reach);
      expect(range.to - range.from).toBeGreaterThanOrEqual(DAY / 2 - 1);
      expect(range.from < reach.to && range.to > reach.from).toBe(true);
    }),
  );
});

test('a range moves to show an instant, no further than needed, and not where it is in it', () => {
  const range = { from: 0, to: 100 };
  expect(toShow(range, 50)).toEqual(range);
  expect(toShow(range, 200)).toEqual({ from: 105, to: 205 });
  expect(toShow(range, -20)).toEqual({ from: -25, to: 75 });
});

const stops = [
  { id: 'a', lane: 1, x: 10 },
  { id: 'b', lane: 1, x: 20 },
  { id: 'c', lane: 0, x: 30 },
  { id: 'd', lane: 0, x: 80 },
  { id: 'e', lane: 3, x: 70 },
];

test.each([
  ['a', 'ArrowRight', 'b'],
  ['b', 'ArrowRight', 'c'],
  ['d', 'ArrowRight', 'd'],
  ['a', 'ArrowLeft', 'a'],
  ['c', 'ArrowDown', 'b'],
  ['b', 'ArrowUp', 'c'],
  ['b', 'ArrowDown', 'e'],
  ['e', 'ArrowUp', 'b'],
  ['c', 'ArrowUp', 'c'],
  ['c', 'Home', 'a'],
  ['a', 'End', 'd'],
  [null, 'ArrowLeft', 'd'],
  ['gone', 'ArrowRight', 'd'],
] as const)('from %s by %s to %s', (from, key, to) => {
  expect(walk(stops, from, key)).toBe(to);
});

test('right alone reaches every one', () => {
  let [at, seen]: [string | null, string[]] = ['a', ['a']];
  for (let n = 1; n < stops.length; n += 1) {
    at = walk(stops, at, 'ArrowRight');
    seen = [...seen, at ?? ''];
  }
  expect(seen.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(walk([], null, 'End')).toBe(null);
});

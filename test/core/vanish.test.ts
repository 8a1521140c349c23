import { expect, test } from 'vitest';
import { judgeVanish, leftToVanish, type VanishInput, wholeProjects } from '../../lib/core/index.ts';

const some = (count: number, projectId = 'a') =>
  Array.from({ length: count }, (_, index) => ({ instanceId: `${projectId}-${index}`, projectId }));

/** So many of the known are gone. */
const scene = (gone: number, known: number, over: Partial<VanishInput> = {}): VanishInput => ({
  gone: some(gone),
  lacking: 0,
  isCut: false,
  known,
  goneLately: 0,
  share: 0.05,
  ...over,
});

test.each([
  { says: 'nothing', input: scene(0, 10) },
  { says: 'the only one', input: scene(1, 1) },
  { says: 'three of a small region', input: scene(3, 10) },
  { says: 'exactly the share of a large region', input: scene(50, 1000) },
  { says: 'a little now after a little before', input: scene(25, 1000, { goneLately: 25 }) },
  { says: 'more, where the operator allows more', input: scene(300, 1000, { share: 0.5 }) },
  { says: 'a few beside a few that only lists lack', input: scene(2, 10, { lacking: 3 }) },
])('$says may vanish', ({ input }) => {
  expect(judgeVanish(input)).toEqual({ believed: input.gone, alarm: null });
});

test.each([
  { says: 'four of a small region', input: scene(4, 10), vanished: 4, allowed: 3 },
  { says: 'one more than the share', input: scene(51, 1000), vanished: 51, allowed: 50 },
  {
    says: 'one more than the share within a day',
    input: scene(1, 1000, { goneLately: 50 }),
    vanished: 51,
    allowed: 50,
  },
  { says: 'a fourth one within a day', input: scene(1, 10, { goneLately: 3 }), vanished: 4, allowed: 3 },
  { says: 'four, and much that only lists lack', input: scene(4, 10, { lacking: 6 }), vanished: 4, allowed: 3 },
])('$says must not vanish without an operator', ({ input, vanished, allowed }) => {
  const alarm = { kind: 'gone', vanished, known: input.known, allowed };
  expect(judgeVanish(input)).toEqual({ believed: [], alarm });
});

test('half a region that a list lacks and that is there is the alarm of the list, and takes nothing of what may go', () => {
  const input = scene(1, 10, { lacking: 5 });
  const alarm = { kind: 'lacking', vanished: 5, known: 10, allowed: 3 };
  expect(judgeVanish(input)).toEqual({ believed: input.gone, alarm });
});

test('where not all were asked for, none is believed: more may be gone', () => {
  expect(judgeVanish(scene(1, 10, { lacking: 5, isCut: true }))).toMatchObject({
    believed: [],
    alarm: { kind: 'lacking' },
  });
});

test.each([
  [{ known: 10, goneLately: 0, share: 0.05 }, 3],
  [{ known: 1000, goneLately: 20, share: 0.05 }, 30],
  [{ known: 10, goneLately: 5, share: 0.05 }, -2],
])('of %o %i may go today', (bounds, left) => {
  expect(leftToVanish(bounds)).toBe(left);
});

test('a project of which nothing is left is whole, also one that no list knows; one of which something is left is not', () => {
  const [a, b, c] = [some(4, 'a'), some(2, 'b'), some(1, 'c')];
  const known = new Map([
    ['a', 4],
    ['b', 3],
  ]);
  const whole = new Map([
    ['a', a],
    ['c', c],
  ]);
  expect(wholeProjects([...a, ...b, ...c], known)).toEqual(whole);
});

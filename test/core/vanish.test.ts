import { expect, test } from 'vitest';
import { judgeVanish } from '../../lib/core/index.ts';

/** `{ a: [3, 10] }`: of project a's ten instances three are absent. */
function world(
  projects: Readonly<Record<string, readonly [absent: number, known: number]>>,
  goneLately = 0,
  share = 0.05,
) {
  const absent = Object.entries(projects).flatMap(([projectId, [count]]) =>
    Array.from({ length: count }, (_, index) => ({ instanceId: `${projectId}-${index}`, projectId })),
  );
  const knownByProject = new Map(Object.entries(projects).map(([projectId, [, known]]) => [projectId, known]));
  return { absent, knownByProject, goneLately, share };
}

test.each([
  { says: 'nothing', input: world({ a: [0, 10] }) },
  { says: "a tenant's only instance", input: world({ a: [1, 1], b: [0, 100] }) },
  { says: 'three of a small region', input: world({ a: [3, 10] }) },
  { says: 'all three of a project', input: world({ a: [3, 3], b: [0, 100] }) },
  { says: 'exactly the share of a large region', input: world({ a: [50, 500], b: [0, 500] }) },
  { says: 'a little now after a little before', input: world({ a: [25, 500], b: [0, 500] }, 25) },
  { says: 'more, where the operator allows more', input: world({ a: [300, 500], b: [0, 500] }, 0, 0.5) },
])('$says may vanish', ({ input }) => {
  expect(judgeVanish(input)).toEqual({ kind: 'believe', gone: input.absent, doubted: new Set() });
});

test.each([
  { says: 'four of a small region', input: world({ a: [4, 10] }), vanished: 4, known: 10, allowed: 3 },
  {
    says: 'one more than the share',
    input: world({ a: [51, 500], b: [0, 500] }),
    vanished: 51,
    known: 1000,
    allowed: 50,
  },
  {
    says: 'one more than the share within a day',
    input: world({ a: [1, 500], b: [0, 500] }, 50),
    vanished: 51,
    known: 1000,
    allowed: 50,
  },
  { says: 'a fourth one within a day', input: world({ a: [1, 10] }, 3), vanished: 4, known: 10, allowed: 3 },
  { says: 'the whole region', input: world({ a: [5, 5], b: [5, 5] }), vanished: 10, known: 10, allowed: 3 },
])('$says must not vanish without an operator', ({ input, vanished, known, allowed }) => {
  expect(judgeVanish(input)).toEqual({ kind: 'alarm', vanished, known, allowed });
});

test('all of a project of four is doubted, and what went elsewhere is believed', () => {
  const input = world({ a: [4, 4], b: [2, 996] });
  const gone = input.absent.filter(({ projectId }) => projectId === 'b');
  expect(judgeVanish(input)).toEqual({ kind: 'believe', gone, doubted: new Set(['a']) });
});

test('a project that no list knows is doubted', () => {
  const input = { ...world({ a: [4, 4] }), knownByProject: new Map([['b', 1000]]) };
  expect(judgeVanish(input)).toEqual({ kind: 'believe', gone: [], doubted: new Set(['a']) });
});

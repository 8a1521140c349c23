import { describe, expect, test } from 'vitest';
import { because, checkOrder, choosePolicy, InvalidInput, intervalMs, type Selector } from '../../lib/core/index.ts';
import { ANY, DAY, daily, every, HOUR, instance, policy, weekly } from './builders.ts';

const select = (over: Partial<Selector>): Selector => ({ ...ANY, ...over });
const choose = (over: Parameters<typeof instance>[0], exclude: Partial<Selector> = {}, project: string | null = null) =>
  choosePolicy(instance(over), project === null ? [] : [project], [policy()], select(exclude));

describe('an instance has no schedule', () => {
  test.each([
    {
      says: 'as a replica',
      over: { replicaOf: 'db-0' },
      exclude: {},
      reason: because('replica', { master: 'db-0' }),
    },
    {
      says: 'as a member of a cluster',
      over: { clusterId: 'cluster-1' },
      exclude: {},
      reason: because('cluster-member', { cluster: 'cluster-1' }),
    },
    {
      says: 'when its project is excluded by id',
      over: {},
      exclude: { projects: ['project-a'] },
      reason: because('excluded-project', { project: 'project-a' }),
    },
    {
      says: 'when its project is excluded by name',
      over: {},
      exclude: { projects: ['scratch@Default'] },
      project: 'scratch@Default',
      reason: because('excluded-project', { project: 'scratch@Default' }),
    },
    {
      says: 'when its datastore is excluded',
      over: {},
      exclude: { datastores: ['mysql'] },
      reason: because('excluded-datastore', { datastore: 'mysql' }),
    },
    {
      says: 'when its name is excluded, and the pattern is told',
      over: { name: 'tmp-7' },
      exclude: { names: ['old-*', 'tmp-*'] },
      reason: because('excluded-name', { name: 'tmp-7', pattern: 'tmp-*' }),
    },
    {
      says: 'as a replica first, whatever else excludes it',
      over: { replicaOf: 'db-0', clusterId: 'cluster-1', name: 'tmp-7' },
      exclude: { names: ['tmp-*'] },
      reason: because('replica', { master: 'db-0' }),
    },
  ])('$says', ({ over, exclude, project = null, reason }) => {
    expect(choose(over, exclude, project)).toEqual({ kind: 'excluded', because: reason });
  });

  test('when no policy selects it', () => {
    const choice = choosePolicy(instance(), [], [policy({ select: select({ datastores: ['mariadb'] }) })], ANY);
    expect(choice).toEqual({ kind: 'excluded', because: because('no-policy', {}) });
  });
});

describe('a selector', () => {
  test.each([
    { says: 'that is empty takes every instance', by: {}, taken: true },
    { says: 'takes a project by id', by: { projects: ['project-a'] }, taken: true },
    { says: 'takes a project by name and domain', by: { projects: ['shop@Default'] }, taken: true },
    { says: 'does not take a project by a part of its name', by: { projects: ['shop'] }, taken: false },
    { says: 'takes a datastore', by: { datastores: ['postgresql', 'mysql'] }, taken: true },
    { says: 'takes names by pattern', by: { names: ['x-*', 'ord*'] }, taken: true },
    { says: 'asks every list that is not empty', by: { datastores: ['mysql'], names: ['prod-*'] }, taken: false },
    { says: 'is content when every list matches', by: { datastores: ['mysql'], names: ['orders'] }, taken: true },
  ])('$says', ({ by, taken }) => {
    const choice = choosePolicy(instance(), ['shop@Default'], [policy({ select: select(by) })], ANY);
    expect(choice.kind).toBe(taken ? 'policy' : 'excluded');
  });

  test('a project whose name is not known is not matched by a name', () => {
    const named = policy({ select: select({ projects: ['shop@Default'] }) });
    expect(choosePolicy(instance(), [], [named], ANY).kind).toBe('excluded');
  });

  test('the first policy that selects an instance is its policy, and the reason names it', () => {
    const policies = ['mariadb', 'mysql', 'all'].map((name) =>
      policy({ name, select: name === 'all' ? ANY : select({ datastores: [name] }) }),
    );
    expect(choosePolicy(instance(), [], policies, ANY)).toEqual({
      kind: 'policy',
      policy: policies[1],
      because: because('policy-selects', { policy: 'mysql' }),
    });
  });
});

describe('the order of policies', () => {
  test.each([
    { says: 'everything before something', first: {}, second: { names: ['prod-*'] } },
    { says: 'everything before everything', first: {}, second: {} },
    {
      says: 'a datastore before the same with names',
      first: { datastores: ['mysql'] },
      second: { datastores: ['mysql'], names: ['a'] },
    },
    { says: 'two projects before one of them', first: { projects: ['a', 'b'] }, second: { projects: ['b'] } },
  ])('$says is refused with both names', ({ first, second }) => {
    const policies = [
      policy({ name: 'early', select: select(first) }),
      policy({ name: 'late', select: select(second) }),
    ];
    const refusal = expect(() => checkOrder(policies));
    refusal.toThrow(InvalidInput);
    expect(() => checkOrder(policies)).toThrow(/"late" can never apply: "early".*move "late" up or narrow "early"/);
  });

  test.each([
    { says: 'a pattern that overlaps another', first: { names: ['prod-*'] }, second: { names: ['*-a'] } },
    { says: 'the narrow one first', first: { names: ['prod-*'] }, second: {} },
    { says: 'different datastores', first: { datastores: ['mysql'] }, second: { datastores: ['mariadb'] } },
    { says: 'one project before two', first: { projects: ['a'] }, second: { projects: ['a', 'b'] } },
    { says: 'lists of different kinds', first: { names: ['prod-*'] }, second: { datastores: ['mysql'] } },
  ])('$says is allowed', ({ first, second }) => {
    const policies = [
      policy({ name: 'early', select: select(first) }),
      policy({ name: 'late', select: select(second) }),
    ];
    expect(() => checkOrder(policies)).not.toThrow();
  });

  test('a plain name that an earlier pattern takes is shadowed', () => {
    const lists: readonly Partial<Selector>[] = [{ names: ['prod-*'] }, { names: ['prod-a', 'prod-b'] }];
    const policies = lists.map((by, index) => policy({ name: `p${index}`, select: select(by) }));
    expect(() => checkOrder(policies)).toThrow(/"p1" can never apply: "p0"/);
  });

  test('a policy is compared with every one before it, not only the last', () => {
    const lists: readonly Partial<Selector>[] = [{ names: ['a'] }, { datastores: ['mysql'] }, { names: ['a'] }];
    const policies = lists.map((by, index) => policy({ name: `p${index}`, select: select(by) }));
    expect(() => checkOrder(policies)).toThrow(/"p2" can never apply: "p0"/);
  });
});

test.each([
  { cadence: every(6 * HOUR), expected: 6 * HOUR },
  { cadence: daily(), expected: DAY },
  { cadence: weekly(), expected: 7 * DAY },
])('the nominal interval of $cadence.kind $cadence.unit is $expected ms', ({ cadence, expected }) => {
  expect(intervalMs(cadence)).toBe(expected);
});

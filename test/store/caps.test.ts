import { beforeEach, describe, expect, test } from 'vitest';
import type { Caps } from '../../daemon/ports/schedule.ts';
import { because } from '../../lib/core/index.ts';
import { HOUR, MINUTE } from '../core/builders.ts';
import { claim, FULL, NOW, openWorld, readyIn, scheduled, WIDE, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = openWorld();
});
/** `see({ a: 3, b: 1 })`: so many instances of each project, all due, those of the first project longest. */
async function see(projects: Readonly<Record<string, number>>): Promise<void> {
  const ids = Object.entries(projects).flatMap(([projectId, count]) =>
    Array.from({ length: count }, (_, index) => ({ id: `${projectId}-${index}`, projectId })),
  );
  await world.inventory.saveSightings(
    ids.map((over, index) => scheduled(over, NOW - HOUR + 1 + index)),
    NOW - HOUR,
  );
}
async function counts(caps: Caps, limit = 500): Promise<Readonly<Record<string, number>>> {
  const { claimed } = await claim(world, NOW, caps, limit);
  return Object.fromEntries(
    [...Map.groupBy(claimed, ({ projectId }) => projectId)].map(([id, runs]) => [id, runs.length]),
  );
}

describe('claims', () => {
  test.each([
    { says: 'stop at the cap of all', projects: { a: 9 }, caps: { concurrent: 5, perProject: 9 }, expected: { a: 5 } },
    {
      says: 'stop at the cap of a project',
      projects: { a: 9 },
      caps: { concurrent: 9, perProject: 2 },
      expected: { a: 2 },
    },
    {
      says: 'of a large project do not starve a small one',
      projects: { a: 200, b: 3 },
      caps: { concurrent: 20, perProject: 4 },
      expected: { a: 4, b: 3 },
    },
    {
      says: 'fill the cap from many projects',
      projects: { a: 50, b: 50, c: 50 },
      caps: { concurrent: 10, perProject: 4 },
      expected: { a: 4, b: 4, c: 2 },
    },
    { says: 'stop at the limit of the call', projects: { a: 9 }, caps: WIDE, limit: 3, expected: { a: 3 } },
  ])('$says', async ({ projects, caps, limit, expected }) => {
    await see(projects);
    expect(await counts(caps, limit)).toEqual(expected);
  });

  test('take the slot that has waited longest first', async () => {
    await see({ a: 4 });
    const { claimed } = await claim(world, NOW, { concurrent: 2, perProject: 2 });
    expect(claimed.map(({ instanceId }) => instanceId)).toEqual(['a-0', 'a-1']);
  });

  test('left for want of room keep their slot and come when there is room', async () => {
    await see({ a: 3 });
    const caps = { concurrent: 2, perProject: 2 };
    const [first] = (await claim(world, NOW, caps)).claimed;
    expect(await counts(caps)).toEqual({});
    await world.ledger.end(first?.runId ?? '', { state: 'skipped', because: because('instance-gone', {}) }, NOW);
    expect(await counts(caps)).toEqual({ a: 1 });
    expect(world.runs()).toHaveLength(3);
  });
});

describe('a place is', () => {
  const caps = { concurrent: 1, perProject: 1 };
  const reason = because('answer-lost', { detail: 'cut' });
  const steps: Readonly<Record<string, (runId: string) => Promise<unknown>>> = {
    claimed: async () => undefined,
    intent: (runId) => world.ledger.recordIntent(runId, FULL, NOW, WIDE),
    running: async (runId) => {
      await world.ledger.recordIntent(runId, FULL, NOW, WIDE);
      await world.ledger.recordBackup(runId, 'backup-1', because('accepted', {}), NOW);
    },
    postponed: (runId) => world.ledger.postpone(runId, NOW + MINUTE, because('cap-reached', {}), NOW),
    unknown: async (runId) => {
      await world.ledger.recordIntent(runId, FULL, NOW, WIDE);
      await world.ledger.recordUnknown(runId, reason, NOW);
    },
    ended: (runId) => world.ledger.end(runId, { state: 'failed', because: reason }, NOW),
  };
  test.each([
    { state: 'claimed', held: true },
    { state: 'intent', held: true },
    { state: 'running', held: true },
    { state: 'postponed', held: false },
    { state: 'unknown', held: true },
    { state: 'ended', held: false },
  ])('held ($held) by a run that is $state', async ({ state, held }) => {
    await see({ a: 2 });
    const [first] = (await claim(world, NOW, caps)).claimed;
    await steps[state]?.(first?.runId ?? '');
    expect(await counts(caps)).toEqual(held ? {} : { a: 1 });
  });

  test.each([
    { state: 'unknown', forMs: 15 * MINUTE, why: 'its request is not carried out any more' },
    { state: 'running', forMs: 12 * HOUR, why: 'its backup is stuck' },
  ])('held for a while by a run that is $state: after that $why', async ({ state, forMs }) => {
    await see({ a: 2 });
    const [first] = (await claim(world, NOW, caps)).claimed;
    await steps[state]?.(first?.runId ?? '');
    expect((await claim(world, NOW + forMs - 1, caps)).claimed).toEqual([]);
    expect((await claim(world, NOW + forMs, caps)).claimed).toHaveLength(1);
  });

  test('not taken from other projects by all the waiting runs of one', async () => {
    await see({ a: 4 });
    await claim(world, NOW, { concurrent: 4, perProject: 4 });
    await world.inventory.saveSightings([scheduled({ id: 'b-0', projectId: 'b' }, NOW)], NOW);
    expect(await counts({ concurrent: 4, perProject: 4 })).toEqual({ b: 1 });
    const ready = await readyIn(world, NOW);
    expect(ready.map(({ projectId }) => projectId).sort()).toEqual(['a', 'b']);
  });
});

describe('runs to be tried are', () => {
  const triedOf = async (caps: Caps, over: Parameters<typeof readyIn>[3] = {}) =>
    (await readyIn(world, NOW, 0, { caps, ...over })).map(({ instanceId }) => instanceId);
  const runIdOf = (id: string) => world.runs().find(({ instance_id }) => instance_id === id)?.run_id ?? '';
  const intend = (id: string) => world.ledger.recordIntent(runIdOf(id), FULL, NOW, WIDE);
  beforeEach(async () => {
    await see({ a: 2, b: 2, c: 1 });
    await claim(world, NOW);
  });

  test('no more than there are places', async () => {
    expect(await triedOf({ concurrent: 2, perProject: 1 })).toEqual(['a-0', 'b-0']);
  });

  test('fewer by each that holds a place', async () => {
    await intend('a-0');
    expect(await triedOf({ concurrent: 2, perProject: 2 })).toEqual(['a-1']);
    await intend('b-0');
    expect(await triedOf({ concurrent: 2, perProject: 2 })).toEqual([]);
  });

  test('fewer by each that is being tried, but once where it has its intent already', async () => {
    const [trying, closed] = [['a-0', 'b-0'].map(runIdOf), new Set(['a', 'b'])];
    expect(await triedOf({ concurrent: 2, perProject: 2 }, { trying, closed })).toEqual([]);
    expect(await triedOf({ concurrent: 3, perProject: 2 }, { trying, closed })).toEqual(['c-0']);
    await intend('a-0');
    expect(await triedOf({ concurrent: 3, perProject: 2 }, { trying, closed })).toEqual(['c-0']);
  });

  test('of projects that are not closed, however many of those wait before them', async () => {
    expect(await triedOf({ concurrent: 1, perProject: 1 }, { closed: new Set(['a', 'b']) })).toEqual(['c-0']);
  });

  test('of projects that are not full, however many of those wait before them', async () => {
    await intend('a-0');
    await intend('b-0');
    expect(await triedOf({ concurrent: 3, perProject: 1 })).toEqual(['c-0']);
  });
});

test('what is ready in a project that is full takes no place from the claims of others', async () => {
  await see({ a: 2 });
  await claim(world, NOW);
  const [first] = world.runs();
  await world.ledger.recordIntent(first?.run_id ?? '', FULL, NOW, WIDE);
  await world.inventory.saveSightings([scheduled({ id: 'b-0', projectId: 'b' }, NOW)], NOW);
  expect(await counts({ concurrent: 2, perProject: 1 })).toEqual({ b: 1 });
});

describe('an intent', () => {
  test.each([
    {
      says: 'is capped when as many run as may in all',
      caps: { concurrent: 2, perProject: 9 },
      of: 'b-0',
      expected: 'capped',
    },
    {
      says: 'is capped when as many run as may in its project',
      caps: { concurrent: 9, perProject: 2 },
      of: 'a-2',
      expected: 'capped',
    },
    {
      says: 'goes when its own project has room',
      caps: { concurrent: 9, perProject: 2 },
      of: 'b-0',
      expected: 'intended',
    },
    {
      says: 'goes when there is one place more',
      caps: { concurrent: 3, perProject: 3 },
      of: 'a-2',
      expected: 'intended',
    },
  ])('$says', async ({ caps, of, expected }) => {
    await see({ a: 3, b: 1 });
    const { claimed } = await claim(world, NOW);
    const runOf = (id: string) => claimed.find(({ instanceId }) => instanceId === id)?.runId ?? '';
    for (const id of ['a-0', 'a-1']) await world.ledger.recordIntent(runOf(id), FULL, NOW, WIDE);
    expect(await world.ledger.recordIntent(runOf(of), FULL, NOW, caps)).toBe(expected);
    expect(world.runs().find(({ run_id }) => run_id === runOf(of))?.state).toBe(
      expected === 'capped' ? 'claimed' : 'intent',
    );
  });
});

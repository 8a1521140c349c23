import { expect, test } from 'vitest';
import type { Reason } from '../../lib/core/index.ts';
import { every, HOUR, MINUTE, SECOND } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

const RARE = { ...HOURLY, cadence: every(3 * HOUR), firstWithinMs: 5 * MINUTE };

function projectsOf({ region }: World, count: number, instancesEach: number): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, index) => {
    const { id: projectId } = region.createProject({ name: `tenant-${index}` });
    return Array.from({ length: instancesEach }, (_, n) => region.createInstance({ projectId, name: `db-${n}` }).id);
  });
}

const most = (numbers: readonly number[]): number => Math.max(...numbers);

test('never more run at once than the caps allow, for all and for a project, and everyone has his turn', async () => {
  const world = openWorld({
    policies: [RARE],
    caps: { concurrent: 3, perProject: 2 },
    region: { backupMs: 2 * MINUTE },
  });
  const projects = projectsOf(world, 3, 3);
  await world.service.start();
  await world.until(() => world.service.events('run.completed').length === 9, 30 * MINUTE);
  const { posts } = world.service.wire;
  // What was running already when each was asked for, and itself.
  expect(most(posts.map(({ running }) => running.length + 1))).toBe(3);
  const beside = posts.map((post) => post.running.filter(({ projectId }) => projectId === post.projectId).length + 1);
  expect(most(beside)).toBe(2);
  for (const id of projects.flat()) {
    expect(world.service.runs(id).map(({ state }) => state)).toEqual(['completed']);
  }
});

test('those that were held together do not go together beyond the caps', async () => {
  const world = openWorld({ policies: [RARE], caps: { concurrent: 2, perProject: 2 } });
  const ids = projectsOf(world, 3, 3).flat();
  for (const id of ids) world.region.changeInstance(id, { task: 'RESIZING' });
  await world.service.start();
  await world.advance(8 * MINUTE);
  expect(world.service.runs().map(({ state }) => state)).toEqual(ids.map(() => 'claimed'));
  for (const id of ids) world.region.changeInstance(id, { task: 'NONE' });
  await world.until(() => world.service.events('run.completed').length === ids.length, 20 * MINUTE);
  expect(most(world.service.wire.posts.map(({ running }) => running.length + 1))).toBe(2);
});

test('a project is asked for one backup at a time, since Trove counts quotas without a lock; several projects at once', async () => {
  const world = openWorld({ policies: [{ ...RARE, firstWithinMs: SECOND }] });
  const under: string[] = [];
  const seen: (readonly string[])[] = [];
  world.service.wire.always(async (forward, { projectId }) => {
    under.push(projectId);
    seen.push([...under]);
    await world.clock.sleepUntil(world.clock.nowUtc() + 20 * SECOND, new AbortController().signal);
    under.splice(under.indexOf(projectId), 1);
    return forward();
  });
  projectsOf(world, 3, 3);
  await world.service.start();
  await world.advance(5 * MINUTE);
  expect(seen).toHaveLength(9);
  expect(seen.filter((projects) => new Set(projects).size < projects.length)).toEqual([]);
  expect(most(seen.map(({ length }) => length))).toBe(3);
});

test('projects whose databases all wait do not keep the others from their turn', async () => {
  const world = openWorld({ policies: [RARE], caps: { concurrent: 4, perProject: 2 } });
  world.region.revokeInherited(world.user, 'database_backup');
  world.region.grant(world.user, 'database_backup', world.project);
  const waiting = projectsOf(world, 2, 16).flat();
  world.service.wire.latencyMs = 3 * SECOND;
  await world.service.start();
  await world.advance(6 * MINUTE);
  // So many wait, each looked at again within the minute, that their one try at a time is never done with them.
  expect(world.service.runs().filter(({ state }) => state === 'claimed').length).toBeGreaterThan(16);
  const sound = world.instance('orders');
  world.service.life().reconcile.pokeFull();
  await world.until(() => world.service.events('run.submitted', sound).length === 1, 7 * MINUTE);
  expect(waiting.flatMap((id) => world.service.events('run.submitted', id))).toEqual([]);
});

test('a place that a backup leaves is taken in the same moment while others wait, and none of them is tried in vain', async () => {
  const world = openWorld({
    policies: [RARE],
    caps: { concurrent: 3, perProject: 2 },
    region: { backupMs: 2 * MINUTE },
  });
  const ids = projectsOf(world, 4, 4).flat();
  for (const id of ids) world.region.changeInstance(id, { task: 'RESIZING' });
  await world.service.start();
  await world.advance(8 * MINUTE);
  for (const id of ids) world.region.changeInstance(id, { task: 'NONE' });
  await world.until(() => world.service.events('run.completed').length === ids.length, 40 * MINUTE);
  const instantsOf = (event: string) => world.service.events(event).map(({ atUtc }) => atUtc);
  expect(instantsOf('run.submitted').slice(3)).toEqual(instantsOf('run.completed').slice(0, -3));
  const inVain = world.service.events('run.waiting').map(({ because }) => because as Reason);
  expect(new Set(inVain.map(({ rule }) => rule))).toEqual(new Set(['instance-busy']));
});

test('runs that are ready in projects that are full leave the other places to other projects', async () => {
  const world = openWorld({
    policies: [{ ...RARE, firstWithinMs: SECOND }],
    caps: { concurrent: 6, perProject: 1 },
    region: { backupMs: 20 * MINUTE },
  });
  const held = projectsOf(world, 3, 2).flat();
  for (const id of held) world.region.changeInstance(id, { task: 'RESIZING' });
  await world.service.start();
  await world.advance(3 * MINUTE);
  for (const id of held) world.region.changeInstance(id, { task: 'NONE' });
  await world.advance(3 * MINUTE);
  expect(
    world.service
      .runs()
      .map(({ state }) => state)
      .sort(),
  ).toEqual([...Array(3).fill('claimed'), ...Array(3).fill('running')]);
  const others = Array.from({ length: 3 }, (_, n) => {
    const { id: projectId } = world.region.createProject({ name: `other-${n}` });
    return world.region.createInstance({ projectId, name: 'db' }).id;
  });
  world.service.life().reconcile.pokeFull();
  await world.advance(3 * MINUTE);
  expect(others.flatMap((id) => world.service.runs(id)).map(({ state }) => state)).toEqual(Array(3).fill('running'));
});

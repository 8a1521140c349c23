import { beforeEach, describe, expect, test } from 'vitest';
import type { Point } from '../../daemon/ports/points.ts';
import { because } from '../../lib/core/index.ts';
import { HOUR, MINUTE, SECOND } from '../core/builders.ts';
import { NOW, openWorld, runningOne, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = openWorld();
});
const PROJECT = 'project-a';
const points = () => world.schedules().map(({ newest_point_utc }) => newest_point_utc);

/** A completed run of an instance; gives its id. */
async function completedOne(id: string, slotUtc = NOW): Promise<string> {
  const runId = await runningOne(world, `${id}-${slotUtc}`, slotUtc, { id });
  await world.ledger.end(runId, { state: 'completed', because: because('backup-completed', {}) }, slotUtc + MINUTE);
  return runId;
}
const seen = (instanceId: string | null, found: readonly Point[], askedUtc = NOW + 2 * HOUR) =>
  world.points.pointsSeen({ projectId: PROJECT, instanceId, askedUtc, points: found });
const point = (instanceId: string, runId: string, createdUtc = NOW + SECOND): Point => ({
  instanceId,
  runId,
  createdUtc,
});

test('what Trove shows still is left as it was', async () => {
  const runId = await completedOne('db-1');
  await seen('db-1', [point('db-1', runId)]);
  expect(points()).toEqual([NOW]);
});

test('where the newest was deleted the one before it is the newest', async () => {
  const before = await completedOne('db-1');
  await completedOne('db-1', NOW + HOUR);
  expect(points()).toEqual([NOW + HOUR]);
  await seen('db-1', [point('db-1', before)]);
  expect(points()).toEqual([NOW]);
});

test('a point of before this store counts from when Trove says it was made', async () => {
  await completedOne('db-1');
  await seen('db-1', [point('db-1', 'a-run-that-was-lost', NOW - HOUR)]);
  expect(points()).toEqual([NOW - HOUR]);
});

describe('where none is left there is none', () => {
  test('of one instance, and its neighbours keep theirs', async () => {
    await completedOne('db-1');
    await completedOne('db-2');
    await seen('db-1', []);
    expect(points()).toEqual([null, NOW]);
  });

  test('of a project, in which all are looked at', async () => {
    await completedOne('db-1');
    const kept = await completedOne('db-2');
    await seen(null, [point('db-2', kept)]);
    expect(points()).toEqual([null, NOW]);
  });
});

test('a list that was asked for before the run completed takes nothing away', async () => {
  await completedOne('db-1');
  await seen('db-1', [], NOW + MINUTE);
  expect(points()).toEqual([NOW]);
  await seen('db-1', [], NOW + MINUTE + 1);
  expect(points()).toEqual([null]);
});

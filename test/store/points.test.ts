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
  world.points.pointsSeen({ projectId: PROJECT, instanceId, askedUtc, points: found, backups: [] });
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

describe('a point that somebody says is gone', () => {
  const suspects = async () => (await world.points.suspects(10, '')).map(({ runId }) => runId);
  const never = () => null;

  test('is a suspect if it is ours, and none any more when Trove shows it', async () => {
    const runId = await completedOne('db-1');
    const backupId = world.runs()[0]?.backup_id ?? '';
    expect(await world.points.suspect(['of nobody'])).toBe(false);
    expect(await world.points.suspect([backupId, backupId])).toBe(true);
    expect(await suspects()).toEqual([runId]);
    await world.points.acquit(runId);
    expect(await suspects()).toEqual([]);
  });

  test('is a suspect as well if it lacks in a list, but not in one that is older than it', async () => {
    const runId = await completedOne('db-1');
    expect(await seen('db-1', [], NOW + MINUTE)).toBe(false);
    expect(await seen('db-1', [])).toBe(true);
    expect(await seen('db-1', [])).toBe(false);
    expect(await suspects()).toEqual([runId]);
  });

  test('is lost once, and its schedule goes on sooner', async () => {
    const runId = await completedOne('db-1');
    await seen('db-1', []);
    const next = world.schedules()[0]?.next_slot_utc ?? 0;
    const left = { instanceId: 'db-1', wasCredit: false, newestPointUtc: null, lastSlotUtc: NOW, nextSlotUtc: next };
    const loss = await world.points.lost(runId, ({ policy: _, ...rest }) => {
      expect(rest).toEqual(left);
      return next - MINUTE;
    });
    expect(loss).toEqual({
      byUs: false,
      byOwner: false,
      credit: 'none',
      newestPointUtc: null,
      nextSlotUtc: next - MINUTE,
    });
    expect(world.schedules()[0]?.next_slot_utc).toBe(next - MINUTE);
    expect(world.kept()).toEqual(world.counted());
    expect(await world.points.lost(runId, never)).toBeNull();
    expect(await suspects()).toEqual([]);
  });

  test('is known to be of our own doing where we asked for it', async () => {
    const runId = await completedOne('db-1');
    const backupId = world.runs()[0]?.backup_id ?? '';
    const surplus = because('surplus-failed', { kept: 'another' });
    await world.pruning.intend({ backupId, instanceId: 'db-1', projectId: PROJECT, because: surplus, intentUtc: NOW });
    await world.points.suspect([backupId]);
    expect(await world.points.lost(runId, never)).toMatchObject({ byUs: true, nextSlotUtc: null });
  });

  test('does not hasten a schedule whose next backup is on its way', async () => {
    const runId = await completedOne('db-1');
    await runningOne(world, 'another', NOW + HOUR, { id: 'db-1' });
    await world.points.suspect([world.runs()[0]?.backup_id ?? '']);
    expect(await world.points.lost(runId, () => NOW)).toMatchObject({ nextSlotUtc: null });
  });
});

test('the projects to be surveyed are those with schedules, page by page', async () => {
  await completedOne('db-1');
  expect(await world.points.projects(10, '')).toEqual([PROJECT]);
  expect(await world.points.projects(10, PROJECT)).toEqual([]);
});

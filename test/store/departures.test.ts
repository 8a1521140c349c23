import { beforeEach, expect, test } from 'vitest';
import { because } from '../../lib/core/index.ts';
import { DAY, HOUR, MINUTE } from '../core/builders.ts';
import { NOW, openWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = openWorld();
});

const PROJECT = 'project-a';
const departure = (backupId: string, projectId = PROJECT) => ({ backupId, projectId });
const going = async (from: World = world, projectId = PROJECT) => [...(await from.pruning.going(projectId))].toSorted();
const OF = { backupId: 'b-1', instanceId: 'db-1', projectId: PROJECT };
const HOLD = { owner: 'anna', note: 'audit', untilUtc: null };

test('what an owner had deleted goes, beside what the service deletes, of that project alone and over a restart', async () => {
  await world.pruning.intend({ ...OF, backupId: 'ours', because: because('unwanted-no-more', {}), intentUtc: NOW });
  await world.departures.depart([departure('b-1'), departure('b-2'), departure('b-9', 'project-b')], NOW);
  world.close();
  const next = openWorld({ path: world.path });
  expect(await going(next)).toEqual(['b-1', 'b-2', 'ours']);
  expect(await going(next, 'project-b')).toEqual(['b-9']);
  // The service has nothing of it to settle.
  expect((await next.pruning.openDeletions()).map(({ backupId }) => backupId)).toEqual(['ours']);
});

test('what had no effect goes no more, nor does what was asked for long ago; asked for again, it goes again', async () => {
  await world.departures.depart([departure('b-1'), departure('b-2'), departure('b-3')], NOW);
  await world.departures.stay(['b-1']);
  expect(await going()).toEqual(['b-2', 'b-3']);
  await world.departures.depart([departure('b-3')], NOW + HOUR);
  await world.departures.endDepartures(NOW);
  expect(await going()).toEqual(['b-3']);
  await world.departures.endDepartures(NOW + HOUR);
  expect(await going()).toEqual([]);
});

test('no hold and no undo comes in time for what goes, and its mark is told no more', async () => {
  await world.retention.noteMarks({ mark: [{ ...OF, because: because('unwanted-no-more', {}) }], lift: [] }, NOW);
  expect(await world.marks.marksOf('db-1', NOW)).toHaveLength(1);
  await world.departures.depart([departure('b-1')], NOW);
  expect(await world.retention.hold({ ...OF, ...HOLD }, NOW)).toBe('going');
  expect(await world.retention.undo(OF, HOLD, NOW)).toBe('going');
  expect(await world.marks.marksOf('db-1', NOW)).toEqual([]);
  await world.departures.stay(['b-1']);
  expect(await world.retention.undo(OF, HOLD, NOW)).toBe('undone');
});

test('what a clock that was ahead wrote down is as of now when that is known', async () => {
  await world.departures.depart([departure('b-1')], NOW + 365 * DAY);
  await world.healing.healStore(NOW, MINUTE);
  await world.departures.endDepartures(NOW - 1);
  expect(await going()).toEqual(['b-1']);
  await world.departures.endDepartures(NOW);
  expect(await going()).toEqual([]);
});

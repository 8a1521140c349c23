import { beforeEach, expect, test } from 'vitest';
import { because } from '../../lib/core/index.ts';
import { DAY, HOUR } from '../core/builders.ts';
import { claimOne, NOW, openWorld, runningOne, scheduled, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = openWorld();
  await world.inventory.saveSightings(
    [
      scheduled({ id: 'db-1' }, NOW + DAY),
      scheduled({ id: 'db-2' }, NOW + DAY),
      scheduled({ id: 'db-3', projectId: 'project-b' }, NOW + DAY),
    ],
    NOW,
  );
});
const look = async (...seen: readonly string[]) => {
  const report = await world.inventory.noteAbsences(new Set(seen), NOW);
  return { ...report, absentTwice: report.absentTwice.map(({ instanceId }) => instanceId) };
};
const DB1 = { instanceId: 'db-1', projectId: 'project-a' };

test('one list that lacks an instance says nothing, a second one does', async () => {
  expect((await look('db-2', 'db-3')).absentTwice).toEqual([]);
  expect((await look('db-2', 'db-3')).absentTwice).toEqual(['db-1']);
  expect((await look('db-2', 'db-3')).absentTwice).toEqual(['db-1']);
});

test('an absence is forgotten when a list has the instance in between', async () => {
  await look('db-2', 'db-3');
  await look('db-1', 'db-2', 'db-3');
  expect((await look('db-2', 'db-3')).absentTwice).toEqual([]);
});

test('an absence is forgotten when the instance was seen by itself in between', async () => {
  await look('db-2', 'db-3');
  await world.inventory.saveSightings([scheduled({ id: 'db-1' }, NOW + DAY)], NOW);
  expect((await look('db-2', 'db-3')).absentTwice).toEqual([]);
});

test('an absence is remembered over a restart', async () => {
  await look('db-2', 'db-3');
  world.close();
  world = openWorld({ path: world.path });
  expect((await look('db-2', 'db-3')).absentTwice).toEqual(['db-1']);
});

test('the instances known are counted by project, the absent ones too', async () => {
  expect((await look()).knownByProject).toEqual(
    new Map([
      ['project-a', 2],
      ['project-b', 1],
    ]),
  );
});

test('who is gone is neither known nor absent any more, but counts as gone for a day', async () => {
  await world.inventory.entomb([DB1], NOW);
  const report = await look('db-3');
  expect(report.knownByProject).toEqual(
    new Map([
      ['project-a', 1],
      ['project-b', 1],
    ]),
  );
  expect(report.goneLately).toBe(1);
  expect((await look('db-3')).absentTwice).toEqual(['db-2']);
  expect((await world.inventory.noteAbsences(new Set(), NOW + DAY - 1)).goneLately).toBe(1);
  expect((await world.inventory.noteAbsences(new Set(), NOW + DAY)).goneLately).toBe(0);
});

test('a tombstone ends the schedule and skips what waits; the rows stay', async () => {
  const runId = await claimOne(world, NOW, { id: 'db-9' });
  await world.inventory.entomb([{ instanceId: 'db-9', projectId: 'project-a' }], NOW + HOUR);
  expect(world.schedules().filter(({ active }) => active === 0)).toMatchObject([{ instance_id: 'db-9' }]);
  expect(world.runs()).toMatchObject([
    { run_id: runId, state: 'skipped', because: JSON.stringify(because('instance-gone', {})), ended_utc: NOW + HOUR },
  ]);
});

test('a tombstone leaves a run alone whose backup is being made', async () => {
  const runId = await runningOne(world, 'backup-9', NOW, { id: 'db-9' });
  await world.inventory.entomb([{ instanceId: 'db-9', projectId: 'project-a' }], NOW);
  expect((await world.ledger.openRuns()).map(({ id }) => id)).toEqual([runId]);
});

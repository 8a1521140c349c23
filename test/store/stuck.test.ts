import { expect, test } from 'vitest';
import type { StuckBackup } from '../../daemon/ports/stuck.ts';
import { because } from '../../lib/core/index.ts';
import { HOUR, MINUTE } from '../core/builders.ts';
import { claimOne, FULL, NOW, openWorld, scheduled } from './world.ts';

const ONE = { concurrent: 1, perProject: 1 };
const stuckOne = (over: Partial<StuckBackup> = {}): StuckBackup => ({
  backupId: 'b1',
  instanceId: 'db-1',
  projectId: 'project-a',
  because: because('backup-stuck', {
    ...{ backup: 'b1', instance: 'db-1', status: 'BUILDING', sinceUtc: NOW, limitMs: 2 * HOUR },
  }),
  toldUtc: NOW,
  times: 1,
  ...over,
});

test('what is stuck is known until it is over, and counted while its instance is there', async () => {
  const world = openWorld();
  await world.inventory.saveSightings([scheduled({}, NOW + HOUR)], NOW);
  expect((await world.stuck.noteStuck({ told: [stuckOne()], over: [] })).told).toHaveLength(1);
  expect((await world.stuck.noteStuck({ told: [stuckOne()], over: [] })).told).toEqual([]);
  await world.stuck.noteStuck({ told: [stuckOne({ times: 2, toldUtc: NOW + HOUR })], over: [] });
  const all = [stuckOne({ times: 2, toldUtc: NOW + HOUR })];
  expect(await world.stuck.stuckOf('project-a', null)).toEqual(all);
  expect(await world.stuck.stuckOf('project-a', 'db-1')).toEqual(all);
  expect(await world.stuck.stuckOf('project-a', 'db-2')).toEqual([]);
  expect((await world.readModel.overview(NOW)).stuck).toBe(1);
  await world.inventory.entomb([{ instanceId: 'db-1', projectId: 'project-a' }], NOW, false);
  expect((await world.readModel.overview(NOW)).stuck).toBe(0);
  await world.stuck.noteStuck({ told: [], over: [stuckOne()] });
  expect(await world.stuck.stuckOf('project-a', null)).toEqual([]);
});

test('a stuck backup of ours holds no place', async () => {
  const world = openWorld();
  const runId = await claimOne(world);
  await world.ledger.recordIntent(runId, FULL, NOW, ONE);
  await world.ledger.recordBackup(runId, 'b1', because('accepted', {}), NOW);
  await world.inventory.saveSightings([scheduled({ id: 'db-2' }, NOW)], NOW);
  const claim = () =>
    world.schedule.claimDue({
      nowUtc: NOW,
      limit: 10,
      caps: ONE,
      advance: (_, __, cursor) => ({ missed: [], due: cursor, nextUtc: cursor + HOUR }),
      makeUp: () => null,
    });
  expect((await claim()).claimed).toEqual([]);
  await world.stuck.noteStuck({ told: [stuckOne()], over: [] });
  expect((await claim()).claimed).toMatchObject([{ instanceId: 'db-2' }]);
});

test('how long backups take is measured from the request to the end, of those that were completed', async () => {
  const world = openWorld();
  const runId = await claimOne(world);
  await world.ledger.recordIntent(runId, FULL, NOW, ONE);
  await world.ledger.recordBackup(runId, 'b1', because('accepted', {}), NOW);
  expect(await world.stuck.usual('db-1')).toEqual({ tookMs: [], isGone: false });
  const end = { state: 'completed', because: because('backup-completed', {}), backupId: 'b1' } as const;
  await world.ledger.end(runId, end, NOW + 7 * MINUTE);
  expect(await world.stuck.usual('db-1')).toEqual({ tookMs: [7 * MINUTE], isGone: false });
  expect(await world.stuck.usual('db-9')).toEqual({ tookMs: [], isGone: false });
});

import { expect, test } from 'vitest';
import { DAY, HOUR } from '../core/builders.ts';
import { twoFailed } from './prune-scene.ts';
import { cutBefore } from './wire.ts';
import { openWorld } from './world.ts';

const SAID = { owner: 'anna', note: 'audit', untilUtc: null };
const signal = new AbortController().signal;

async function one() {
  const world = openWorld();
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 1);
  const backupId = world.backups(id)[0]?.id ?? '';
  return { world, id, backupId, holds: world.service.life().holds, projectId: world.project };
}

test('a hold of a backup of ours is told, and so is its release', async () => {
  const { world, id, backupId, holds, projectId } = await one();
  await holds.hold({ projectId, backupId, ...SAID }, signal);
  expect(world.service.events('hold.made')).toMatchObject([{ backup: backupId, instance: id, ...SAID }]);
  expect((await world.service.life().retention.tended(id, world.clock.nowUtc()))?.holds).toEqual([
    { backupId, ...SAID },
  ]);
  await holds.release({ projectId, backupId });
  expect(world.service.events('hold.released')).toMatchObject([{ backup: backupId }]);
  expect((await world.service.life().retention.tended(id, world.clock.nowUtc()))?.holds).toEqual([]);
});

test('what cannot be held, released or taken back is refused with what to do', async () => {
  const { world, id, backupId, holds, projectId } = await one();
  const users = world.region.createBackup({ instanceId: id, name: 'mine' }).id;
  const other = world.region.createProject({ name: 'other' }).id;
  const hold = (over: object) => holds.hold({ projectId, backupId, ...SAID, ...over }, signal);
  await expect(hold({ backupId: 'nothing' })).rejects.toThrow(/has no backup nothing; take an id that "openstack/);
  await expect(hold({ projectId: other })).rejects.toThrow(`project ${other} has no backup ${backupId}`);
  await expect(hold({ backupId: users })).rejects.toThrow(/not made by this service, which never deletes it/);
  await expect(hold({ note: '' })).rejects.toThrow(/note: has 0 characters/);
  await expect(holds.release({ projectId, backupId })).rejects.toThrow(/has no hold on backup .*nothing to release/);
  const undo = holds.undo({ projectId, backupId, owner: 'anna', note: 'audit' });
  await expect(undo).rejects.toThrow(/is not marked to go; to keep it beyond its policy, hold it/);
  await expect(holds.undo({ projectId, backupId, owner: '', note: 'audit' })).rejects.toThrow(/owner: has 0/);
  expect((await world.service.life().retention.tended(id, world.clock.nowUtc()))?.holds).toEqual([]);
});

test('what is being deleted can be held no more, which is said', async () => {
  const { world, service, first } = await twoFailed(({ service }) => service.wire.nextDeletion(cutBefore));
  await world.until(() => service.wire.deletions.length === 1);
  const hold = { projectId: world.project, backupId: first, ...SAID };
  await expect(service.life().holds.hold(hold, signal)).rejects.toThrow(/has been asked for already/);
});

test('a failed backup that somebody holds does not go as surplus', async () => {
  const held = Promise.withResolvers<void>();
  const { world, service, first } = await twoFailed(({ service, project }, backupId) =>
    held.resolve(service.life().holds.hold({ projectId: project, backupId, ...SAID }, signal)),
  );
  await held.promise;
  await world.advance(HOUR);
  expect(service.wire.deletions.map(({ backup }) => backup?.id)).not.toContain(first);
  const { holds } = service.life();
  await holds.release({ projectId: world.project, backupId: first });
  await world.advance(2 * HOUR);
  expect(service.wire.deletions.map(({ backup }) => backup?.id)).toContain(first);
});

test('a hold that ended a month ago is taken out of the store', async () => {
  const { world, id, backupId, holds, projectId } = await one();
  await holds.hold({ projectId, backupId, ...SAID, untilUtc: world.clock.nowUtc() + HOUR }, signal);
  const { retention } = world.service.life();
  await world.advance(2 * HOUR);
  expect((await retention.tended(id, world.clock.nowUtc()))?.holds).toHaveLength(1);
  world.reload({ policies: [] });
  await world.service.stop();
  await world.advance(30 * DAY);
  await world.service.start();
  await world.advance(HOUR);
  expect(await world.service.life().retention.endHolds(Number.MAX_SAFE_INTEGER)).toEqual([]);
});

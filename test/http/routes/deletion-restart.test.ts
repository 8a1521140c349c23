import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../core/builders.ts';
import { worldLab } from './world-lab.ts';

const CONFIRMED = '?confirm=newest-recovery-point';

async function lived(count: number) {
  const lab = worldLab();
  const { world } = lab;
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, count);
  const made = world.backups(id).map((backup) => backup.id);
  const remove = (backupId = '') => lab.ask('DELETE', `/v1/backups/${backupId}${CONFIRMED}`);
  const points = async () => {
    const { body } = await lab.ask('GET', `/v1/instances/${id}/backups`);
    return body.backups.flatMap((row) => (row.is_recovery_point ? [row.id] : []));
  };
  const there = () => world.backups(id).map((backup) => backup.id);
  return { ...lab, id, made, remove, points, there, newest: made.at(-1) ?? '' };
}

/** Its owner has the newest point deleted, Trove carries that out when its task manager is back, and the service is killed. */
async function hanging() {
  const scene = await lived(2);
  scene.world.region.control.taskManagerDown = true;
  expect((await scene.remove(scene.newest)).status).toBe(202);
  await scene.world.restart();
  return scene;
}

test('after a kill a deletion that hangs is not asked for twice, and what goes is no recovery point', async () => {
  const { world, made, newest, remove, points, there, ask } = await hanging();
  expect(there()).toEqual(made);
  expect(await points()).toEqual(made.slice(0, -1));
  const again = await remove(newest);
  expect([again.status, again.body.error.title]).toEqual([409, 'going']);
  const held = await ask('PUT', `/v1/backups/${newest}/hold`, { body: { note: 'wait' } });
  expect([held.status, held.body.error.title]).toEqual([409, 'going']);
  world.region.control.taskManagerDown = false;
  await world.advance(MINUTE);
});

test('after a kill nothing is built on what goes, and when Trove carries it out that is no alarm', async () => {
  const { world, id, made, newest, there } = await hanging();
  const [full = ''] = made;
  await world.until(() => world.service.events('run.submitted', id).length === 3);
  // Were it to stand on the one that goes, it would go along.
  expect(world.service.runs(id).at(-1)).toMatchObject({ kind: 'incremental', parent_id: full });
  world.region.control.taskManagerDown = false;
  await world.completed(id, 3);
  await world.until(() => world.service.events('point.lost', id).length > 0);
  expect(world.service.events('point.lost', id)).toMatchObject([
    { level: 'info', backup: newest, byUs: false, byOwner: true },
  ]);
  expect(there()).toEqual([full, world.service.runs(id)[2]?.backup_id]);
});

test('a life that ends before the request has asked for nothing; the backup counts again after a day', async () => {
  const { world, newest, remove, points, audit } = await lived(2);
  world.service.crashAt('depart');
  void remove(newest);
  await world.until(() => !world.service.isUp());
  await world.service.start();
  expect(await audit()).toMatchObject([{ action: 'backup:delete', targetId: newest, ended: null }]);
  expect(await points()).not.toContain(newest);
  await world.advance(DAY - HOUR);
  expect((await remove(newest)).body.error.title).toBe('going');
  await world.advance(HOUR + 10 * MINUTE);
  expect(await points()).toContain(newest);
  expect((await remove(newest)).status).toBe(202);
});

test('what Trove refuses to delete goes on counting', async () => {
  const { world, made, newest, remove, points } = await lived(2);
  world.region.control.swiftDown = true;
  expect((await remove(newest)).body.error.title).toBe('storage-unavailable');
  expect(await points()).toEqual(made);
  world.region.control.swiftDown = false;
  expect((await remove(newest)).status).toBe(202);
});

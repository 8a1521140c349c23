import { expect, test } from 'vitest';
import { every, HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld } from './world.ts';

// What Trove leaves behind, or shows among the rest, and the engine has to live with.

test('an instance whose guest has no status is in no list and a 404, and is not believed gone', async () => {
  const world = openWorld();
  const ids = ['a', 'b', 'c'].map((name) => world.instance(name));
  const [id = ''] = ids;
  await world.service.start();
  await world.completed(id, 1);
  world.region.control.withoutService.add(id);
  await world.advance(3 * HOUR);
  expect(world.service.events('instance.gone', id)).toEqual([]);
  world.region.control.withoutService.clear();
  const before = world.service.events('run.completed', id).length;
  await world.until(() => world.service.events('run.completed', id).length > before, 2 * HOUR);
});

test('a backup that stays BUILDING because its instance was deleted holds up nobody else', async () => {
  const world = openWorld({ policies: [HOURLY], region: { backupMs: 10 * MINUTE } });
  const [doomed, other] = [world.instance('doomed'), world.instance('other')];
  await world.service.start();
  await world.until(() => world.backups(doomed).some(({ status }) => status === 'BUILDING'));
  world.region.deleteInstance(doomed);
  await world.advance(8 * HOUR);
  expect(world.backups(doomed)).toMatchObject([{ status: 'BUILDING' }]);
  expect(world.service.events('run.completed', other).length).toBeGreaterThan(6);
});

test('backups from elsewhere and of another storage are among the rest, and change nothing', async () => {
  const world = openWorld({ region: { trove: 'master' } });
  const id = world.instance('orders');
  world.region.createBackup({ instanceId: null, projectId: world.project, name: 'from-elsewhere' });
  const foreign = world.region.createBackup({ instanceId: id, name: 'a-snapshot', storageDriver: 'cinder' });
  await world.service.start();
  await world.completed(id, 3);
  expect(world.backups(id).every(({ parentId }) => parentId !== foreign.id)).toBe(true);
  expect(world.region.backups().filter(({ deletedUtc }) => deletedUtc !== null)).toEqual([]);
});

test('a 500 that leaves a NEW row is adopted, and what comes after it says why it waits', async () => {
  const world = openWorld();
  const id = world.instance('orders');
  world.region.control.ordersLost = true;
  await world.service.start();
  await world.until(() => world.backups(id).length === 1);
  world.region.control.ordersLost = false;
  await world.advance(HOUR);
  expect(world.service.events('run.adopted', id)).toHaveLength(1);
  await world.advance(8 * HOUR);
  expect(world.backups(id)).toMatchObject([{ status: 'NEW' }]);
  const [, ...later] = world.service.runs(id);
  expect(later.filter(({ state }) => state === 'completed')).toEqual([]);
  expect(
    later.every(({ because }) => ['expired', 'backup-running', 'backup-stuck'].includes(because?.rule ?? '')),
  ).toBe(true);
  expect(world.service.wire.posts.length).toBeLessThanOrEqual(1);
});

test('while Nova is away a slot waits, and is taken up when it is back', async () => {
  const world = openWorld({ policies: [{ ...HOURLY, cadence: every(6 * HOUR) }] });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 1);
  world.service.wire.next((forward) => {
    world.region.control.novaDown = true;
    return forward();
  });
  await world.until(() => world.region.control.novaDown, 7 * HOUR);
  await world.advance(5 * MINUTE);
  world.region.control.novaDown = false;
  await world.until(() => world.service.events('run.completed', id).length === 2, HOUR);
});

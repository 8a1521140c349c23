import { expect, test } from 'vitest';
import { every, HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld } from './world.ts';

test('an instance without a recovery point is named within a minute, once, and so is its recovery', async () => {
  const world = openWorld({ watch: true });
  const { service } = world;
  const id = world.instance('orders');
  const well = world.instance('billing');
  world.region.changeInstance(id, { task: 'RESIZING' });
  await service.start();
  const first = service.schedules().find(({ instance_id }) => instance_id === id)?.first_slot_utc ?? 0;
  await world.until(() => service.events('instance.unprotected', id).length > 0, 3 * HOUR);
  const lateMs = world.clock.nowUtc() - (first + HOUR / 2);
  expect(lateMs).toBeGreaterThan(0);
  expect(lateMs).toBeLessThan(MINUTE);
  expect(service.life().figures()).toMatchObject({ instances: 2, schedules: 2, overdue: 1 });
  await world.advance(HOUR);
  const why = { rule: 'instance-busy', params: { status: 'RESIZE' } };
  const told = { level: 'warn', instance: id, newest: null, because: why };
  expect(service.events('instance.unprotected')).toMatchObject([told]);
  expect(service.life().figures()).toMatchObject({
    states: { protected: 1, late: 0, unprotected: 1, excluded: 0 },
    unprotectedBy: new Map([['instance-busy', 1]]),
  });

  world.region.changeInstance(id, { task: 'NONE' });
  await world.completed(id, 1);
  await world.advance(MINUTE);
  expect(service.events('instance.recovered')).toMatchObject([{ instance: id }]);
  expect(service.life().figures()).toMatchObject({ overdue: 0 });
  expect(service.events('instance.late', well)).toEqual([]);
});

test('an instance whose backups fail is late one and a half intervals after its last point', async () => {
  const world = openWorld({ watch: true });
  const { service } = world;
  const id = world.instance('orders');
  await service.start();
  await world.completed(id, 1);
  const intentUtc = service.runs(id)[0]?.intent_utc ?? 0;
  world.region.control.failBackupsOf.add(id);
  await world.until(() => service.events('instance.late', id).length > 0, 3 * HOUR);
  expect(world.clock.nowUtc() - intentUtc).toBeGreaterThan(1.5 * HOUR);
  expect(world.clock.nowUtc() - intentUtc).toBeLessThan(1.5 * HOUR + MINUTE);
  expect(service.events('run.failed', id).length).toBeGreaterThan(0);
  expect(service.events('instance.late', id)).toMatchObject([{ because: { rule: 'backup-failed' } }]);
  expect(service.life().figures()).toMatchObject({ states: { protected: 0, late: 1, unprotected: 0 } });
});

test('an owner who deletes his recovery points is told so: which there are is what Trove shows', async () => {
  const world = openWorld({ watch: true, policies: [{ ...HOURLY, cadence: every(6 * HOUR) }] });
  const { service, region } = world;
  const id = world.instance('orders');
  const neighbour = world.instance('billing');
  await service.start();
  await world.until(() => service.events('run.completed').length === 2, HOUR);
  const points = () => service.schedules().map(({ newest_point_utc }) => newest_point_utc);
  expect(points()).not.toContain(null);
  for (const { id: backup } of world.backups(id)) region.deleteBackup(backup);
  // The next list of the project is read for the neighbour's next slot, or for its own.
  await world.until(() => service.wire.posts.length > 2, 13 * HOUR);
  await world.advance(MINUTE / 2);
  if (service.wire.posts[2]?.instanceId === neighbour) {
    expect(service.events('instance.unprotected', id)).toMatchObject([{ because: { rule: 'point-vanished' } }]);
  }
  await world.until(() => service.events('run.completed', id).length === 2, 13 * HOUR);
  expect(service.runs(id).at(-1)).toMatchObject({ kind: 'full', kind_because: { rule: 'no-chain' } });
  await world.advance(MINUTE);
  expect(points()).not.toContain(null);
});

test('one that is late and then excluded has not recovered', async () => {
  const world = openWorld({ watch: true });
  const { service } = world;
  const id = world.instance('orders');
  world.region.changeInstance(id, { task: 'RESIZING' });
  await service.start();
  await world.until(() => service.events('instance.unprotected', id).length > 0, 3 * HOUR);
  world.reload({ exclude: { projects: [], datastores: [], names: ['orders'] } });
  await world.advance(10 * MINUTE);
  expect(service.events('instance.recovered')).toEqual([]);
  expect(service.life().figures()).toMatchObject({ overdue: 0, states: { unprotected: 0, excluded: 1 } });
});

test('a new instance is unprotected until its first backup, and nobody is alarmed', async () => {
  const world = openWorld({ watch: true });
  const { service } = world;
  world.instance('orders');
  await service.start();
  await world.advance(MINUTE / 2);
  expect(service.life().figures()).toMatchObject({
    states: { protected: 0, unprotected: 1 },
    unprotectedBy: new Map([['first-not-due', 1]]),
  });
  expect(service.events('instance.unprotected')).toEqual([]);
});

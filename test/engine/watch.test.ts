import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../core/builders.ts';
import { openWorld } from './world.ts';

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
  expect(service.events('instance.unprotected')).toMatchObject([{ level: 'warn', instance: id, newest: null }]);

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
});

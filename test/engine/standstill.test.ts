import { expect, test } from 'vitest';
import type { Policy } from '../../lib/core/index.ts';
import { DAY, HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

const WEEKLONG: Policy = {
  ...HOURLY,
  maxIncrementals: 0,
  retention: {
    keep: { withinMs: 6 * HOUR },
    minimumFulls: 1,
    onDelete: { keepMs: 2 * DAY, lastChainMs: 4 * DAY },
    anchor: false,
  },
};

async function lived(count: number) {
  const world = openWorld({ policies: [WEEKLONG], quarantineMs: 0, graceMs: 2 * HOUR });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, count);
  return { world, id, service: world.service };
}
const ids = (world: World, id: string): readonly string[] => world.backups(id).map((backup) => backup.id);
const rules = ({ service }: World, id: string): readonly (string | undefined)[] =>
  service.runs(id).map(({ because }) => because?.rule);

test('a paused instance gets no backup and loses none, and when it goes on nothing has aged', async () => {
  const { world, id, service } = await lived(5);
  const before = ids(world, id);
  const pause = { owner: 'anna', note: 'moving the disks', untilUtc: world.clock.nowUtc() + 2 * DAY };
  expect(await service.life().standstills.pause(id, pause, world.clock.nowUtc())).toBe(true);
  await world.advance(2 * DAY);
  expect(ids(world, id)).toEqual(before);
  expect(rules(world, id).filter((rule) => rule === 'paused').length).toBeGreaterThan(40);
  expect(service.events('run.skipped', id)[0]).toMatchObject({ because: { rule: 'paused', params: pause } });
  await world.completed(id, 6);
  await world.advance(10 * MINUTE);
  expect(service.events('prune.marked')).toEqual([]);
  // Six hours of age, and two of grace, later they are gone.
  await world.advance(10 * HOUR);
  expect(ids(world, id)).not.toContain(before[0]);
});

test('resumed by hand it goes on with its next slot', async () => {
  const { world, id, service } = await lived(2);
  const pause = { owner: 'anna', note: 'a moment', untilUtc: world.clock.nowUtc() + 7 * DAY };
  await service.life().standstills.pause(id, pause, world.clock.nowUtc());
  await world.advance(3 * HOUR);
  expect(await service.life().standstills.resume(id, world.clock.nowUtc())).toBe(true);
  await world.completed(id, 3);
  expect(rules(world, id).filter((rule) => rule === 'paused').length).toBe(3);
});

test('a service that was stopped for days marks nothing when it comes back', async () => {
  const { world, id, service } = await lived(5);
  const before = ids(world, id);
  await service.stop();
  await world.advance(5 * DAY);
  await service.start();
  await world.completed(id, 7);
  await world.advance(10 * MINUTE);
  expect(service.events('prune.marked')).toEqual([]);
  expect(ids(world, id).slice(0, before.length)).toEqual(before);
});

test('nor one whose machine had slept', async () => {
  const { world, id, service } = await lived(5);
  await service.sleep(3 * DAY);
  await world.completed(id, 6);
  expect(service.events('prune.marked')).toEqual([]);
});

test('an excluded one keeps all when it is taken in again', async () => {
  const { world, id, service } = await lived(5);
  world.reload({ exclude: { projects: [], datastores: [], names: ['orders'] } });
  await world.advance(3 * DAY);
  world.reload({ exclude: { projects: [], datastores: [], names: [] } });
  await world.completed(id, 6);
  await world.advance(10 * MINUTE);
  expect(service.events('prune.marked')).toEqual([]);
  expect(ids(world, id).length).toBeGreaterThanOrEqual(6);
});

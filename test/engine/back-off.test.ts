import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../core/builders.ts';
import { openWorld } from './world.ts';

test('after three failures in a row one try a day, each skipped slot says until when, and one success ends it', async () => {
  const world = openWorld();
  const { service, region } = world;
  const id = world.instance('orders');
  await service.start();
  await world.completed(id, 1);
  region.control.failBackupsOf.add(id);
  await world.until(() => service.events('run.failed', id).length === 3, 5 * HOUR);
  const lastFailedUtc = service.runs(id).findLast(({ state }) => state === 'failed')?.slot_utc ?? 0;
  const before = service.wire.posts.length;
  await world.advance(22 * HOUR);
  expect(service.wire.posts).toHaveLength(before);
  const skipped = service.events('run.skipped', id);
  expect(skipped.length).toBeGreaterThanOrEqual(21);
  const because = { rule: 'backing-off', params: { failures: 3, untilUtc: lastFailedUtc + DAY } };
  for (const line of skipped) expect(line).toMatchObject({ because });

  // The one try of the day fails too, and so another day begins.
  await world.until(() => service.events('run.failed', id).length === 4, 4 * HOUR);
  expect(service.wire.posts.at(-1)).toMatchObject({ slotUtc: lastFailedUtc + DAY, parentId: null });
  expect(service.wire.posts).toHaveLength(before + 1);
  region.control.failBackupsOf.delete(id);
  await world.until(() => service.events('run.completed', id).length === 2, DAY + 2 * HOUR);
  expect(service.wire.posts).toHaveLength(before + 2);
  await world.advance(3 * HOUR + 5 * MINUTE);
  expect(
    service
      .runs(id)
      .slice(-3)
      .map(({ state, kind }) => `${state} ${kind}`),
  ).toEqual(['completed incremental', 'completed incremental', 'completed full']);
}, 60_000);

import { expect, test } from 'vitest';
import { DAY, HOUR } from '../core/builders.ts';
import { openWorld } from './world.ts';

test('after a day away each instance has one make-up run, and every slot that passed has its row', async () => {
  const world = openWorld();
  const ids = ['orders', 'billing', 'mail'].map((name) => world.instance(name));
  await world.service.start();
  for (const id of ids) await world.completed(id, 1);
  const due = new Map(world.service.schedules().map((row) => [row.instance_id, row.next_slot_utc]));
  await world.service.stop();
  const before = world.service.wire.posts.length;
  await world.clock.advance(DAY);
  await world.service.start();
  for (const id of ids) await world.completed(id, 2);

  expect(world.service.wire.posts.length - before).toBe(ids.length);
  for (const id of ids) {
    const runs = world.service.runs(id);
    const passed = runs.filter(({ state }) => state === 'missed');
    const makeUp = runs.at(-1);
    expect(passed.length).toBeGreaterThanOrEqual(22);
    // From the slot that was next when it stopped, each an hour after the other, the newest of all is the one that ran.
    const slots = [...passed, makeUp].map((run) => run?.slot_utc ?? 0);
    const first = due.get(id) ?? 0;
    expect(slots).toEqual(slots.map((_, index) => first + index * HOUR));
    expect(makeUp?.state).toBe('completed');
    expect(new Set(passed.map(({ because }) => because?.rule))).toEqual(new Set(['missed']));
  }
});

test('a stop on SIGTERM and a start at once miss nothing and make nothing twice', async () => {
  const world = openWorld();
  const id = world.instance('orders');
  await world.service.start();
  for (let times = 1; times <= 3; times++) {
    await world.completed(id, times);
    await world.service.stop();
    await world.service.start();
  }
  await world.completed(id, 4);
  expect(world.service.runs(id).map(({ state }) => state)).toEqual(Array(4).fill('completed'));
  expect(world.service.wire.posts).toHaveLength(4);
});

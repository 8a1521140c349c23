import { beforeEach, describe, expect, test } from 'vitest';
import type { Left } from '../../daemon/ports/schedule.ts';
import { because, type GoingOn } from '../../lib/core/index.ts';
import { HOUR, MINUTE } from '../core/builders.ts';
import {
  claim,
  claimOne,
  FULL,
  NOW,
  noMakeUp,
  openWorld,
  readyIn,
  runningOne,
  scheduled,
  WIDE,
  type World,
} from './world.ts';

let world: World;
beforeEach(() => {
  world = openWorld();
});
const see = (id: string, slotUtc: number, projectId = 'project-a') =>
  world.inventory.saveSightings([scheduled({ id, projectId }, slotUtc)], NOW - 9 * HOUR);
const states = () => world.runs().map(({ instance_id, state }) => `${instance_id} ${state}`);
const nextSlot = (id = 'db-1') => world.schedules().find(({ instance_id }) => instance_id === id)?.next_slot_utc;
const done = because('backup-completed', {});
const credited = (backup: string) => because('credited', { backup, finishedUtc: NOW - MINUTE });

const claimWith = (nowUtc: number, over: Partial<Parameters<World['schedule']['claimDue']>[0]>) =>
  world.schedule.claimDue({
    ...{ nowUtc, limit: 500, caps: WIDE, makeUp: noMakeUp },
    advance: (_id, _policy, cursor) => ({ missed: [], due: cursor, nextUtc: cursor + HOUR }),
    ...over,
  });
/** Until so long after the slot it may start. */
const within =
  (ms: number) =>
  (_id: string, _policy: unknown, cursor: number): GoingOn => ({
    missed: [],
    due: cursor,
    nextUtc: cursor + HOUR,
    startByUtc: cursor + ms,
  });

describe('of what is due the oldest recovery point goes first', () => {
  /** A point at an instant, and the next slot due at NOW with all the others, in any order. */
  async function withPoint(id: string, pointUtc: number | null, dueUtc: number, projectId = 'project-a') {
    await see(id, dueUtc, projectId);
    if (pointUtc === null) return;
    const points = [{ instanceId: id, runId: 'of-before', createdUtc: pointUtc }];
    await world.points.pointsSeen({ projectId, instanceId: id, askedUtc: NOW, points, backups: [] });
  }

  test('in a project and among projects, and before all of them who has none', async () => {
    await withPoint('db-1', NOW - 3 * HOUR, NOW - 3 * MINUTE);
    await withPoint('db-2', NOW - 5 * HOUR, NOW - MINUTE);
    await withPoint('db-3', null, NOW);
    await withPoint('db-4', NOW - 4 * HOUR, NOW - 5 * MINUTE, 'project-b');
    const order: string[] = [];
    for (let n = 0; n < 4; n++) {
      const caps = { concurrent: n + 1, perProject: 4 };
      order.push(...(await claim(world, NOW, caps, 1)).claimed.map(({ instanceId }) => instanceId));
      for (const { runId } of await readyIn(world, NOW)) await world.ledger.recordIntent(runId, FULL, NOW, WIDE);
    }
    expect(order).toEqual(['db-3', 'db-2', 'db-4', 'db-1']);
  });

  test('of more than are looked at those that are due for longest', async () => {
    for (let n = 0; n < 120; n++) await withPoint(`db-${n}`, NOW - n * MINUTE, NOW - HOUR + n);
    const { claimed } = await claim(world, NOW, { concurrent: 1, perProject: 1 }, 1);
    expect(claimed).toMatchObject([{ instanceId: 'db-99' }]);
  });
});

describe('a run that must start within a window', () => {
  const claimBound = async () => {
    await see('db-1', NOW);
    const { claimed } = await claimWith(NOW, { advance: within(10 * MINUTE) });
    return claimed[0]?.runId ?? '';
  };

  test('is looked for when that ends', async () => {
    await claimBound();
    expect(await world.schedule.nextDue(NOW)).toMatchObject({ nextUtc: NOW + 10 * MINUTE });
  });

  test('may start until then, and not in that moment', async () => {
    const runId = await claimBound();
    expect(await world.ledger.recordIntent(runId, FULL, NOW + 10 * MINUTE, WIDE)).toBe('overtaken');
    expect(await world.ledger.recordIntent(runId, FULL, NOW + 10 * MINUTE - 1, WIDE)).toBe('intended');
    expect((await claimWith(NOW + 20 * MINUTE, {})).ended).toEqual([]);
  });

  test('expires with what held it, is made up for in the same transaction, and is told', async () => {
    const runId = await claimBound();
    const held = because('instance-busy', { status: 'RESIZE' });
    await world.ledger.postpone(runId, NOW + 11 * MINUTE, held, NOW);
    const asked: Left[] = [];
    const makeUp = (left: Left) => {
      asked.push(left);
      return NOW + 30 * MINUTE;
    };
    const { ended, hastened } = await claimWith(NOW + 10 * MINUTE, { makeUp });
    const run = { instanceId: 'db-1', projectId: 'project-a' };
    const reason = because('window-ended', { held });
    expect(ended).toEqual([{ runId, ...run, slotUtc: NOW, because: reason }]);
    const why = because('makes-up-for', { slotUtc: NOW, by: reason });
    expect(hastened).toEqual([{ ...run, nextSlotUtc: NOW + 30 * MINUTE, because: why }]);
    expect(asked).toMatchObject([{ lastSlotUtc: NOW, nextSlotUtc: NOW + HOUR, newestPointUtc: null }]);
    expect(nextSlot()).toBe(NOW + 30 * MINUTE);
    expect(states()).toEqual(['db-1 expired']);
    expect(world.kept()).toEqual(world.counted());
  });

  test('expires once, and where the next slot is as good that stays', async () => {
    await claimBound();
    const makeUp = () => NOW + 2 * HOUR;
    expect(await claimWith(NOW + 11 * MINUTE, { makeUp })).toMatchObject({ ended: [{ slotUtc: NOW }], hastened: [] });
    expect(await claimWith(NOW + 12 * MINUTE, { makeUp })).toMatchObject({ ended: [], hastened: [] });
    expect(nextSlot()).toBe(NOW + HOUR);
  });

  test('expires with others a hundred at a time', async () => {
    for (let n = 0; n < 130; n++) await see(`db-${n}`, NOW);
    await claimWith(NOW, { advance: within(MINUTE) });
    const first = await claimWith(NOW + MINUTE, {});
    expect({ ended: first.ended.length, more: first.more }).toEqual({ ended: 100, more: true });
    const second = await claimWith(NOW + MINUTE, {});
    expect({ ended: second.ended.length, more: second.more }).toEqual({ ended: 30, more: false });
  });
});

test('a slot that found no place in its window has its row as expired, and takes none', async () => {
  await see('db-1', NOW);
  await see('db-2', NOW + MINUTE);
  const advance = (id: string, _policy: unknown, cursor: number): GoingOn =>
    id === 'db-1'
      ? { missed: [], due: null, expired: cursor, nextUtc: NOW + 30 * MINUTE, makesUpFor: cursor }
      : { missed: [], due: cursor, nextUtc: cursor + HOUR };
  const { claimed, ended, hastened } = await claimWith(NOW + MINUTE, { advance, limit: 1 });
  const reason = because('window-ended', { held: because('cap-reached', {}) });
  expect(ended).toMatchObject([{ instanceId: 'db-1', slotUtc: NOW, because: reason }]);
  expect(hastened).toMatchObject([{ instanceId: 'db-1', nextSlotUtc: NOW + 30 * MINUTE }]);
  expect(claimed).toMatchObject([{ instanceId: 'db-2' }]);
  expect(states()).toEqual(['db-1 expired', 'db-2 claimed']);
});

describe('a run that is passed', () => {
  const frozen = because('frozen', { untilUtc: NOW + HOUR, reason: 'closing' });
  const end = { state: 'skipped', because: frozen } as const;

  test('ends, and its schedule goes on sooner', async () => {
    const runId = await claimOne(world);
    expect(await world.ledger.pass(runId, end, NOW, () => NOW + MINUTE)).toEqual({ nextSlotUtc: NOW + MINUTE });
    expect(nextSlot()).toBe(NOW + MINUTE);
    expect(await world.ledger.pass(runId, end, NOW, () => NOW + 2 * MINUTE)).toBeNull();
    expect(nextSlot()).toBe(NOW + MINUTE);
  });

  test('leaves its schedule as it is where there is nothing sooner', async () => {
    const runId = await claimOne(world);
    expect(await world.ledger.pass(runId, end, NOW, noMakeUp)).toEqual({ nextSlotUtc: null });
    expect(nextSlot()).toBe(NOW + HOUR);
  });

  test('and none that nobody knows', async () => {
    expect(await world.ledger.pass('nobody', end, NOW, noMakeUp)).toBeNull();
  });
});

describe("a slot that is credited to a user's backup", () => {
  const credit = async (slotUtc: number, backupId: string) => {
    const runId = await claimOne(world, slotUtc);
    const end = { state: 'credited', because: credited(backupId), backupId, pointUtc: slotUtc - 20 * MINUTE } as const;
    expect(await world.ledger.end(runId, end, slotUtc)).toBe(true);
    return runId;
  };
  const ours = async (slotUtc: number, backupId: string) => {
    const runId = await runningOne(world, backupId, slotUtc);
    await world.ledger.end(runId, { state: 'completed', because: done }, slotUtc + MINUTE);
    return runId;
  };
  const seen = (
    points: readonly { runId: string; createdUtc: number }[],
    backups: readonly string[],
    askedUtc: number,
  ) =>
    world.points.pointsSeen({
      ...{ projectId: 'project-a', instanceId: null, askedUtc, backups },
      points: points.map((point) => ({ instanceId: 'db-1', ...point })),
    });
  const newest = () => world.schedules()[0]?.newest_point_utc;

  test('has its newest point there, beside one of ours that is older', async () => {
    const runId = await ours(NOW, 'ours');
    await credit(NOW + HOUR, 'users');
    expect(newest()).toBe(NOW + 40 * MINUTE);
    await seen([{ runId, createdUtc: NOW }], ['ours', 'users'], NOW + 2 * HOUR);
    expect(newest()).toBe(NOW + 40 * MINUTE);
    expect(world.runs().at(-1)).toMatchObject({ state: 'credited', backup_id: 'users' });
    expect(world.kept()).toEqual(world.counted());
  });

  test('keeps it where none of ours is left', async () => {
    await credit(NOW, 'users');
    await seen([], ['users'], NOW + HOUR);
    expect(newest()).toBe(NOW - 20 * MINUTE);
  });

  test('loses it with the backup: the slot is made up for, whatever else is left', async () => {
    const runId = await ours(NOW, 'ours');
    const creditId = await credit(NOW + HOUR, 'users');
    expect(await seen([{ runId, createdUtc: NOW }], ['ours'], NOW + 2 * HOUR)).toBe(true);
    await seen([{ runId, createdUtc: NOW }], ['ours'], NOW + 2 * HOUR + MINUTE);
    expect(newest()).toBe(NOW);
    const loss = await world.points.lost(creditId, ({ wasCredit }) => (wasCredit ? NOW + 90 * MINUTE : null));
    expect(loss).toEqual({
      byUs: false,
      byOwner: false,
      credit: 'counted',
      newestPointUtc: NOW,
      nextSlotUtc: NOW + 90 * MINUTE,
    });
  });

  test('has nothing to lose once one of ours has come after it', async () => {
    const creditId = await credit(NOW, 'users');
    await ours(NOW + HOUR, 'ours');
    expect(await world.points.suspect(['users'])).toBe(true);
    const loss = await world.points.lost(creditId, () => NOW + 61 * MINUTE);
    expect(loss).toMatchObject({ credit: 'past', nextSlotUtc: null });
    expect(nextSlot()).toBe(NOW + 2 * HOUR);
  });

  test('is known to the plans that follow, until one of ours completes and is there', async () => {
    const recent = async (hour: number) => {
      await claimOne(world, NOW + hour * HOUR);
      return (await readyIn(world, NOW + hour * HOUR))[0]?.recent;
    };
    await credit(NOW, 'users');
    expect(await recent(1)).toMatchObject({ credited: true });
    const runId = await ours(NOW + 2 * HOUR, 'ours');
    expect(await recent(3)).not.toHaveProperty('credited');
    await world.points.suspect(['ours']);
    await world.points.lost(runId, noMakeUp);
    expect(await recent(4)).toMatchObject({ credited: true });
  });
});

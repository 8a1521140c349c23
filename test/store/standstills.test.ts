import { beforeEach, describe, expect, test } from 'vitest';
import { at, DAY, HOUR, MINUTE } from '../core/builders.ts';
import { claim, claimOne, excluded, NOW, openWorld, readyIn, scheduled, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = openWorld();
  await world.inventory.saveSightings([scheduled({}, NOW)], NOW);
});

const PAUSE = { owner: 'anna', note: 'moving the disks', untilUtc: NOW + DAY };
const stood = async (nowUtc: number) => (await world.retention.tended('db-1', nowUtc))?.standstills;

describe('a pause', () => {
  test('is told with who asked for it and why, until it ends; nothing of it is pruned meanwhile', async () => {
    expect(await world.standstills.pause('db-1', PAUSE, NOW)).toBe(true);
    expect(await world.standstills.paused('db-1', NOW + DAY - 1)).toEqual(PAUSE);
    expect(await world.retention.tended('db-1', NOW + HOUR)).toBeNull();
    expect(await world.standstills.paused('db-1', NOW + DAY)).toBeNull();
    expect(await stood(NOW + DAY)).toEqual([{ fromUtc: NOW, toUtc: NOW + DAY }]);
  });

  test('is given with each run that would be tried', async () => {
    await world.standstills.pause('db-1', PAUSE, NOW);
    await claim(world, NOW);
    expect((await readyIn(world, NOW)).map(({ paused }) => paused)).toEqual([{ rule: 'paused', params: PAUSE }]);
    expect((await readyIn(world, NOW + DAY)).map(({ paused }) => paused)).toEqual([null]);
  });

  test('ends when somebody says so, and not twice', async () => {
    await world.standstills.pause('db-1', PAUSE, NOW);
    expect(await world.standstills.resume('db-1', NOW + HOUR)).toBe(true);
    expect(await world.standstills.resume('db-1', NOW + HOUR)).toBe(false);
    expect(await world.standstills.paused('db-1', NOW + HOUR)).toBeNull();
    expect(await stood(NOW + DAY)).toEqual([{ fromUtc: NOW, toUtc: NOW + HOUR }]);
  });

  test('takes the place of the one before', async () => {
    await world.standstills.pause('db-1', PAUSE, NOW);
    const later = { ...PAUSE, owner: 'binh', untilUtc: NOW + 2 * HOUR };
    expect(await world.standstills.pause('db-1', later, NOW + HOUR)).toBe(true);
    expect(await world.standstills.paused('db-1', NOW + HOUR)).toEqual(later);
    expect(await world.standstills.paused('db-1', NOW + 3 * HOUR)).toBeNull();
  });

  test('is refused where there is no schedule, or its end has passed', async () => {
    expect(await world.standstills.pause('db-9', PAUSE, NOW)).toBe(false);
    expect(await world.standstills.pause('db-1', { ...PAUSE, untilUtc: NOW }, NOW)).toBe(false);
  });

  test('is no lateness, and nobody has recovered by it', async () => {
    const late = NOW + 3 * HOUR;
    expect((await world.readModel.protection(late, 10)).worse).toHaveLength(1);
    await world.standstills.pause('db-1', PAUSE, late);
    expect(await world.readModel.protection(late + 1, 10)).toMatchObject({ worse: [], recovered: [], late: 0 });
    await world.standstills.resume('db-1', late + 2);
    expect((await world.readModel.protection(late + 3, 10)).worse).toHaveLength(1);
  });

  test('however often it is asked for, a hundred rows stay, and no time of them is lost', async () => {
    for (let n = 0; n < 150; n += 1) {
      await world.standstills.pause('db-1', PAUSE, NOW + n * MINUTE);
      await world.standstills.resume('db-1', NOW + n * MINUTE + 30_000);
    }
    const rows = (await stood(NOW + DAY)) ?? [];
    expect(rows).toHaveLength(100);
    expect(rows[0]).toEqual({ fromUtc: NOW, toUtc: NOW + 50 * MINUTE + 30_000 });
  });
});

describe('what is excluded', () => {
  test('does not age from then until it is taken in again', async () => {
    await world.inventory.saveSightings([excluded({})], NOW + HOUR);
    await world.inventory.saveSightings([excluded({ status: 'BACKUP' })], NOW + 2 * HOUR);
    await world.inventory.saveSightings([scheduled({}, NOW + DAY)], NOW + 5 * HOUR);
    expect(await stood(NOW + DAY)).toEqual([{ fromUtc: NOW + HOUR, toUtc: NOW + 5 * HOUR }]);
  });

  test('from the first time it is seen', async () => {
    await world.inventory.saveSightings([excluded({ id: 'db-2' })], NOW);
    await world.inventory.saveSightings([scheduled({ id: 'db-2' }, NOW + DAY)], NOW + HOUR);
    expect((await world.retention.tended('db-2', NOW + DAY))?.standstills).toEqual([
      { fromUtc: NOW, toUtc: NOW + HOUR },
    ]);
  });
});

describe('the service', () => {
  test('that was away for more than an hour has stood still, and knows it before it says that it runs', async () => {
    await world.standstills.beat(NOW);
    await world.standstills.beat(NOW + HOUR);
    expect(await stood(NOW + 2 * HOUR)).toEqual([]);
    const back = NOW + HOUR + 3 * DAY;
    const away = [{ fromUtc: NOW + HOUR, toUtc: back }];
    expect(await stood(back)).toEqual(away);
    await world.standstills.beat(back);
    expect(await stood(back)).toEqual(away);
  });

  test('whose clock had been ahead has not stood still until then', async () => {
    await world.standstills.beat(NOW);
    await world.standstills.beat(at('2027-11-22 10:00'));
    await world.healing.healStore(NOW + MINUTE, MINUTE);
    await world.standstills.beat(NOW + MINUTE);
    expect(await stood(NOW + HOUR)).toEqual([{ fromUtc: NOW, toUtc: NOW + MINUTE }]);
  });
});

test('a run that waits when its instance is paused is told so at its next try', async () => {
  await claimOne(world, NOW + HOUR);
  await world.standstills.pause('db-1', PAUSE, NOW + HOUR);
  expect((await readyIn(world, NOW + 2 * HOUR))[0]?.paused?.rule).toBe('paused');
});

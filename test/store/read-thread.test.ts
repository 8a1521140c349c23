import { expect, test } from 'vitest';
import { readThread } from '../../daemon/store/read-thread.ts';
import { DAY } from '../core/builders.ts';
import { NOW, openWorld, placeOf, runningOne, tempFolder } from './world.ts';

test('the thread answers as the store itself does', async () => {
  const world = openWorld();
  await runningOne(world, 'backup-1');
  const { readModel, close } = readThread(placeOf(world.path));
  try {
    expect(await readModel.overview(NOW)).toEqual(await world.readModel.overview(NOW));
    const news = await readModel.protection(NOW + DAY, 10);
    expect(news.worse).toHaveLength(1);
    expect(news).toEqual(await world.readModel.protection(NOW + DAY, 10));
  } finally {
    close();
  }
});

test('the thread sees what was stored after it began', async () => {
  const world = openWorld();
  const { readModel, close } = readThread(placeOf(world.path));
  expect((await readModel.overview(NOW)).schedules).toBe(0);
  await runningOne(world, 'backup-1');
  expect((await readModel.overview(NOW)).schedules).toBe(1);
  close();
});

test('a thread that cannot read fails what was asked, each time anew, and so does one that is closed', async () => {
  const { readModel, close } = readThread(placeOf(`${tempFolder()}/none.sqlite`));
  await expect(readModel.overview(NOW)).rejects.toThrow(/is not the file that the daemon has open/);
  await expect(readModel.overview(NOW)).rejects.toThrow(/is not the file that the daemon has open/);
  const asked = readModel.overview(NOW);
  close();
  await expect(asked).rejects.toThrow('the store is closed');
});

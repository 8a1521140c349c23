import { expect, test } from 'vitest';
import { DAY, daily, every, HOUR, MINUTE, policy } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

const DAILY = policy({ name: 'daily', cadence: daily('UTC', 8, 12), firstWithinMs: 10 * MINUTE });
/** The bus says that a backup was deleted. */
async function told(world: World, backupId: string): Promise<void> {
  const { points, pokeSuspects } = world.service.life();
  if (await points.suspect([backupId])) pokeSuspects();
  await world.clock.drain();
}

async function oneBackup(options: Parameters<typeof openWorld>[0] = {}) {
  const world = openWorld({ watch: true, policies: [DAILY], ...options });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 1);
  // An hour and more lies between two slots, whoever deletes what.
  await world.advance(2 * HOUR);
  const [backup] = world.backups(id);
  if (!backup) throw new Error('there is no backup');
  return { world, id, backup, region: world.region, service: world.service };
}

test('an only recovery point that its owner deletes is missed as soon as the bus tells, and made up for', async () => {
  const { world, id, backup, region, service } = await oneBackup();
  const before = service.schedules()[0]?.next_slot_utc ?? 0;
  region.deleteBackup(backup.id);
  await told(world, backup.id);
  const slot = new Date(service.runs(id)[0]?.slot_utc ?? 0).toISOString();
  const because = { rule: 'point-vanished', params: { slotUtc: Date.parse(slot) } };
  const facts = { instance: id, project: world.project, backup: backup.id, slot, byUs: false, newest: null, because };
  expect(service.events('point.lost')).toMatchObject([{ level: 'warn', ...facts }]);
  const next = service.schedules()[0]?.next_slot_utc ?? 0;
  expect(next - world.clock.nowUtc()).toBeLessThan(10 * MINUTE + 1000);
  expect(next).toBeLessThan(before);
  expect(service.events('schedule.hastened', id)).toMatchObject([{ nextSlot: new Date(next).toISOString(), because }]);
  await world.advance(30_000);
  expect(service.events('instance.unprotected', id)).toMatchObject([{ because: { rule: 'point-vanished' } }]);
  await world.completed(id, 2);
  expect(service.runs(id).at(-1)).toMatchObject({ kind: 'full', kind_because: { rule: 'no-chain' }, slot_utc: next });
  await world.advance(MINUTE);
  expect(service.events('instance.recovered', id)).toHaveLength(1);
  expect(service.schedules()[0]?.next_slot_utc).toBe(before);
});

test('where no message comes, as after a purge, the survey misses it within one look at the region', async () => {
  const { world, id, backup, region, service } = await oneBackup();
  region.deleteBackup(backup.id);
  await world.advance(10 * MINUTE);
  expect(service.events('point.lost', id)).toMatchObject([{ backup: backup.id }]);
  await world.completed(id, 2);
});

test('what goes with its parent is missed with it, though the message names the parent alone', async () => {
  const { world, id, region, service } = await oneBackup({ policies: [HOURLY] });
  await world.completed(id, 3);
  const ours = world.backups(id).map((backup) => backup.id);
  for (const backup of ours) region.deleteBackup(backup);
  await told(world, ours[0] ?? '');
  const lost = service.events('point.lost', id).map((line) => line['backup']);
  expect(lost.length).toBeGreaterThan(2);
  expect(lost.toSorted()).toEqual(ours.toSorted());
});

test('a message of a backup that is there changes nothing, and is asked after a few times at most', async () => {
  const { world, id, backup, region, service } = await oneBackup();
  let asked = 0;
  region.intercept(async (request, next) => {
    if (request.url.endsWith(`/backups/${backup.id}`)) asked++;
    return next(request);
  });
  await told(world, backup.id);
  await world.advance(HOUR);
  expect(asked).toBe(4);
  expect(await service.life().points.suspects(10, '')).toEqual([]);
  expect(service.events('point.lost', id)).toEqual([]);
  expect(service.events('schedule.hastened', id)).toEqual([]);
});

test.each(['of nobody', '0d81a3c2-6a33-4b26-8df3-1e2a7d7f0a53'])(
  'a message of a backup that is none of ours leaves nothing behind: %s',
  async (backupId) => {
    const { world, service } = await oneBackup();
    expect(await service.life().points.suspect([backupId])).toBe(false);
    await world.advance(MINUTE);
    expect(service.events('point.lost')).toEqual([]);
  },
);

test('while the cloud is away a deletion is kept in mind, over a kill as well', async () => {
  const { world, id, backup, region, service } = await oneBackup();
  region.deleteBackup(backup.id);
  const mend = region.intercept(async () => new Response('no', { status: 503 }));
  await told(world, backup.id);
  await world.advance(5 * MINUTE);
  expect(service.events('point.lost', id)).toEqual([]);
  expect(service.events('points.unreadable').length).toBeLessThan(3);
  service.crash();
  mend();
  await service.start();
  await world.advance(MINUTE);
  expect(service.events('point.lost', id)).toMatchObject([{ backup: backup.id }]);
});

test('of several points the older one is left: late by and by, and nothing is hastened', async () => {
  const { world, id, region, service } = await oneBackup({ policies: [{ ...DAILY, cadence: every(6 * HOUR) }] });
  await world.until(() => service.events('run.completed', id).length === 2, 13 * HOUR);
  const newest = world.backups(id).at(-1);
  if (!newest) throw new Error('there is no backup');
  region.deleteBackup(newest.id);
  await told(world, newest.id);
  expect(service.events('point.lost', id)).toMatchObject([{ backup: newest.id, newest: expect.any(String) }]);
  expect(service.events('schedule.hastened', id)).toEqual([]);
});

test('who deletes each backup at once is backed up once an hour at most', async () => {
  const { world, id, region, service } = await oneBackup();
  for (let minutes = 0; minutes < 5 * 60; minutes += 5) {
    for (const backup of world.backups(id)) {
      if (backup.status !== 'COMPLETED') continue;
      region.deleteBackup(backup.id);
      await told(world, backup.id);
    }
    await world.advance(5 * MINUTE);
  }
  const runs = service.runs(id).map(({ slot_utc }) => slot_utc);
  expect(runs.length).toBeLessThanOrEqual(7);
  for (const [n, slot] of runs.entries()) expect(slot - (runs[n - 1] ?? 0)).toBeGreaterThanOrEqual(HOUR);
});

test('the backups of an instance that is excluded may go without a word', async () => {
  const { world, backup, region, service } = await oneBackup();
  world.reload({ exclude: { projects: [], datastores: [], names: ['orders'] } });
  world.instance('billing');
  await world.advance(DAY);
  region.deleteBackup(backup.id);
  await world.advance(HOUR);
  expect(service.events('point.lost')).toEqual([]);
});

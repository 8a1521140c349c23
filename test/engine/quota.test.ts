import { expect, test, vi } from 'vitest';
import type { Policy, Retention } from '../../lib/core/index.ts';
import { DAY, every, HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld, type World, type WorldOptions } from './world.ts';

const KEEP: Retention = {
  keep: { last: 3 },
  minimumFulls: 1,
  onDelete: { keepMs: 2 * DAY, lastChainMs: 4 * DAY },
  anchor: false,
};
const keeping = (over: Partial<Policy> = {}): Policy => ({ ...HOURLY, cadence: every(HOUR), retention: KEEP, ...over });
/** Half an interval, so that no mark ripens in the very moment of a slot. */
const GRACE = 30 * MINUTE;

async function opened(limit: number, names: readonly string[], options: WorldOptions = {}) {
  const world = openWorld({
    policies: [keeping()],
    quarantineMs: 0,
    graceMs: GRACE,
    region: { backupMs: MINUTE },
    ...options,
  });
  const ids = names.map((name) => world.instance(name));
  world.region.setQuota(world.project, 'backups', { limit });
  await world.service.start();
  return { world, ids, service: world.service, region: world.region };
}
const skipped = ({ service }: World): number =>
  service.runs().filter(({ state, because }) => state === 'skipped' && because?.rule === 'quota').length;
const living = (world: World): number => world.region.backups().filter(({ deletedUtc }) => deletedUtc === null).length;

/** Looks every so often, for so long, at how many backups there are. */
async function most(world: World, forMs: number): Promise<number> {
  let peak = 0;
  for (const endUtc = world.clock.nowUtc() + forMs; world.clock.nowUtc() < endUtc; await world.advance(MINUTE)) {
    peak = Math.max(peak, living(world));
  }
  return peak;
}

test('the number to ask for is exact: with it nothing is skipped, and without a limit there are so many, but for the reserve', async () => {
  const { world, service, region } = await opened(3, ['a', 'b'], { onShortage: 'refuse' });
  await world.until(() => service.events('quota.short').length > 0);
  const ask = Number(service.events('quota.short')[0]?.['ask']);

  region.setQuota(world.project, 'backups', { limit: ask });
  await world.until(() => service.events('policy.accepted').length === 2, 2 * HOUR);
  await world.advance(14 * HOUR);
  expect(skipped(world)).toBe(0);
  expect(service.runs().filter(({ state }) => state === 'completed').length).toBeGreaterThan(24);

  service.crash();

  const free = await opened(-1, ['a', 'b']);
  expect(await most(free.world, 14 * HOUR)).toBe(ask - 1);
});

test('while a quota is full its project is looked at once an hour, however many slots find it so', async () => {
  const { world, service } = await opened(4, ['a', 'b', 'c', 'd'], { policies: [HOURLY], onShortage: 'tell' });
  await world.advance(3 * HOUR);
  const before = skipped(world);
  const looks = vi.spyOn(service.life().store.outlook, 'begin');
  await world.advance(4 * HOUR);
  expect(skipped(world) - before).toBeGreaterThanOrEqual(16);
  expect(looks.mock.calls.length).toBeGreaterThanOrEqual(3);
  expect(looks.mock.calls.length).toBeLessThanOrEqual(5);
});

test('where slots come more often than that, a full quota is looked at anew for each', async () => {
  const policies = [{ ...HOURLY, cadence: every(10 * MINUTE) }];
  const { world, service } = await opened(3, ['a'], { policies, onShortage: 'tell' });
  await world.advance(2 * HOUR);
  const before = skipped(world);
  const looks = vi.spyOn(service.life().store.outlook, 'begin');
  await world.advance(HOUR);
  expect(skipped(world) - before).toBeGreaterThanOrEqual(5);
  expect(looks.mock.calls.length).toBeGreaterThanOrEqual(5);
});

test('what was made on demand and stays is in the number to ask for', async () => {
  const { world, ids, service, region } = await opened(-1, ['a'], { onShortage: 'refuse' });
  const [id = ''] = ids;
  await world.advance(5 * HOUR);
  for (const key of ['one', 'two']) {
    const asked = { key, requestedBy: 'anna', note: 'before an upgrade', keepMs: null };
    await service.life().onDemand.backUpNow({ ...asked, instanceId: id, projectId: world.project });
    await world.until(() => service.runs(id).every(({ ended_utc }) => ended_utc !== null));
  }
  region.setQuota(world.project, 'backups', { limit: 2 });
  await world.until(() => service.events('quota.short').length > 0, DAY);
  const ask = Number(service.events('quota.short')[0]?.['ask']);
  region.setQuota(world.project, 'backups', { limit: ask });
  await world.until(() => service.events('policy.accepted').length === 1, 2 * HOUR);
  const before = skipped(world);
  expect(await most(world, 14 * HOUR)).toBe(ask - 1);
  expect(skipped(world)).toBe(before);
});

test('a policy is adapted where the quota is too small, which is told, and is as it was when the quota is raised', async () => {
  const { world, ids, service, region } = await opened(5, ['a']);
  await world.until(() => service.events('policy.adapted').length > 0);
  const [short] = service.events('quota.short');
  expect(short).toMatchObject({ project: world.project, onShortage: 'adapt', fits: true });
  const [adapted] = service.events('policy.adapted');
  expect(adapted).toMatchObject({ instance: ids[0], policy: 'hourly', before: { maxIncrementals: 2 } });
  const [schedule] = service.schedules();
  expect(adapted).toMatchObject({ after: { maxIncrementals: schedule?.policy.maxIncrementals } });
  expect(schedule?.policy.maxIncrementals).toBeLessThan(2);
  expect(world.service.life().short()).toBe(1);

  await world.advance(8 * HOUR);
  expect(skipped(world)).toBe(0);
  expect(living(world)).toBeLessThanOrEqual(4);
  // Once a day, and when it changes: not at every look.
  expect(service.events('quota.short')).toHaveLength(1);

  region.setQuota(world.project, 'backups', { limit: Number(short?.['ask']) });
  await world.until(() => service.events('policy.restored').length > 0, 20 * HOUR);
  expect(service.schedules()[0]?.policy).toEqual(keeping());
  expect(service.events('quota.enough')).toHaveLength(1);
  expect(world.service.life().short()).toBe(0);
});

test('of a project whose quota is too small the older instances are backed up where the operator wants it so', async () => {
  const { world, service, region } = await opened(8, [], { onShortage: 'refuse', watch: true });
  const old = world.instance('old');
  await world.advance(HOUR);
  const young = world.instance('young');
  world.service.life().lookAnew();
  await world.advance(6 * HOUR);
  expect(service.events('policy.refused')).toMatchObject([{ instance: young }]);
  const because = (service.events('policy.refused')[0]?.['because'] ?? {}) as { params: { ask: number } };
  expect(world.backups(young)).toEqual([]);
  expect(service.runs(young).map(({ state, because }) => [state, because?.rule])).toContainEqual([
    'skipped',
    'quota-holds-older',
  ]);
  expect(service.runs(old).filter(({ state }) => state !== 'completed' && state !== 'running')).toEqual([]);
  expect(service.events('instance.unprotected', young)).toMatchObject([{ because: { rule: 'quota-holds-older' } }]);

  region.setQuota(world.project, 'backups', { limit: because.params.ask });
  await world.completed(young, 1);
  expect(service.events('policy.accepted')).toMatchObject([{ instance: young }]);
});

test('with a quota of six and two instances one backup by a user succeeds at every moment', async () => {
  const { world, ids, region } = await opened(6, ['a', 'b']);
  await world.advance(4 * HOUR);
  for (let minute = 0; minute < 12 * 60; minute += 1) {
    await world.advance(MINUTE);
    expect(living(world)).toBeLessThanOrEqual(5);
  }
  for (const id of ids) expect(world.backups(id).length).toBeGreaterThan(0);
  expect(region.backups().length).toBeGreaterThan(8);
});

test('a reserve that users take is free again within two intervals', async () => {
  const { world, ids, region, service } = await opened(6, ['a', 'b']);
  await world.advance(6 * HOUR);
  await world.until(() => living(world) === 4);
  const [id = ''] = ids;
  for (const name of ['own 1', 'own 2']) region.createBackup({ instanceId: id, name });
  expect(living(world)).toBe(6);
  await world.until(() => living(world) <= 5, 2 * HOUR);
  // And stays so, while both go on.
  const before = ids.map((one) => service.events('run.completed', one).length);
  expect(await most(world, 36 * HOUR)).toBeLessThanOrEqual(6);
  for (const [index, one] of ids.entries()) {
    expect(service.events('run.completed', one).length).toBeGreaterThan(before[index] ?? 0);
  }
  expect(living(world)).toBeLessThanOrEqual(5);
});

test('where the operator wants to be told alone, nothing is changed and slots without room are skipped', async () => {
  const { world, service } = await opened(4, ['a', 'b'], { onShortage: 'tell' });
  await world.until(() => service.events('quota.short').length > 0);
  expect(service.events('quota.short')).toMatchObject([{ onShortage: 'tell', fits: false }]);
  await world.until(() => skipped(world) > 0, 8 * HOUR);
  expect(service.schedules().map(({ policy }) => policy)).toEqual([keeping(), keeping()]);
  expect(service.events('policy.adapted')).toEqual([]);
  expect(service.events('policy.refused')).toEqual([]);
});

test('no limit is no shortage', async () => {
  const { world, service } = await opened(-1, ['a']);
  await world.advance(3 * HOUR);
  expect(service.events('quota.short')).toEqual([]);
  expect(service.events('policy.adapted')).toEqual([]);
});

test('a quota that cannot be read is told, and looked at again', async () => {
  const world = openWorld({ policies: [keeping()], quarantineMs: 0, graceMs: GRACE });
  const { service, region } = world;
  world.instance('a');
  region.setQuota(world.project, 'backups', { limit: 4 });
  service.wire.disturb(async (forward, url) =>
    url.includes('/mgmt/quotas/') ? new Response('down', { status: 503 }) : forward(),
  );
  await service.start();
  await world.until(() => service.events('quota.unreadable').length > 0);
  expect(service.events('quota.unreadable')).toMatchObject([{ project: world.project }]);
  expect(service.events('policy.adapted')).toEqual([]);
  service.wire.disturb(null);
  await world.until(() => service.events('policy.adapted').length > 0);
});

test('another choice of the operator takes effect at once', async () => {
  const { world, service } = await opened(4, ['a', 'b'], { onShortage: 'refuse' });
  await world.until(() => service.events('policy.refused').length > 0);
  world.reload({ onShortage: 'adapt' });
  await world.until(() => service.events('policy.adapted').length > 0);
  expect(service.events('policy.accepted').length).toBe(service.events('policy.refused').length);
});

test('what was decided is there after a restart, and a policy that changed is decided anew', async () => {
  const { world, service } = await opened(5, ['a']);
  await world.until(() => service.events('policy.adapted').length > 0);
  await world.restart();
  await world.advance(HOUR);
  expect(service.events('policy.adapted')).toHaveLength(1);
  const small = keeping({ maxIncrementals: 0, retention: { ...KEEP, keep: { last: 1 } } });
  world.reload({ policies: [small] });
  await world.until(() => service.schedules()[0]?.policy.maxIncrementals === 0);
  await world.advance(30 * MINUTE);
  expect(service.schedules()[0]?.policy).toEqual(small);
});

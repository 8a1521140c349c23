import { expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../core/builders.ts';
import { openWorld, type World } from './world.ts';

const active = ({ service }: World): number => service.schedules().filter((row) => row.active === 1).length;
const databases = (world: World, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => world.instance(`db-${n}`));

test('a list that lacks half the region ends no schedule, and raises the alarm', async () => {
  const world = openWorld();
  const ids = databases(world, 12);
  await world.service.start();
  for (const id of ids.slice(0, 6)) world.region.control.unlisted.add(id);
  await world.advance(HOUR);
  expect(active(world)).toBe(12);
  const alarm = { level: 'error', vanished: 6, known: 12, allowed: 3 };
  expect(world.service.events('reconcile.mass_vanish')[0]).toMatchObject(alarm);
  expect(world.service.events('instance.gone')).toEqual([]);
});

test('an alarm that goes on is told ever more rarely, and how much is missing stands in the metrics', async () => {
  const world = openWorld();
  const ids = databases(world, 12);
  await world.service.start();
  for (const id of ids.slice(0, 6)) world.region.control.unlisted.add(id);
  const alarms = () => world.service.events('reconcile.mass_vanish').length;
  await world.advance(HOUR);
  expect(alarms()).toBe(3);
  expect(world.service.life().missing()).toBe(6);
  await world.advance(23 * HOUR);
  expect(alarms()).toBeLessThan(9);
  world.region.control.unlisted.clear();
  await world.advance(HOUR);
  const before = alarms();
  expect(world.service.life().missing()).toBe(0);
  for (const id of ids.slice(0, 6)) world.region.control.unlisted.add(id);
  await world.until(() => alarms() === before + 1, HOUR);
});

test('even if all of them are really gone, an operator has to say so', async () => {
  const world = openWorld();
  const ids = databases(world, 5);
  await world.service.start();
  for (const id of ids) world.region.deleteInstance(id);
  await world.advance(HOUR);
  expect(active(world)).toBe(5);
  expect(world.service.events('reconcile.mass_vanish').length).toBeGreaterThan(0);
});

test('one that is only missing from the lists keeps its schedule, since its project still shows it', async () => {
  const world = openWorld();
  const [id = ''] = databases(world, 3);
  await world.service.start();
  world.region.control.unlisted.add(id);
  await world.advance(2 * HOUR);
  expect(active(world)).toBe(3);
  expect(world.service.runs(id).filter(({ state }) => state === 'completed').length).toBeGreaterThanOrEqual(2);
});

const isShow = (url: string): boolean => /\/v1.0\/[^/]+\/instances\/[^/?]+$/.test(url);

test('one that cannot be asked for keeps its schedule', async () => {
  const world = openWorld();
  const [id = ''] = databases(world, 3);
  await world.service.start();
  world.region.deleteInstance(id);
  world.region.intercept(async (request, next) =>
    isShow(request.url) ? new Response('no', { status: 503 }) : next(request),
  );
  await world.advance(HOUR);
  expect(active(world)).toBe(3);
});

test('those that can never be asked for take nothing of what may vanish', async () => {
  const world = openWorld();
  const ids = databases(world, 12);
  await world.service.start();
  const mute = new Set(ids.slice(0, 5));
  for (const id of ids.slice(0, 7)) world.region.deleteInstance(id);
  world.region.intercept(async (request, next) =>
    isShow(request.url) && mute.has(request.url.split('/').at(-1) ?? '')
      ? new Response('no', { status: 503 })
      : next(request),
  );
  await world.advance(2 * HOUR);
  const gone = world.service.events('instance.gone').map((line) => String(line['instance']));
  expect(gone.toSorted()).toEqual(ids.slice(5, 7).toSorted());
  expect(active(world)).toBe(10);
});

test('one whose project shuts us out is gone if an admin sees it no more, and not while he does', async () => {
  const world = openWorld();
  const [id = '', unlisted = ''] = databases(world, 4);
  await world.service.start();
  world.region.control.unlisted.add(unlisted);
  world.region.deleteInstance(id);
  world.region.revokeInherited(world.user, 'database_backup');
  await world.advance(HOUR);
  expect(world.service.events('instance.gone').map((line) => line['instance'])).toEqual([id]);
  expect(active(world)).toBe(3);
});

test('whose right to see it as admin does not hold proves nothing by a 404', async () => {
  const world = openWorld();
  const [id = ''] = databases(world, 3);
  await world.service.start();
  world.region.deleteInstance(id);
  world.region.revokeInherited(world.user, 'database_backup');
  world.region.intercept(async (request, next) =>
    request.url.includes('project_id=') ? new Response('no', { status: 401 }) : next(request),
  );
  await world.advance(HOUR);
  expect(active(world)).toBe(3);
});

test('one that is deleted is believed gone after the second list, not before; its backups are left alone', async () => {
  const world = openWorld();
  const [id = ''] = databases(world, 3);
  await world.service.start();
  await world.completed(id, 1);
  const lists = () => world.service.events('reconcile.done').length;
  const before = lists();
  world.region.deleteInstance(id);
  await world.until(() => lists() === before + 1);
  expect(world.service.events('instance.gone', id)).toEqual([]);
  await world.until(() => lists() === before + 2);
  expect(world.service.events('instance.gone', id)).toHaveLength(1);
  expect(active(world)).toBe(2);
  const runs = world.service.runs(id).length;
  await world.advance(3 * HOUR);
  expect(world.service.runs(id)).toHaveLength(runs);
  expect(world.backups(id)).toHaveLength(1);
});

test('a read that fails is no list: it makes nobody absent', async () => {
  const world = openWorld({ reconcileMs: 5 * MINUTE });
  const [id = ''] = databases(world, 2);
  await world.service.start();
  world.region.deleteInstance(id);
  world.region.intercept(async (request, next) =>
    request.url.includes('/mgmt/instances') ? new Response('no', { status: 503 }) : next(request),
  );
  await world.advance(HOUR);
  expect(active(world)).toBe(2);
  expect(world.service.events('reconcile.failed').length).toBeGreaterThan(3);
  expect(world.service.life().reconcile.check()).toMatchObject({ ok: false, detail: expect.stringContaining('503') });
});

test('lists that follow each other at once count as one: two of them prove nothing', async () => {
  const world = openWorld();
  const [id = ''] = databases(world, 3);
  await world.service.start();
  await world.advance(15 * MINUTE);
  world.region.deleteInstance(id);
  for (let looks = 0; looks < 4; looks++) {
    world.service.life().reconcile.pokeFull();
    await world.advance(SECOND);
  }
  expect(active(world)).toBe(3);
  await world.advance(21 * MINUTE);
  expect(active(world)).toBe(2);
});

test('one that was believed gone and is seen again gets its schedule back', async () => {
  const world = openWorld();
  const [id = ''] = databases(world, 3);
  await world.service.start();
  world.region.control.unlisted.add(id);
  const itemNotFound = { code: 404, message: `Resource ${id} cannot be found.` };
  const mend = world.region.intercept(async (request, next) =>
    request.url.endsWith(`/instances/${id}`) ? Response.json({ itemNotFound }, { status: 404 }) : next(request),
  );
  await world.until(() => world.service.events('instance.gone', id).length === 1, HOUR);
  expect(active(world)).toBe(2);
  mend();
  world.region.control.unlisted.clear();
  await world.until(() => world.service.events('instance.returned', id).length === 1, HOUR);
  expect(active(world)).toBe(3);
  const before = world.service.runs(id).length;
  await world.until(() => world.service.runs(id).length > before, HOUR + MINUTE);
});

test('restarts one after the other are no two looks a while apart: what two lists of theirs lack is not gone', async () => {
  const world = openWorld();
  const [id = ''] = ['a', 'b', 'c'].map((name) => world.instance(name));
  await world.service.start();
  await world.advance(11 * MINUTE);
  world.region.deleteInstance(id);
  for (let restarts = 0; restarts < 3; restarts++) {
    await world.restart();
    await world.advance(2 * SECOND);
  }
  expect(world.service.events('instance.gone', id)).toEqual([]);
  await world.advance(25 * MINUTE);
  expect(world.service.events('instance.gone', id)).toHaveLength(1);
});

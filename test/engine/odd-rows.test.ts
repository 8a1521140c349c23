import { expect, test } from 'vitest';
import { DAY, every, HOUR, MINUTE } from '../core/builders.ts';
import { oddly } from './oddly.ts';
import { HOURLY, openWorld, type World } from './world.ts';

const told = ({ service }: World) => service.events('cloud.odd_row');
const active = ({ service }: World): readonly string[] =>
  service.schedules().flatMap((row) => (row.active === 1 ? [row.instance_id] : []));

test('an instance that cannot be read stops no other; its schedule stays, and it is told by its field', async () => {
  const world = openWorld();
  const ids = ['a', 'b', 'c'].map((name) => world.instance(name));
  const [odd = '', ...others] = ids;
  await world.service.start();
  await world.completed(odd, 1);
  const mend = oddly(world.region, odd, { datastore: 'mysql' });
  const runs = world.service.runs(odd).length;
  for (const id of others) await world.completed(id, 4);
  expect(active(world).toSorted()).toEqual(ids.toSorted());
  expect(world.service.events('instance.gone')).toEqual([]);
  expect(world.service.events('reconcile.failed')).toEqual([]);
  expect(told(world)[0]).toMatchObject({
    level: 'warn',
    instance: odd,
    project: world.project,
    field: expect.stringMatching(/^instances\[\d\]\.datastore$/),
  });
  expect(told(world).length).toBeLessThan(4);
  expect(world.service.life().oddRows()).toBe(1);
  const since = world.service.runs(odd).slice(runs);
  expect(since[0]?.because).toMatchObject({ rule: 'expired', params: { held: { rule: 'unreachable' } } });

  mend();
  const before = world.service.events('run.completed', odd).length;
  await world.completed(odd, before + 1);
  await world.advance(2 * HOUR);
  expect(world.service.life().oddRows()).toBe(0);
});

test('a new instance that cannot be read gets its schedule when it can', async () => {
  const world = openWorld();
  const [odd = '', other = ''] = ['a', 'b'].map((name) => world.instance(name));
  const mend = oddly(world.region, odd, { name: null });
  await world.service.start();
  await world.advance(HOUR);
  expect(active(world)).toEqual([other]);
  mend();
  await world.until(() => active(world).length === 2, HOUR);
});

test('a row that does not say which instance it is makes nobody absent', async () => {
  const world = openWorld();
  const [odd = '', deleted = ''] = ['a', 'b', 'c'].map((name) => world.instance(name));
  await world.service.start();
  await world.advance(15 * MINUTE);
  const mend = oddly(world.region, odd, { id: 5 });
  world.region.deleteInstance(deleted);
  await world.advance(2 * HOUR);
  expect(world.service.events('instance.gone')).toEqual([]);
  expect(active(world)).toHaveLength(3);
  expect(told(world)[0]).toMatchObject({ instance: null, field: expect.stringContaining('.id') });
  mend();
  await world.until(() => world.service.events('instance.gone', deleted).length === 1, HOUR);
  expect(active(world)).toHaveLength(2);
});

test('a backup that cannot be read stops no other of its project, and its own run goes on until it can', async () => {
  const world = openWorld({ region: { backupMs: 10 * MINUTE } });
  const [id = '', other = ''] = ['a', 'b'].map((name) => world.instance(name));
  await world.service.start();
  await world.until(() => world.service.runs(id)[0]?.state === 'running');
  const [backup] = world.backups(id);
  const mend = oddly(world.region, backup?.id ?? '', { created: 'lately' });
  await world.completed(other, 3);
  expect(world.service.runs(id)[0]).toMatchObject({ state: 'running', backup_id: backup?.id });
  expect(world.service.events('track.failed')).toEqual([]);
  expect(told(world)[0]).toMatchObject({ backup: backup?.id, project: world.project });
  // What goes on meanwhile does not build upon what it cannot read.
  expect(world.service.wire.posts.map(({ parentId }) => parentId)).not.toContain(backup?.id);
  mend();
  await world.until(() => world.service.runs(id)[0]?.state === 'completed', HOUR);
});

test('a recovery point that cannot be read is not taken for one that somebody deleted', async () => {
  const world = openWorld();
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 2);
  const newest = () => world.service.schedules()[0]?.newest_point_utc;
  const before = newest();
  for (const backup of world.backups(id)) oddly(world.region, backup.id, { status: null });
  await world.advance(40 * MINUTE);
  expect(world.service.events('point.lost')).toEqual([]);
  expect(newest()).toBeGreaterThanOrEqual(before ?? Number.POSITIVE_INFINITY);
});

test('a whole list of odd rows is told by some of them, and drops nothing for days', async () => {
  const world = openWorld({ policies: [{ ...HOURLY, cadence: every(2 * DAY) }] });
  for (let n = 0; n < 30; n++) world.instance(`db-${n}`);
  await world.service.start();
  await world.until(() => world.service.events('run.completed').length === 30, HOUR);
  oddly(world.region, null, { datastore: 'mysql' });
  await world.advance(HOUR);
  expect(told(world).length).toBeGreaterThanOrEqual(20);
  await world.advance(11 * HOUR);
  expect(active(world)).toHaveLength(30);
  expect(world.service.life().oddRows()).toBe(60); // a backup each, too
  expect(told(world).length).toBeLessThan(60 * 8);
});

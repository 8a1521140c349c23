import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../core/builders.ts';
import { openWorld } from './world.ts';

const MARS = JSON.stringify({
  name: 'hourly',
  retention: { keep: { daily: 3 }, minimumFulls: 1, onDelete: { keepMs: 1, lastChainMs: 1 }, anchor: true },
  cadence: { kind: 'calendar', unit: 'day', zone: 'Mars/Olympus', window: { startMinute: 0, endMinute: 60 } },
});

/** As an upgrade of Node may leave it: what is stored can be used no more. */
function spoil(path: string, instanceId: string, policy: string): void {
  const db = new Database(path);
  db.prepare('UPDATE schedules SET policy = ? WHERE instance_id = ?').run(policy, instanceId);
  db.close();
}

test.each([
  { what: 'names a zone that is not known any more', policy: MARS },
  { what: 'is no JSON', policy: '{"name":' },
  { what: 'is of a kind that is not known', policy: '{"name":"hourly","cadence":{"kind":"moon"}}' },
])('a stored policy that $what costs its instance a slot a day, and the others nothing', async ({ policy }) => {
  const world = openWorld({ reconcileMs: 24 * HOUR });
  const { service } = world;
  const bad = world.instance('bad');
  const good = world.instance('good');
  await service.start();
  await world.completed(bad, 1);
  await world.completed(good, 1);
  spoil(service.path, bad, policy);
  await world.advance(3 * HOUR);
  expect(service.events('schedule.unusable').map(({ level, instance }) => [level, instance])).toEqual([['error', bad]]);
  const end = { state: 'skipped', because: { rule: 'policy-unusable' } };
  expect(world.service.events('run.completed', good).length).toBeGreaterThanOrEqual(3);
  const db = new Database(service.path, { readonly: true });
  const last = db.prepare('SELECT state, because FROM runs WHERE instance_id = ? ORDER BY slot_utc DESC').get(bad) as {
    state: string;
    because: string;
  };
  db.close();
  expect({ ...last, because: JSON.parse(last.because) }).toMatchObject(end);
  spoil(service.path, bad, JSON.stringify({ name: 'hourly' }));
  world.reload({});
  await world.advance(MINUTE); // the configuration has the policy as it should be
  await world.completed(bad, 2);
});

test('a run that waits while its policy becomes unusable ends as skipped', async () => {
  const world = openWorld({ reconcileMs: 24 * HOUR });
  const { service, region } = world;
  const id = world.instance('bad');
  await service.start();
  region.changeInstance(id, { task: 'RESIZING' });
  await world.until(() => service.events('run.waiting', id).length > 0);
  spoil(service.path, id, MARS);
  await world.until(() => service.events('run.skipped', id).length > 0, 5 * MINUTE);
  expect(service.events('run.skipped', id)).toMatchObject([{ because: { rule: 'policy-unusable' } }]);
});

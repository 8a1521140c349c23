import { expect, test } from 'vitest';
import { ANY, every, HOUR, MINUTE, policy } from '../core/builders.ts';
import { HOURLY, openWorld } from './world.ts';

const DENSE = policy({ name: 'dense', cadence: every(HOUR), maxIncrementals: 0, firstWithinMs: 10 * MINUTE });

test('a policy that changed reaches the schedules at once, and a backup that is due already is still made', async () => {
  const world = openWorld();
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 2);
  world.reload({ policies: [{ ...HOURLY, maxIncrementals: 0 }] });
  await world.advance(MINUTE);
  expect(world.service.events('schedule.changed', id)).toMatchObject([{ policy: 'hourly' }]);
  await world.completed(id, 3);
  expect(world.service.runs(id).map(({ kind }) => kind)).toEqual(['full', 'incremental', 'full']);
});

test('a policy that vanished leaves orphans: they run on as it was, whatever comes and goes beside them', async () => {
  const world = openWorld({ policies: [HOURLY] });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 1);
  world.reload({ policies: [{ ...DENSE, select: { ...ANY, names: ['other-*'] } }] });
  await world.completed(id, 3);
  await world.restart();
  await world.completed(id, 4);
  expect(world.service.events('schedule.orphaned', id)).toMatchObject([
    { because: { rule: 'policy-vanished', params: { policy: 'hourly' } } },
  ]);
  expect(world.service.runs(id).map(({ kind }) => kind)).toEqual(['full', 'incremental', 'incremental', 'full']);
  world.reload({ policies: [DENSE] });
  await world.advance(MINUTE);
  expect(world.service.events('schedule.changed', id)).toMatchObject([{ policy: 'dense' }]);
});

test('an exclusion by project takes hold of what was enrolled, and lets go again', async () => {
  const world = openWorld();
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 1);
  world.reload({ exclude: { ...ANY, projects: ['demo@Default'] } });
  await world.advance(3 * HOUR);
  expect(world.service.events('schedule.excluded', id)).toMatchObject([{ because: { rule: 'excluded-project' } }]);
  expect(world.service.runs(id)).toHaveLength(1);
  world.reload({ exclude: ANY });
  await world.completed(id, 2);
});

test('a new exclusion whose project cannot be looked up yet backs up nothing that it may mean', async () => {
  const world = openWorld();
  await world.service.start();
  await world.advance(MINUTE);
  world.region.intercept(async (request, next) =>
    request.url.includes('/v3/projects') ? new Response('', { status: 503 }) : next(request),
  );
  world.reload({ exclude: { ...ANY, projects: ['demo@Default'] } });
  const id = world.instance('orders');
  await world.service.life().notes.note([{ instanceId: id, projectId: world.project }]);
  world.service.life().reconcile.pokeNotes();
  await world.advance(HOUR);
  expect(world.service.schedules()).toEqual([]);
  expect(world.service.events('reconcile.failed').length).toBeGreaterThan(0);
});

test('observing begins and ends without a restart', async () => {
  const world = openWorld({ observe: true });
  const id = world.instance('orders');
  await world.service.start();
  await world.until(() => world.service.events('run.skipped', id).length === 1, 2 * HOUR);
  expect(world.backups(id)).toEqual([]);
  world.reload({ observe: false });
  await world.completed(id, 1);
  world.reload({ observe: true });
  await world.until(() => world.service.events('run.skipped', id).length === 2, 2 * HOUR);
  expect(world.backups(id)).toHaveLength(1);
});

test('caps that are raised let go at once what waited for them', async () => {
  const world = openWorld({ caps: { concurrent: 1, perProject: 1 }, region: { backupMs: 30 * MINUTE } });
  const ids = ['a', 'b', 'c'].map((name) => world.instance(name));
  await world.service.start();
  await world.until(() => world.service.events('run.submitted').length === 1);
  await world.advance(10 * MINUTE);
  expect(world.service.events('run.submitted')).toHaveLength(1);
  world.reload({ caps: { concurrent: 20, perProject: 20 } });
  await world.advance(MINUTE);
  expect(new Set(world.service.events('run.submitted').map((line) => line['instance']))).toEqual(new Set(ids));
});

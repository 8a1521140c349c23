import { expect, test } from 'vitest';
import { spread } from '../../lib/core/index.ts';
import { ANY, at, DAY, daily, HOUR, iso, MINUTE, policy } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

const scheduled = ({ service }: World): readonly string[] =>
  service.schedules().flatMap(({ instance_id, active }) => (active === 1 ? [instance_id] : []));

const NO: readonly { readonly who: string; readonly make: (world: World) => string; readonly rule: string }[] = [
  {
    who: 'a replica',
    make: (world) => world.instance('copy', { replicaOf: world.instance('master') }),
    rule: 'replica',
  },
  {
    who: 'a member of a cluster',
    make: (world) => world.instance('node-1', { clusterId: 'c-1' }),
    rule: 'cluster-member',
  },
  {
    who: 'what the operator excluded by name',
    make: (world) => world.instance('tmp-load-test'),
    rule: 'excluded-name',
  },
  {
    who: 'what no policy selects',
    make: (world) => world.instance('old', { datastore: 'redis', version: '7' }),
    rule: 'no-policy',
  },
];

test.each(NO)('$who gets no schedule, and it is said why', async ({ make, rule }) => {
  const select = { ...ANY, datastores: ['mysql', 'postgresql'] };
  const world = openWorld({ policies: [{ ...HOURLY, select }], exclude: { ...ANY, names: ['tmp-*'] } });
  const id = make(world);
  await world.service.start();
  await world.advance(2 * HOUR);
  expect(scheduled(world)).not.toContain(id);
  expect(world.service.runs(id)).toEqual([]);
  expect(world.service.events('schedule.excluded', id)).toMatchObject([{ because: { rule } }]);
});

test('projects are excluded by name and domain, and one that is not there is named', async () => {
  const world = openWorld({ exclude: { ...ANY, projects: ['demo@Default', 'nowhere@Default'] } });
  const id = world.instance('orders');
  await world.service.start();
  expect(world.service.events('schedule.excluded', id)).toMatchObject([
    { because: { rule: 'excluded-project', params: { project: 'demo@Default' } } },
  ]);
  expect(world.service.events('project.unknown')).toMatchObject([{ project: 'nowhere@Default' }]);
});

test('a detached replica comes in at the next look, and is backed up soon', async () => {
  const world = openWorld({ policies: [policy({ cadence: daily(), firstWithinMs: 15 * MINUTE })] });
  const id = world.instance('copy', { replicaOf: world.instance('master'), createdUtc: at('2024-01-01 00:00') });
  await world.service.start();
  await world.advance(HOUR);
  world.region.changeInstance(id, { replicaOf: null });
  await world.advance(26 * MINUTE);
  expect(world.service.runs(id)).toMatchObject([{ state: 'completed', kind: 'full' }]);
});

test('fifty databases that were there before the service begin one by one over enrol_over', async () => {
  const world = openWorld({ policies: [policy({ cadence: daily() })], enrolOverMs: 7 * DAY });
  const ids = Array.from({ length: 50 }, (_, n) => world.instance(`db-${n}`, { createdUtc: at('2025-06-01 00:00') }));
  await world.service.start();
  const first = world.service.schedules().map(({ instance_id, first_slot_utc }) => {
    const from = world.clock.nowUtc() + spread(instance_id, 'enrol') * 7 * DAY;
    expect(first_slot_utc - from).toBeGreaterThan(0);
    expect(first_slot_utc - from).toBeLessThanOrEqual(DAY);
    return iso(first_slot_utc);
  });
  expect(first).toHaveLength(ids.length);
  const days = Map.groupBy(first, (time) => time.slice(0, 10));
  expect(days.size).toBeGreaterThanOrEqual(7);
  expect(Math.max(...[...days.values()].map(({ length }) => length))).toBeLessThan(20);
  const newcomer = world.instance('new');
  await world.advance(25 * MINUTE);
  expect(world.service.wire.posts.map(({ instanceId }) => instanceId)).toEqual([newcomer]);
});

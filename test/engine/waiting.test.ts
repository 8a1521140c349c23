import { expect, test } from 'vitest';
import { MINUTE } from '../core/builders.ts';
import { nobodyListens, pass } from './wire.ts';
import { openWorld, type World } from './world.ts';

/** Something that holds the first slot of an instance, and then lets it go. */
interface Hold {
  readonly what: string;
  readonly hold: (world: World, id: string) => () => void;
  readonly rule: string;
  readonly params: object;
  /** How soon it goes on; a minute unless said. */
  readonly withinMs?: number;
}

const HOLDS: readonly Hold[] = [
  {
    what: 'a user builds on the instance',
    hold: ({ region }, id) => {
      region.changeInstance(id, { task: 'RESIZING' });
      return () => region.changeInstance(id, { task: 'NONE' });
    },
    rule: 'instance-busy',
    params: { status: 'RESIZE' },
  },
  {
    what: 'the datastore restarts though the instance says ACTIVE',
    hold: ({ region }, id) => {
      region.changeInstance(id, { service: 'RESTARTING' });
      return () => region.changeInstance(id, { service: 'HEALTHY' });
    },
    rule: 'busy',
    params: { detail: expect.stringContaining('422') },
  },
  {
    what: "a user's own backup runs",
    hold: ({ region }, id) => {
      const { id: theirs } = region.createBackup({ instanceId: id, name: 'mine', status: 'BUILDING' });
      return () => region.deleteBackup(theirs);
    },
    rule: 'backup-running',
    params: { backup: expect.any(String) },
  },
  {
    what: 'Swift is away',
    hold: ({ region }) => {
      region.control.swiftDown = true;
      return () => {
        region.control.swiftDown = false;
      };
    },
    rule: 'storage-away',
    params: { detail: expect.stringContaining('Swift account not accessible') },
  },
  {
    what: 'the service has no role on the project',
    hold: ({ region, user }) => {
      region.revokeInherited(user, 'database_backup');
      return () => region.grantInherited(user, 'database_backup');
    },
    rule: 'no-role',
    params: { project: expect.any(String) },
    // It is refused at 0, 10 and 30 minutes, and let in at 70.
    withinMs: 10 * MINUTE,
  },
  {
    what: 'nobody listens where Trove was',
    hold: ({ service }) => {
      service.wire.always(nobodyListens);
      return () => service.wire.always(pass);
    },
    rule: 'unreachable',
    params: { detail: expect.stringContaining('ECONNREFUSED') },
  },
];

test.each(HOLDS)('while $what a slot waits, the next one takes its place, and goes when it is over', async (row) => {
  const { hold, rule, params, withinMs = MINUTE } = row;
  const world = openWorld();
  const { service } = world;
  const id = world.instance('orders');
  const release = hold(world, id);
  await service.start();
  await world.advance(20 * MINUTE);
  expect(service.runs(id)).toMatchObject([{ state: 'claimed', because: { rule, params } }]);
  expect(service.events('run.waiting', id).at(-1)).toMatchObject({ because: { rule, params } });
  await world.advance(48 * MINUTE);
  const expired = { state: 'expired', because: { rule: 'expired', params: { held: { rule } } } };
  expect(service.runs(id)).toMatchObject([expired, { state: 'claimed', because: { rule } }]);
  expect(service.events('run.expired', id)).toMatchObject([{ level: 'warn', because: expired.because }]);

  release();
  const releasedUtc = world.clock.nowUtc();
  await world.completed(id, 1);
  expect(service.events('run.submitted', id)[0]?.atUtc).toBeLessThanOrEqual(releasedUtc + withinMs);
  expect(service.runs(id)).toMatchObject([expired, { state: 'completed' }]);
});

test('an instance that its owner leaves wanting a restart goes on being backed up', async () => {
  const world = openWorld();
  const { service, region } = world;
  const id = world.instance('orders');
  await service.start();
  await world.completed(id, 1);
  region.changeInstance(id, { task: 'RESTART_REQUIRED' });
  await world.completed(id, 2);
  expect(service.runs(id).at(-1)).toMatchObject({ state: 'completed' });
});

import { expect, test } from 'vitest';
import { markerText, parseMarker } from '../../lib/core/index.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../core/builders.ts';
import { oddly } from './oddly.ts';
import { failedOf, rules, twoFailed } from './prune-scene.ts';
import { openWorld, type World } from './world.ts';

interface Guard {
  readonly what: string;
  /** Sets the scene, with the backup that would go; gives what ends it, or null where it is to stay so. */
  readonly scene: (world: World, failed: string) => (() => void) | null;
  readonly rule: string;
}

const GUARDS: readonly Guard[] = [
  {
    what: "a user's backup stands on it",
    scene: ({ region }, failed) => {
      const instanceId = region.backups().find(({ id }) => id === failed)?.instanceId ?? '';
      region.createBackup({ instanceId, name: 'mine', parentId: failed });
      return null;
    },
    rule: 'has-child',
  },
  {
    what: 'a backup of another instance in another project stands on it',
    scene: ({ region }, failed) => {
      const { id: projectId } = region.createProject({ name: 'elsewhere' });
      const { id: instanceId } = region.createInstance({ projectId, name: 'other' });
      region.createBackup({ instanceId, name: 'theirs', parentId: failed });
      return null;
    },
    rule: 'has-child',
  },
  {
    what: 'an instance of the project is being built, maybe from a backup',
    scene: (world) => {
      const restored = world.instance('restored');
      world.region.changeInstance(restored, { task: 'BUILDING' });
      return () => world.region.changeInstance(restored, { task: 'NONE' });
    },
    rule: 'restore-may-read',
  },
  {
    what: 'another backup of its instance cannot be read',
    scene: ({ region }, failed) => {
      const { instanceId } = region.backups().find(({ id }) => id === failed) ?? {};
      return oddly(region, region.createBackup({ instanceId: instanceId ?? '', name: 'odd' }).id, { size: 'huge' });
    },
    rule: 'odd-row',
  },
  {
    what: 'an instance of its project cannot be read',
    scene: (world) => oddly(world.region, world.instance('odd'), { status: 5 }),
    rule: 'odd-row',
  },
  {
    what: 'a backup somewhere does not say on what it stands',
    scene: ({ region }) => {
      const { id: projectId } = region.createProject({ name: 'elsewhere' });
      const { id: instanceId } = region.createInstance({ projectId, name: 'other' });
      return oddly(region, region.createBackup({ instanceId, name: 'odd' }).id, { parent_id: 7 });
    },
    rule: 'odd-row',
  },
  {
    what: 'mode is "observe"',
    scene: (world) => {
      world.reload({ observe: true });
      return () => world.reload({ observe: false });
    },
    rule: 'observing-deletion',
  },
  {
    what: "another service's backup is on the instance",
    scene: ({ region }, failed) => {
      const row = region.backups().find(({ id }) => id === failed);
      const marker = parseMarker(row?.description ?? null);
      if (!row?.instanceId || !marker) throw new Error('there is no marker');
      const description = markerText({ ...marker, owner: 'deadbeef' });
      region.createBackup({ instanceId: row.instanceId, name: 'theirs', description });
      return null;
    },
    rule: 'owner-conflict',
  },
  {
    what: 'Swift is away',
    scene: ({ region }) => {
      region.control.swiftDown = true;
      return () => {
        region.control.swiftDown = false;
      };
    },
    rule: 'storage-away',
  },
];

test.each(GUARDS)('while $what nothing is deleted, and it says so without a hot loop', async ({ scene, rule }) => {
  const ended = Promise.withResolvers<(() => void) | null>();
  const { world, service, id, first } = await twoFailed((world, failed) => ended.resolve(scene(world, failed)));
  const end = await ended.promise;
  world.region.control.failBackupsOf.clear();
  await world.advance(40 * MINUTE);
  expect(failedOf(world, id)).toContain(first);
  expect(new Set(rules(world))).toEqual(new Set([rule]));
  expect(service.events('prune.blocked').length).toBeLessThanOrEqual(7);
  expect(service.wire.deletions.length).toBeLessThanOrEqual(rule === 'storage-away' ? 7 : 0);
  if (!end) return;
  end();
  await world.advance(HOUR + MINUTE);
  expect(failedOf(world, id)).not.toContain(first);
  expect(service.events('prune.deleted')).toMatchObject([{ backup: first }]);
});

const MEANWHILE: readonly {
  readonly what: string;
  readonly happen: (world: World, failed: string) => void;
  readonly rule: string;
}[] = [
  {
    what: 'a user puts a backup on it',
    happen: ({ region }, failed) => {
      const instanceId = region.backups().find(({ id }) => id === failed)?.instanceId ?? '';
      region.createBackup({ instanceId, name: 'mine', parentId: failed });
    },
    rule: 'has-child',
  },
  {
    what: 'an instance of its project is being built',
    happen: (world) => world.region.changeInstance(world.instance('restored'), { task: 'BUILDING' }),
    rule: 'restore-may-read',
  },
  {
    what: 'an admin sets its status',
    happen: ({ region }, failed) =>
      region.intercept(async (request, next) => {
        const answer = await next(request);
        if (request.method !== 'GET' || !request.url.includes('/backups')) return answer;
        const text = await answer.text();
        const row = new RegExp(
          `(?<="status": ?)"FAILED"(?=[^{}]*${failed})|(?<=${failed}[^{}]*"status": ?)"FAILED"`,
          'g',
        );
        return new Response(text.replace(row, '"COMPLETED"'), answer);
      }),
    rule: 'unwanted-no-more',
  },
  {
    what: 'its instance is excluded',
    happen: (world) => world.reload({ exclude: { projects: [], datastores: [], names: ['orders'] } }),
    rule: 'unwanted-no-more',
  },
];

test.each(MEANWHILE)('where $what while Keystone is slow to give the token, no DELETE leaves', async (row) => {
  const { world, service, id, first } = await twoFailed((world, failed) => {
    const { clock, service } = world;
    let isChosen = false;
    service.wire.disturb(async (forward, url) => {
      isChosen ||= url.includes('/mgmt/instances?') && url.includes('project_id=');
      if (!isChosen || !url.endsWith('/auth/tokens')) return forward();
      service.wire.disturb(null);
      row.happen(world, failed);
      await clock.sleepUntil(clock.nowUtc() + 20 * SECOND, new AbortController().signal);
      return forward();
    });
  });
  await world.advance(2 * MINUTE);
  expect(service.wire.deletions).toEqual([]);
  expect(rules(world)[0]).toBe(row.rule);
  expect(world.backups(id).map((backup) => backup.id)).toContain(first);
});

test('in the first day of a store nothing is deleted, and it says so once', async () => {
  const world = openWorld();
  const { service, region } = world;
  const id = world.instance('orders');
  region.control.failBackupsOf.add(id);
  await service.start();
  const untilUtc = world.clock.nowUtc() + DAY;
  await world.until(() => failedOf(world, id).length === 2);
  await world.advance(HOUR);
  expect(service.events('prune.blocked')).toMatchObject([{ because: { rule: 'quarantine', params: { untilUtc } } }]);
  expect(service.wire.deletions).toEqual([]);
  await world.until(() => service.wire.deletions.length > 0, DAY);
  expect(service.wire.deletions[0]?.atUtc).toBeGreaterThanOrEqual(untilUtc);
});

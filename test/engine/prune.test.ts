import { expect, test } from 'vitest';
import { markerText, parseMarker } from '../../lib/core/index.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../core/builders.ts';
import { oddly } from './oddly.ts';
import { cutBefore, dropAnswer } from './wire.ts';
import { openWorld, type World } from './world.ts';

/** An instance whose first two backups fail; the scene is set while the second one runs. */
async function twoFailed(setScene: (world: World, failed: string) => void = () => undefined) {
  const world = openWorld();
  const { service, region } = world;
  await service.start();
  await service.stop();
  // Of a store's first day nothing is deleted.
  await world.advance(DAY);
  const id = world.instance('orders');
  region.control.failBackupsOf.add(id);
  await service.start();
  await world.until(() => service.wire.posts.length === 2);
  const [first] = failedOf(world, id);
  if (!first) throw new Error('no backup failed');
  setScene(world, first);
  await world.until(() => service.events('run.failed', id).length === 2);
  return { world, service, region, id, first };
}

const failedOf = (world: World, id: string): readonly string[] =>
  world
    .backups(id)
    .filter(({ status }) => status === 'FAILED')
    .map((row) => row.id);
const rules = (world: World): readonly unknown[] =>
  world.service.events('prune.blocked').map((line) => (line['because'] as { rule: string }).rule);

test('of the failed backups of an instance the newest stays: the others hold quota', async () => {
  const { world, service, id, first } = await twoFailed();
  await world.advance(MINUTE);
  const [second, ...none] = failedOf(world, id);
  expect(none).toEqual([]);
  expect(second).not.toBe(first);
  const because = { rule: 'surplus-failed', params: { kept: second } };
  for (const name of ['prune.requested', 'prune.deleted']) {
    expect(service.events(name)).toMatchObject([{ backup: first, instance: id, project: world.project, because }]);
  }
  await world.until(() => service.events('run.failed', id).length === 3);
  await world.advance(MINUTE);
  expect(failedOf(world, id)).toHaveLength(1);
  expect(service.wire.deletions.map(({ backup }) => backup?.id)).toEqual([first, second]);
  await world.advance(2 * HOUR);
  expect(service.wire.deletions).toHaveLength(2);
});

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

const REFUSALS: readonly {
  readonly what: string;
  readonly answer: () => Response;
  readonly rule: string;
  readonly againMs: number;
}[] = [
  {
    what: 'a 422',
    answer: () => Response.json({ unprocessableEntity: { code: 422, message: 'It is running.' } }, { status: 422 }),
    rule: 'busy',
    againMs: MINUTE,
  },
  {
    what: 'a 403',
    answer: () => Response.json({ forbidden: { code: 403, message: 'No.' } }, { status: 403 }),
    rule: 'refused',
    againMs: MINUTE,
  },
  {
    what: 'a rate limit',
    answer: () =>
      Response.json(
        { overLimit: { code: 413, message: 'This request was rate-limited.' } },
        { status: 413, headers: { 'Retry-After': '200' } },
      ),
    rule: 'rate-limited',
    againMs: 200_000,
  },
];

test.each(REFUSALS)('after $what to a DELETE the backup is as before, and it is tried again later', async (row) => {
  const { world, service, first } = await twoFailed(({ service }) =>
    service.wire.nextDeletion(async () => row.answer()),
  );
  world.region.control.failBackupsOf.clear();
  await world.until(() => service.events('prune.deleted').length > 0, 2 * HOUR);
  expect(rules(world)).toEqual([row.rule]);
  const [refused, taken, ...more] = service.wire.deletions;
  expect([refused?.backup?.id, taken?.backup?.id, more]).toEqual([first, first, []]);
  expect((taken?.atUtc ?? 0) - (refused?.atUtc ?? 0)).toBeGreaterThanOrEqual(row.againMs);
});

test('a DELETE whose answer was lost is looked for, not sent again', async () => {
  const { world, service, first, id } = await twoFailed(({ service }) => service.wire.nextDeletion(dropAnswer));
  await world.advance(MINUTE);
  expect(rules(world)).toEqual(['answer-lost']);
  expect(service.events('prune.deleted')).toMatchObject([{ backup: first }]);
  expect(service.wire.deletions).toHaveLength(1);
  expect(failedOf(world, id)).toHaveLength(1);
});

test('one that may be on its way still is sent once more, but not within a day: a second one gives quota back twice', async () => {
  const { world, service, first } = await twoFailed(({ service }) => service.wire.nextDeletion(cutBefore));
  await world.advance(MINUTE);
  world.region.control.failBackupsOf.clear();
  await world.until(() => service.wire.deletions.length === 2, DAY + 3 * HOUR);
  const [sent, again] = service.wire.deletions;
  expect([sent?.backup?.id, again?.backup?.id]).toEqual([first, first]);
  expect((again?.atUtc ?? 0) - (sent?.atUtc ?? 0)).toBeGreaterThanOrEqual(DAY);
  expect(rules(world)).toEqual(['answer-lost', 'deletion-without-effect']);
  await world.advance(MINUTE);
  expect(service.events('prune.deleted')).toMatchObject([{ backup: first }]);
});

test.each(['before it was sent', 'when it was sent'])(
  'killed %s, the next life sees a DELETE to its end',
  async (when) => {
    const { world, service, first } = await twoFailed(({ service }) => {
      if (when === 'before it was sent') service.crashAt('intend');
      else {
        service.wire.nextDeletion(async (forward) => {
          const answer = await forward();
          service.crash();
          return answer;
        });
      }
    });
    world.region.control.failBackupsOf.clear();
    await world.until(() => !service.isUp(), HOUR);
    await world.advance(MINUTE);
    await service.start();
    await world.until(() => service.events('prune.deleted').length === 1, DAY + 3 * HOUR);
    expect(service.events('prune.deleted')).toMatchObject([{ backup: first }]);
    expect(service.wire.deletions).toHaveLength(1);
  },
);

test('one that somebody else has deleted meanwhile is as good as deleted by us', async () => {
  const { world, service, first } = await twoFailed(({ service, region }, failed) =>
    service.wire.nextDeletion((forward) => {
      region.deleteBackup(failed);
      return forward();
    }),
  );
  await world.advance(MINUTE);
  expect(service.events('prune.deleted')).toMatchObject([{ backup: first }]);
  expect(rules(world)).toEqual([]);
});

test('nothing failed of anybody else is touched: a user has them, and copies of our marker', async () => {
  const { world, service, region, id, first } = await twoFailed(({ region }, failed) => {
    const ours = region.backups().find((row) => row.id === failed);
    const instanceId = ours?.instanceId ?? '';
    region.createBackup({ instanceId, name: 'mine', status: 'FAILED' });
    region.createBackup({ instanceId, name: 'mine too', status: 'FAILED' });
    region.createBackup({ instanceId, name: 'copy', status: 'FAILED', description: ours?.description ?? '' });
  });
  await world.advance(MINUTE);
  expect(service.wire.deletions.map(({ backup }) => backup?.id)).toEqual([first]);
  const left = failedOf(world, id).map((left) => region.backups().find((row) => row.id === left)?.name);
  expect(left.toSorted()).toEqual([expect.stringMatching(/^auto-/), 'copy', 'mine', 'mine too']);
});

test('of an instance that was excluded nothing is pruned', async () => {
  const { world, service, id } = await twoFailed((world) =>
    world.reload({ exclude: { projects: [], datastores: [], names: ['orders'] } }),
  );
  await world.advance(2 * HOUR);
  expect(failedOf(world, id)).toHaveLength(2);
  expect(service.wire.deletions).toEqual([]);
});

test('a DELETE and a request for a backup are never out at once in a project', async () => {
  const { world, service } = await twoFailed(({ service, clock }) =>
    service.wire.nextDeletion(async (forward) => {
      await clock.sleepUntil(clock.nowUtc() + 25_000, new AbortController().signal);
      return forward();
    }),
  );
  await world.until(() => service.wire.deletions.length === 1);
  const sentUtc = service.wire.deletions[0]?.atUtc ?? 0;
  const neighbour = world.instance('billing');
  service.life().reconcile.pokeFull();
  await world.until(() => service.wire.posts.some(({ instanceId }) => instanceId === neighbour), HOUR);
  const post = service.wire.posts.find(({ instanceId }) => instanceId === neighbour);
  expect((post?.atUtc ?? 0) - sentUtc).toBeGreaterThanOrEqual(25_000);
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
    rule: 'surplus-no-more',
  },
  {
    what: 'its instance is excluded',
    happen: (world) => world.reload({ exclude: { projects: [], datastores: [], names: ['orders'] } }),
    rule: 'surplus-no-more',
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

const OVERTAKEN: readonly { readonly what: string; readonly happen: (world: World, id: string) => void }[] = [
  {
    what: 'whose instance is excluded meanwhile',
    happen: (world) => world.reload({ exclude: { projects: [], datastores: [], names: ['orders'] } }),
  },
  { what: 'whose instance is gone meanwhile', happen: ({ region }, id) => region.deleteInstance(id) },
  { what: 'whose instance has no policy meanwhile', happen: (world) => world.reload({ policies: [] }) },
];

test.each(OVERTAKEN)(
  'a DELETE without an answer $what is given up after a day, and looked for ever more rarely',
  async (row) => {
    const { world, service, region, id, first } = await twoFailed(({ service }) =>
      service.wire.nextDeletion(cutBefore),
    );
    await world.until(() => service.wire.deletions.length === 1);
    region.control.failBackupsOf.clear();
    row.happen(world, id);
    await world.advance(HOUR);
    const from = service.wire.requests.length;
    await world.advance(DAY);
    const looks = service.wire.requests.slice(from).filter(({ url }) => url.endsWith(`/backups/${first}`));
    expect(looks.length).toBeGreaterThan(20);
    expect(looks.length).toBeLessThan(30);
    await world.advance(3 * HOUR);
    expect(rules(world)).toEqual(['answer-lost', 'deletion-without-effect']);
    expect(service.wire.deletions).toHaveLength(1);
    const whole = service.wire.requests.slice(from).filter(({ url }) => url.includes('all_projects'));
    expect(whole).toEqual([]);
  },
);

test('the region is read for a DELETE that is to leave, and for nothing else', async () => {
  const { world, service, first } = await twoFailed();
  await world.advance(MINUTE);
  expect(service.events('prune.deleted')).toMatchObject([{ backup: first }]);
  expect(service.wire.requests.filter(({ url }) => url.includes('all_projects'))).toHaveLength(1);
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

import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../core/builders.ts';
import { failedOf, rules, twoFailed } from './prune-scene.ts';

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

test('the region is read for a DELETE that is to leave, and for nothing else', async () => {
  const { world, service, first } = await twoFailed();
  await world.advance(MINUTE);
  expect(service.events('prune.deleted')).toMatchObject([{ backup: first }]);
  expect(service.wire.requests.filter(({ url }) => url.includes('all_projects'))).toHaveLength(1);
});

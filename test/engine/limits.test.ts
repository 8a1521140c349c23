import { expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../core/builders.ts';
import type { Fate } from './wire.ts';
import { openWorld } from './world.ts';

test('with the quota full but for its reserve, a slot is skipped with the exact number to ask for', async () => {
  const world = openWorld({ reserve: 2 });
  const id = world.instance('orders');
  world.region.createBackup({ instanceId: id, name: "the user's own" });
  world.region.setQuota(world.project, 'backups', { limit: 5 });
  await world.service.start();
  await world.until(() => world.service.events('run.skipped', id).length > 0, 4 * HOUR);
  const because = { rule: 'quota', params: { inUse: 3, limit: 5, reserve: 2, ask: 6 } };
  expect(world.service.runs(id).map(({ state }) => state)).toEqual(['completed', 'completed', 'skipped']);
  expect(world.service.runs(id).at(-1)).toMatchObject({ because, backup_id: null });
  expect(world.service.wire.posts).toHaveLength(2);

  world.region.setQuota(world.project, 'backups', { limit: 6 });
  await world.completed(id, 3);
  expect(world.service.runs(id).at(-1)).toMatchObject({ state: 'completed', kind: 'incremental' });
});

test('a quota that fills between the look and the request ends the slot with its numbers too', async () => {
  const world = openWorld();
  const id = world.instance('orders');
  const fill: Fate = (forward) => {
    world.region.setQuota(world.project, 'backups', { inUse: 50 });
    return forward();
  };
  world.service.wire.next(fill);
  await world.service.start();
  await world.until(() => world.service.events('run.skipped', id).length > 0, HOUR);
  const params = { inUse: 50, limit: 50, reserve: 1, ask: 52 };
  expect(world.service.runs(id)).toMatchObject([{ state: 'skipped', because: { rule: 'quota', params } }]);
  expect(world.backups(id)).toEqual([]);
});

test('a request that was rate-limited goes again when Retry-After is over, not before', async () => {
  const world = openWorld();
  const id = world.instance('orders');
  const overLimit = { code: 413, message: 'This request was rate-limited.', retryAfter: '200' };
  world.service.wire.next(async () => Response.json({ overLimit }, { status: 413, headers: { 'Retry-After': '200' } }));
  await world.service.start();
  await world.completed(id, 1);
  const [first, second] = world.service.wire.posts;
  expect((second?.atUtc ?? 0) - (first?.atUtc ?? 0)).toBe(200 * SECOND);
  expect([second?.slotUtc, second?.runId]).toEqual([first?.slotUtc, first?.runId]);
  const because = { rule: 'rate-limited', params: { retryAfterMs: 200 * SECOND } };
  expect(world.service.events('run.waiting', id)).toMatchObject([{ because }]);
});

test("a tenant's small rate limit slows his databases down, and none of them loses a slot", async () => {
  const world = openWorld({ region: { requestsPerMinute: 6 } });
  const ids = ['a', 'b', 'c', 'd'].map((name) => world.instance(name));
  await world.service.start();
  await world.advance(40 * MINUTE);
  for (const id of ids) expect(world.service.runs(id)[0]?.state).toBe('completed');
  expect(world.service.runs().filter(({ state }) => state === 'skipped' || state === 'failed')).toEqual([]);
});

test('mode "observe" asks for nothing and says what it would have done', async () => {
  const world = openWorld({ observe: true });
  const id = world.instance('orders');
  await world.service.start();
  await world.until(() => world.service.events('run.skipped', id).length >= 2, 3 * HOUR);
  const observed = { state: 'skipped', because: { rule: 'observing', params: { kind: 'full' } } };
  expect(world.service.runs(id)).toMatchObject([observed, observed]);
  expect(world.service.wire.posts).toEqual([]);
  expect(world.region.backups()).toEqual([]);
});

import { expect, test } from 'vitest';
import { giveTrust, takeTrustBack } from '../contract/give-trust.ts';
import type { User } from '../contract/user.ts';
import { HOUR, MINUTE } from '../core/builders.ts';
import { loginTo } from '../simulator/world.ts';
import { openWorld, type World } from './world.ts';

/** A member of the project, who may give the service a trust. */
async function memberOf({ region, project }: World): Promise<User> {
  region.grant(region.createUser({ name: 'demo', password: 'demo' }).id, 'member', project);
  return loginTo(region, { name: 'demo', password: 'demo', project: 'demo' });
}

test('whose project has given a trust is backed up, and who has not waits with the reason, in peace', async () => {
  const world = openWorld({ tenantScope: 'trust', watch: true });
  const id = world.instance('orders');
  const alt = world.region.createProject({ name: 'alt' }).id;
  const other = world.region.createInstance({ projectId: alt, name: 'theirs' }).id;
  await giveTrust(await memberOf(world), world.user);
  await world.service.start();
  await world.completed(id, 2);
  expect(world.backups(id).map(({ parentId }) => parentId)).toEqual([null, world.backups(id)[0]?.id]);
  expect(world.backups(other)).toEqual([]);

  const because = { rule: 'no-trust', params: { project: alt, trustee: world.user } };
  await world.until(() => world.service.runs(other)[0]?.state === 'expired');
  expect(world.service.runs(other)[0]?.because).toEqual({ rule: 'expired', params: { held: because } });
  const [unprotected, ...more] = world.service.events('instance.unprotected', other);
  expect([unprotected?.['because'], more]).toEqual([because, []]);
  const waits = world.service.events('run.waiting', other).filter(({ atUtc }) => atUtc > world.clock.nowUtc() - HOUR);
  expect(waits.length).toBeGreaterThan(0);
  expect(waits.length).toBeLessThan(80);
  expect(waits.every((line) => (line['because'] as typeof because).rule === 'no-trust')).toBe(true);
});

test('a trust that comes later opens the project within minutes; one that is taken back shuts it again', async () => {
  const world = openWorld({ tenantScope: 'trust' });
  const id = world.instance('orders');
  const member = await memberOf(world);
  await world.service.start();
  await world.until(() => world.service.events('run.waiting', id).length > 0, HOUR);
  const trust = await giveTrust(member, world.user);
  await world.until(() => world.service.events('run.completed', id).length > 0, 3 * MINUTE);
  await takeTrustBack(member, trust);
  await world.until(() => world.service.runs(id).at(-1)?.because?.rule === 'no-trust', 2 * HOUR);
  expect(world.backups(id)).toHaveLength(1);
});

test('a trust that ends gives way to one that goes on, and no slot is lost', async () => {
  const world = openWorld({ tenantScope: 'trust' });
  const id = world.instance('orders');
  const member = await memberOf(world);
  await giveTrust(member, world.user, {
    expires_at: new Date(world.clock.nowUtc() + 90 * MINUTE).toISOString().replace('Z', '000Z'),
  });
  await giveTrust(member, world.user, { expires_at: '2099-01-01T00:00:00.000000Z', remaining_uses: 500 });
  await world.service.start();
  await world.completed(id, 4);
  expect(
    world.service
      .runs(id)
      .slice(0, 4)
      .map(({ state }) => state),
  ).toEqual(Array(4).fill('completed'));
});

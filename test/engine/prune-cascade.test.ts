import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../core/builders.ts';
import { failedOf, rules, twoFailed } from './prune-scene.ts';
import { cut } from './wire.ts';
import type { World } from './world.ts';

/** The DELETE of a failed backup hangs on its way, and is carried out when it is told to. */
async function hanging() {
  const held = Promise.withResolvers<() => Promise<Response>>();
  const scene = await twoFailed(({ service }) =>
    service.wire.nextDeletion(async (forward) => {
      held.resolve(forward);
      throw cut();
    }),
  );
  scene.region.control.failBackupsOf.clear();
  return { ...scene, carryOut: await held.promise };
}

const childOn = ({ region }: World, instanceId: string, parentId: string): string =>
  region.createBackup({ instanceId, name: 'mine', parentId, status: 'COMPLETED' }).id;

test('a hanging DELETE that happens later and takes nothing along is told as any other', async () => {
  const { world, service, first, carryOut } = await hanging();
  await world.advance(40 * MINUTE);
  await carryOut();
  await world.advance(2 * HOUR);
  expect(service.events('prune.deleted')).toMatchObject([{ backup: first }]);
  expect(service.events('prune.took_more')).toEqual([]);
  expect(service.wire.deletions).toHaveLength(1);
});

test('one that takes along what was made meanwhile is told, and stops its instance until somebody has looked', async () => {
  const { world, service, id, first, carryOut } = await hanging();
  const child = childOn(world, id, first);
  const { id: instanceId } = world.region.createInstance({ projectId: world.project, name: 'other' });
  const grandchild = childOn(world, instanceId, child);
  await world.advance(20 * MINUTE);
  await carryOut();
  await world.until(() => service.events('prune.took_more').length === 1, 3 * HOUR);
  const [told] = service.events('prune.took_more');
  expect(told).toMatchObject({ backup: first, instance: id, project: world.project });
  expect(new Set(told?.['taken'] as readonly string[])).toEqual(new Set([child, grandchild]));
  expect(told?.['hint']).toContain(`prune.looked_at: ${first}`);

  // What else is to go stays, over a restart as well, and says why.
  world.region.control.failBackupsOf.add(id);
  await world.until(() => failedOf(world, id).length >= 2, DAY);
  await world.restart();
  await world.advance(3 * HOUR);
  expect(service.wire.deletions).toHaveLength(1);
  expect(rules(world)).toContain('took-more');
  world.reload({ lookedAt: [first] });
  await world.advance(2 * HOUR);
  expect(service.wire.deletions.length).toBeGreaterThan(1);
});

test('a restore that ends is heard of: what it held goes long before its own patience ends', async () => {
  const { world, service, first, region } = await twoFailed((world) => {
    const restored = world.instance('restored');
    world.region.changeInstance(restored, { task: 'BUILDING' });
  });
  region.control.failBackupsOf.clear();
  await world.advance(5 * HOUR);
  expect(rules(world)).toContain('restore-may-read');
  expect(service.wire.deletions).toEqual([]);
  const restored = region.instances().find(({ name }) => name === 'restored')?.id ?? '';
  const looked = service.events('prune.blocked').at(-1)?.atUtc ?? 0;
  await world.advance(Math.max(0, looked + 5 * MINUTE - world.clock.nowUtc()));
  region.changeInstance(restored, { task: 'NONE' });
  await service.life().notes.note([{ instanceId: restored, projectId: world.project }]);
  service.life().reconcile.pokeNotes();
  await world.advance(MINUTE);
  expect(service.events('prune.deleted')).toMatchObject([{ backup: first }]);
});

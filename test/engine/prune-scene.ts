import { DAY } from '../core/builders.ts';
import { openWorld, type World } from './world.ts';

/** An instance whose first two backups fail; the scene is set while the second one runs. */
export async function twoFailed(setScene: (world: World, failed: string) => void = () => undefined) {
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

export const failedOf = (world: World, id: string): readonly string[] =>
  world
    .backups(id)
    .filter(({ status }) => status === 'FAILED')
    .map((row) => row.id);
export const rules = (world: World): readonly unknown[] =>
  world.service.events('prune.blocked').map((line) => (line['because'] as { rule: string }).rule);

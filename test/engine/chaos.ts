import type { Backup } from '../../lib/simulator/index.ts';
import { HOUR, MINUTE } from '../core/builders.ts';
import type { CrashPoint } from './service.ts';
import { cutBefore, dropAnswer, type Fate, fail, failAfter, nobodyListens, swallow } from './wire.ts';
import type { World } from './world.ts';

const POINTS: readonly CrashPoint[] = [
  'claimDue',
  'recordIntent',
  'before the request left',
  'before the answer came',
  'recordBackup',
  'end',
];

/** What a cloud, its users and an operator do to a service, one thing at a time. */
export function createChaos(world: World, roll: () => number) {
  const { region, service, clock } = world;
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(roll() * from.length)];
  const living = () => region.instances().filter(({ deletedUtc }) => deletedUtc === null);
  const backupsOf = (id: string) => world.backups(id).filter(({ status }) => status === 'COMPLETED');
  /** Lasts for up to two hours. */
  const forAWhile = (end: () => void) => void clock.after(Math.floor(roll() * 2 * HOUR), end);

  const late: Fate = async (forward) => {
    // Within its token's hour, though nobody waits any more.
    clock.after(Math.floor(roll() * 50 * MINUTE), () => void forward());
    return new Promise(() => undefined);
  };
  const fates: readonly Fate[] = [dropAnswer, dropAnswer, failAfter, fail, cutBefore, swallow, nobodyListens, late];

  function toggle(set: Set<string>): void {
    const id = pick(living())?.id;
    if (!id) return;
    set.add(id);
    forAWhile(() => set.delete(id));
  }
  function userDeletes(): void {
    const victim = pick(living().flatMap(({ id }) => backupsOf(id)));
    const withChildren = (row: Readonly<Backup>): void => {
      for (const child of world.backups(row.instanceId ?? '')) if (child.parentId === row.id) withChildren(child);
      if (row.deletedUtc === null) region.deleteBackup(row.id);
    };
    if (victim) withChildren(victim);
  }
  function userCreates(): void {
    const id = pick(living())?.id ?? '';
    const model = pick(backupsOf(id));
    const copied = roll() < 0.5 && model ? { description: model.description ?? '' } : {};
    const parentId = model && roll() < 0.5 ? { parentId: model.id } : {};
    region.createBackup({ instanceId: id, name: 'mine', ...copied, ...parentId });
  }
  async function crash(): Promise<void> {
    if (roll() < 0.7) service.crashAt(pick(POINTS) ?? 'claimDue');
    else service.crash();
  }

  const deeds: readonly (() => void | Promise<void>)[] = [
    () => service.wire.next(pick(fates) ?? fail),
    () => service.wire.next(pick(fates) ?? fail),
    () => service.wire.next(pick(fates) ?? fail),
    crash,
    crash,
    userDeletes,
    userCreates,
    () => toggle(region.control.failBackupsOf),
    () => toggle(region.control.unlisted),
    () => {
      region.control.swiftDown = true;
      forAWhile(() => {
        region.control.swiftDown = false;
      });
    },
    () => {
      region.control.busDown = true;
      clock.after(Math.floor(roll() * 40 * MINUTE), () => {
        region.control.busDown = false;
      });
    },
    () => {
      const id = pick(living())?.id ?? '';
      region.changeInstance(id, { task: 'RESIZING' });
      forAWhile(() => region.changeInstance(id, { task: 'NONE' }));
    },
    () => {
      region.setQuota(world.project, 'backups', { limit: 5 });
      forAWhile(() => region.setQuota(world.project, 'backups', { limit: 10_000 }));
    },
  ];
  return async (): Promise<void> => {
    await pick(deeds)?.();
    await world.advance(Math.floor(roll() * 110 * MINUTE));
    if (!service.isUp()) await service.start();
  };
}

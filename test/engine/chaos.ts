import type { Backup } from '../../lib/simulator/index.ts';
import { HOUR, MINUTE } from '../core/builders.ts';
import type { CrashPoint } from './service.ts';
import { type AnyFate, cutBefore, dropAnswer, fail, failAfter, nobodyListens, swallow } from './wire.ts';
import type { World } from './world.ts';

const POINTS: readonly CrashPoint[] = [
  'claimDue',
  'readyRuns',
  'recordIntent',
  'before the request left',
  'before the answer came',
  'recordBackup',
  'recordUnknown',
  'postpone',
  'adopt',
  'end',
  'revive',
  'intend',
  'withdraw',
  'gone',
  'saveSightings',
  'noteAbsences',
  'entomb',
];

const halfAnAnswer: AnyFate = async () =>
  new Response('{"instances": [', { headers: { 'content-type': 'application/json' } });
/** What may become of everything but the requests for backups, for a while. */
const DISTURBANCES: readonly AnyFate[] = [nobodyListens, cutBefore, swallow, fail, halfAnAnswer];
const MOST_INSTANCES = 8;

/** What a cloud, its users and an operator do to a service, one thing at a time. */
export function createChaos(world: World, roll: () => number) {
  const { region, service, clock } = world;
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(roll() * from.length)];
  const living = () => region.instances().filter(({ deletedUtc }) => deletedUtc === null);
  const backupsOf = (id: string) => world.backups(id).filter(({ status }) => status === 'COMPLETED');
  /** Lasts for up to two hours. */
  const forAWhile = (end: () => void) => void clock.after(Math.floor(roll() * 2 * HOUR), end);

  const late: AnyFate = async (forward) => {
    // Within its token's hour, though nobody waits any more.
    clock.after(Math.floor(roll() * 50 * MINUTE), () => void forward());
    return new Promise(() => undefined);
  };
  const fates: readonly AnyFate[] = [dropAnswer, dropAnswer, failAfter, fail, cutBefore, swallow, nobodyListens, late];

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
  /** A machine's clock is set wrong, and right again. */
  function clockJumps(): void {
    service.setClock(Math.floor((roll() - 0.5) * 16 * HOUR));
    forAWhile(() => service.setClock(0));
  }
  function instancesComeAndGo(): void {
    const here = living();
    if (here.length < MOST_INSTANCES && roll() < 0.5) {
      world.instance(`db-${region.instances().length}`, { projectId: pick(region.projects().slice(1))?.id ?? '' });
    } else if (here.length > 3) region.deleteInstance(pick(here)?.id ?? '');
  }
  function listingLacksHalf(): void {
    for (const { id } of living().filter(() => roll() < 0.5)) {
      region.control.unlisted.add(id);
      forAWhile(() => region.control.unlisted.delete(id));
    }
  }
  async function crash(): Promise<void> {
    if (roll() < 0.7) service.crashAt(pick(POINTS) ?? 'claimDue');
    else service.crash();
  }

  const deeds: readonly (() => void | Promise<void>)[] = [
    () => service.wire.next(pick(fates) ?? fail),
    () => service.wire.next(pick(fates) ?? fail),
    () => service.wire.next(pick(fates) ?? fail),
    () => service.wire.nextDeletion(pick(fates) ?? fail),
    crash,
    crash,
    clockJumps,
    instancesComeAndGo,
    listingLacksHalf,
    () => {
      service.wire.disturb(pick(DISTURBANCES) ?? null);
      forAWhile(() => service.wire.disturb(null));
    },
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
      forAWhile(() => {
        if (living().some((row) => row.id === id)) region.changeInstance(id, { task: 'NONE' });
      });
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

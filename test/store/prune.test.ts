import { beforeEach, expect, test } from 'vitest';
import type { Deletion } from '../../daemon/ports/prune.ts';
import { because } from '../../lib/core/index.ts';
import { HOUR, MINUTE } from '../core/builders.ts';
import { claimOne, NOW, openWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = openWorld();
});

const deletion = (over: Partial<Deletion> = {}): Deletion => ({
  backupId: 'backup-1',
  instanceId: 'db-1',
  projectId: 'project-a',
  because: because('surplus-failed', { kept: 'backup-2' }),
  intentUtc: NOW,
  ...over,
});

test('an intent to delete is there after a restart, as it was written', async () => {
  await world.pruning.intend(deletion());
  await world.pruning.intend(deletion({ backupId: 'backup-0', intentUtc: NOW - MINUTE }));
  world.close();
  const next = openWorld({ path: world.path });
  expect(await next.pruning.openDeletions()).toEqual([
    deletion({ backupId: 'backup-0', intentUtc: NOW - MINUTE }),
    deletion(),
  ]);
});

test('what is gone, or was refused, is open no more', async () => {
  await world.pruning.intend(deletion());
  await world.pruning.intend(deletion({ backupId: 'backup-0' }));
  await world.pruning.gone('backup-1', NOW + MINUTE);
  await world.pruning.withdraw('backup-0', because('storage-away', { detail: 'x' }), NOW + MINUTE);
  expect(await world.pruning.openDeletions()).toEqual([]);
});

test('a second try has an intent of its own', async () => {
  await world.pruning.intend(deletion());
  await world.pruning.withdraw('backup-1', because('storage-away', { detail: 'x' }), NOW + MINUTE);
  await world.pruning.intend(deletion({ intentUtc: NOW + HOUR }));
  expect(await world.pruning.openDeletions()).toEqual([deletion({ intentUtc: NOW + HOUR })]);
  await world.pruning.intend(deletion({ intentUtc: NOW + 2 * HOUR }));
  expect(await world.pruning.openDeletions()).toEqual([deletion({ intentUtc: NOW + 2 * HOUR })]);
});

test('no intent is written for what somebody holds by now; a hold that ended counts no more', async () => {
  const { backupId, instanceId, projectId } = deletion();
  const hold = { backupId, instanceId, projectId, owner: 'anna', note: 'audit', untilUtc: NOW + HOUR };
  await world.retention.hold(hold, NOW);
  expect(await world.pruning.intend(deletion())).toBe(false);
  expect(await world.pruning.openDeletions()).toEqual([]);
  expect(await world.pruning.intend(deletion({ intentUtc: NOW + HOUR }))).toBe(true);
  await world.pruning.withdraw(backupId, because('storage-away', { detail: 'x' }), NOW + HOUR);
  await world.retention.hold({ ...hold, untilUtc: null }, NOW + HOUR);
  expect(await world.pruning.intend(deletion({ intentUtc: NOW + 9 * HOUR }))).toBe(false);
});

test('what stood on it is told once it is gone, and its instance knows', async () => {
  await claimOne(world);
  const of = { instanceId: 'db-1', projectId: 'project-a' };
  await world.pruning.intend(deletion(of));
  await world.pruning.noteChildren('backup-1', ['c-1']);
  await world.pruning.noteChildren('backup-1', ['c-2', 'c-1']);
  expect((await world.retention.tended('db-1', NOW))?.cascades).toEqual([]);
  expect(await world.pruning.gone('backup-1', NOW + MINUTE)).toEqual(['c-1', 'c-2']);
  expect((await world.retention.tended('db-1', NOW))?.cascades).toEqual([
    { backupId: 'backup-1', taken: ['c-1', 'c-2'] },
  ]);
});

test('a second try knows nothing of what stood on it in the first', async () => {
  await world.pruning.intend(deletion());
  await world.pruning.noteChildren('backup-1', ['c-1']);
  await world.pruning.withdraw('backup-1', because('deletion-without-effect', { afterMs: HOUR }), NOW + HOUR);
  await world.pruning.intend(deletion({ intentUtc: NOW + HOUR }));
  expect(await world.pruning.gone('backup-1', NOW + 2 * HOUR)).toEqual([]);
});

test('that the clock was wrong is known after a restart, and since when it is right', async () => {
  expect(await world.pruning.wrongClock()).toBeNull();
  for (const wrong of [{ rightSinceUtc: null }, { rightSinceUtc: NOW }]) {
    await world.pruning.noteWrongClock(wrong);
    world.close();
    world = openWorld({ path: world.path });
    expect(await world.pruning.wrongClock()).toEqual(wrong);
  }
});

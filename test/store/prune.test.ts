import { beforeEach, expect, test } from 'vitest';
import type { Deletion } from '../../daemon/ports/prune.ts';
import { because } from '../../lib/core/index.ts';
import { HOUR, MINUTE } from '../core/builders.ts';
import { NOW, openWorld, type World } from './world.ts';

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

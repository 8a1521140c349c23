import { expect, test } from 'vitest';
import { markerText, parseMarker } from '../../lib/core/index.ts';
import type { Backup, NewBackup } from '../../lib/simulator/index.ts';
import { HOUR } from '../core/builders.ts';
import { HOURLY, openWorld, START } from './world.ts';

const LONG = { ...HOURLY, maxIncrementals: 50 };

function forged(ours: Readonly<Backup>, change: { readonly owner?: string; readonly slotUtc?: number }): string {
  const marker = parseMarker(ours.description);
  if (!marker) throw new Error(`no marker: ${ours.description}`);
  return markerText({ ...marker, ...change });
}

const STRANGERS: readonly { readonly who: string; readonly fields: (ours: Readonly<Backup>) => Partial<NewBackup> }[] =
  [
    { who: "a user's own full", fields: () => ({ name: 'before the upgrade' }) },
    { who: "a user's own incremental on ours", fields: ({ id }) => ({ name: 'mine', parentId: id }) },
    {
      who: "a replica's snapshot on ours",
      fields: ({ id }) => ({ name: 'Replication snapshot for 0d81a3c2-6a33-4b26-8df3-1e2a7d7f0a53', parentId: id }),
    },
    {
      who: 'a copy of our marker, on the same parent',
      fields: ({ description, parentId }) => ({
        name: 'copy',
        description: description ?? '',
        parentId: parentId ?? '',
      }),
    },
    {
      who: 'a copy of our marker, on ours',
      fields: (ours) => ({ name: 'copy', description: ours.description ?? '', parentId: ours.id }),
    },
    {
      who: 'our marker with a later slot in it',
      fields: (ours) => ({
        name: 'forged',
        description: forged(ours, { slotUtc: ours.createdUtc + 20 * HOUR }),
        parentId: ours.id,
      }),
    },
  ];

test.each(STRANGERS)('$who, newer than our newest, is no parent and ends no chain', async ({ fields }) => {
  const world = openWorld({ policies: [LONG] });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 2);
  const ours = world.backups(id).at(-1);
  if (!ours) throw new Error('there is no backup');
  const stranger = world.region.createBackup({ instanceId: id, name: 'x', ...fields(ours) });
  await world.completed(id, 3);
  const third = world.service.runs(id).at(-1);
  expect(third).toMatchObject({ kind: 'incremental', parent_id: ours.id, kind_because: { rule: 'continues-chain' } });
  expect(world.service.runs(id).map(({ backup_id }) => backup_id)).not.toContain(stranger.id);
});

test('a forged marker of before our time is no history to build on', async () => {
  const world = openWorld({ policies: [LONG] });
  const id = world.instance('orders');
  await world.service.start();
  const { owner } = world.service.life().identity;
  const facts = {
    owner,
    runId: '0d81a3c2-6a33-4b26-8df3-1e2a7d7f0a53',
    kind: 'full',
    mac: '0123456789abcdef',
  } as const;
  const description = markerText({ ...facts, slotUtc: START - HOUR });
  world.region.createBackup({ instanceId: id, name: 'auto-orders-20261122T090000Z-full', description });
  await world.completed(id, 1);
  expect(world.service.runs(id)).toMatchObject([{ kind: 'full', kind_because: { rule: 'no-chain' } }]);
});

test("another owner's marker stops the instance's backups, and says whose it is", async () => {
  const world = openWorld();
  const id = world.instance('orders');
  const neighbour = world.instance('billing');
  await world.service.start();
  await world.completed(id, 1);
  const [ours] = world.backups(id);
  if (!ours) throw new Error('there is no backup');
  const description = forged(ours, { owner: 'deadbeef' });
  const theirs = world.region.createBackup({ instanceId: id, name: 'theirs', description });
  await world.completed(neighbour, 2);
  await world.until(() => world.service.events('run.skipped', id).length > 0);
  const because = { rule: 'owner-conflict', params: { backup: theirs.id, owner: 'deadbeef' } };
  expect(world.service.runs(id).at(-1)).toMatchObject({ state: 'skipped', because });
  expect(world.service.events('run.skipped', id)[0]).toMatchObject({ level: 'warn', because });
});

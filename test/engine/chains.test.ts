import { expect, test } from 'vitest';
import type { Backup } from '../../lib/simulator/index.ts';
import { HOUR, MINUTE, policy } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

/** The runs of an instance as `kind because`, oldest slot first. */
const kinds = ({ service }: World, id: string): readonly string[] =>
  service.runs(id).map(({ kind, kind_because }) => `${kind} ${kind_because?.rule}`);

test('a full, then incrementals each on the one before, then a full again when the chain has as many as allowed', async () => {
  const world = openWorld();
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 4);
  const [first, second, third, fourth] = world.backups(id);
  expect([first, second, third, fourth].map((row) => row?.parentId)).toEqual([null, first?.id, second?.id, null]);
  const going = ['full no-chain', 'incremental continues-chain', 'incremental continues-chain', 'full chain-length'];
  expect(kinds(world, id)).toEqual(going);
  expect(world.service.runs(id).map(({ state, backup_id }) => [state, backup_id])).toEqual(
    world.backups(id).map((row) => ['completed', row.id]),
  );
  expect(first?.name).toMatch(/^auto-orders-20261122T100\d{3}Z-full$/);
});

test('a full again when the chain is as old as full_every, however short', async () => {
  const world = openWorld({ policies: [{ ...HOURLY, maxIncrementals: 50, fullEveryMs: 2.5 * HOUR }] });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 7);
  const [first, ...later] = world.service.runs(id);
  let rootUtc = first?.slot_utc ?? 0;
  for (const { slot_utc, kind, kind_because } of later) {
    const old = slot_utc - rootUtc >= 2.5 * HOUR;
    expect([kind, kind_because?.rule]).toEqual(old ? ['full', 'chain-age'] : ['incremental', 'continues-chain']);
    if (old) rootUtc = slot_utc;
  }
  expect(rootUtc).toBeGreaterThan(first?.slot_utc ?? 0);
});

test('PostgreSQL gets fulls only', async () => {
  const world = openWorld({ policies: [policy({ ...HOURLY, maxIncrementals: 6 })] });
  const id = world.instance('accounts', { datastore: 'postgresql' });
  await world.service.start();
  await world.completed(id, 3);
  expect(kinds(world, id)).toEqual(Array(3).fill('full full-only'));
});

interface Meddling {
  readonly what: string;
  /** What is done after a full and an incremental on it. */
  readonly meddle: (world: World, id: string, full: Readonly<Backup>, incremental: Readonly<Backup>) => void;
  /** The runs that follow. */
  readonly follow: readonly string[];
}

const DAMAGES: readonly Meddling[] = [
  {
    what: 'a run that fails is followed by a full',
    meddle: ({ region }, id) => region.control.failBackupsOf.add(id),
    follow: ['incremental continues-chain', 'full previous-failed'],
  },
  {
    what: 'an incremental deleted by its owner is not missed: the next one goes on its parent',
    meddle: ({ region }, _, __, incremental) => region.deleteBackup(incremental.id),
    follow: ['incremental continues-chain'],
  },
  {
    what: 'a full deleted by its owner ends the chain, though its incremental is still there',
    meddle: ({ region }, _, full) => region.deleteBackup(full.id),
    follow: ['full no-chain'],
  },
];

test.each(DAMAGES)('$what', async ({ meddle, follow }) => {
  const world = openWorld();
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 2);
  const [full, incremental] = world.backups(id);
  if (!full || !incremental) throw new Error('there are no two backups');
  meddle(world, id, full, incremental);
  await world.until(() => world.service.wire.posts.length === 3);
  await world.advance(5 * MINUTE);
  world.region.control.failBackupsOf.clear();
  await world.until(() => world.service.wire.posts.length === 2 + follow.length, 2 * HOUR);
  await world.advance(5 * MINUTE);
  expect(kinds(world, id).slice(2)).toEqual(follow);
  expect(world.service.runs(id).at(-1)?.state).toBe('completed');
});

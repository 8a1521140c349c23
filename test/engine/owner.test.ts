import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld } from './world.ts';

const LONG = { ...HOURLY, maxIncrementals: 50 };

test('a store that was lost comes back as the same owner: it builds on its own backups', async () => {
  const world = openWorld({ policies: [LONG] });
  const { service } = world;
  const id = world.instance('orders', { createdUtc: world.clock.nowUtc() - 24 * HOUR });
  await service.start();
  await world.completed(id, 3);
  const before = world.backups(id);
  service.crash();
  for (const part of ['', '-wal', '-shm', '.lock']) rmSync(service.path + part, { force: true });
  await world.advance(HOUR / 4);
  await service.start();
  await world.completed(id, 4);
  expect(service.runs(id)).toMatchObject([{ state: 'completed', kind: 'incremental', parent_id: before.at(-1)?.id }]);
  expect(world.backups(id)).toHaveLength(before.length + 1);
});

test('a store that was lost in the middle of a slot does not make that slot again', async () => {
  const world = openWorld({ policies: [LONG], region: { backupMs: 20 * MINUTE } });
  const { service } = world;
  const id = world.instance('orders');
  await service.start();
  await world.until(() => service.events('run.submitted', id).length === 1);
  service.crash();
  for (const part of ['', '-wal', '-shm', '.lock']) rmSync(service.path + part, { force: true });
  await world.advance(MINUTE);
  await service.start();
  await world.completed(id, 1);
  const [first, second] = world.backups(id);
  expect([first?.status, second?.parentId]).toEqual(['COMPLETED', first?.id]);
});

test.each(['the copy', 'the original'])(
  'of a store and its copy %s, being slower, finds the other out and stops: no slot has two backups',
  async (slower) => {
    const world = openWorld({ policies: [LONG] });
    const original = world.service;
    const id = world.instance('orders');
    await original.start();
    await world.completed(id, 2);
    original.crash();
    const copy = world.another({ copyOf: original });
    await original.start();
    await copy.start();
    const [loser, winner] = slower === 'the copy' ? [copy, original] : [original, copy];
    loser.wire.latencyMs = 5_000;
    await world.advance(4.5 * HOUR);
    const because = { rule: 'owner-conflict', params: { owner: original.life().identity.owner } };
    expect(loser.events('run.skipped', id).length).toBeGreaterThanOrEqual(3);
    expect(loser.events('run.skipped', id)[0]).toMatchObject({ level: 'warn', because });
    expect(loser.events('owner.conflict', id)[0]).toMatchObject({ level: 'error', ...because.params });
    expect(loser.wire.deletions).toEqual([]);
    expect(winner.events('run.skipped', id)).toEqual([]);
    const slots = world.backups(id).map(({ name }) => name);
    expect(new Set(slots).size).toBe(slots.length);
  },
);

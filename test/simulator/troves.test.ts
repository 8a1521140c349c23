import { expect, it } from 'vitest';
import { accepted } from '../contract/stage.ts';
import { rowOf, rowsOf } from '../contract/user.ts';
import { openWorld } from './world.ts';

// What the real region of the contract cannot be brought to, or not in time, and what is so in Trove's master only.

const DAY_MS = 86_400_000;

it('a 500 may leave a row behind, NEW for ever, that blocks its instance and counts in no quota', async () => {
  const { clock, demo, region, instance } = await openWorld({ tokenS: 10_000_000 });
  region.control.ordersLost = true;
  expect((await demo.backup({ name: 'lost', instance })).status).toBe(500);
  region.control.ordersLost = false;
  clock.advance(DAY_MS);
  const [row] = rowsOf(await demo.get('/backups'), 'backups');
  expect(row).toMatchObject({ name: 'lost', status: 'NEW' });
  expect((await demo.backup({ name: 'next', instance })).status).toBe(422);
  expect((await demo.delete(`/backups/${row?.id}`)).status).toBe(422);
  const { quotas } = (await demo.get(`/mgmt/quotas/${demo.projectId}`)).body as { quotas: readonly unknown[] };
  expect(quotas).toContainEqual(expect.objectContaining({ resource: 'backups', in_use: 0 }));
});

it('what has been running for three days may be deleted in Trove’s master, and never in Trove 18', async () => {
  for (const [trove, status] of [
    ['18', 422],
    ['master', 202],
  ] as const) {
    const { clock, demo, region, instance } = await openWorld({ trove, tokenS: 10_000_000 });
    region.control.stuckBackupsOf.add(instance);
    const { id } = accepted(await demo.backup({ name: 'stuck', instance }));
    clock.advance(3 * DAY_MS);
    expect((await demo.delete(`/backups/${id}`)).status).toBe(422);
    clock.advance(1000);
    expect((await demo.delete(`/backups/${id}`)).status).toBe(status);
  }
});

it('Trove’s master calls a backup deleted though Swift has kept its object', async () => {
  const { clock, demo, region, instance } = await openWorld({ trove: 'master' });
  const { id } = region.createBackup({ instanceId: instance, name: 'old' });
  region.control.swiftLost = true;
  expect((await demo.delete(`/backups/${id}`)).status).toBe(202);
  clock.advance(1000);
  expect((await demo.get(`/backups/${id}`)).status).toBe(404);
});

it('Trove’s master says where the bytes of a backup lie', async () => {
  const { demo, region, instance } = await openWorld({ trove: 'master' });
  const { id } = region.createBackup({ instanceId: instance, name: 'snapshot', storageDriver: 'cinder' });
  expect(rowOf(await demo.get(`/backups/${id}`), 'backup')).toMatchObject({ storage_driver: 'cinder' });
  const old = await openWorld();
  const row = old.region.createBackup({ instanceId: old.instance, name: 'plain' });
  expect(rowOf(await old.demo.get(`/backups/${row.id}`), 'backup')).not.toHaveProperty('storage_driver');
});

import { expect, test } from 'vitest';
import { restoreChoicesAnswer } from '../../../daemon/http/contract/backup.ts';
import { HOUR, MINUTE } from '../../core/builders.ts';
import { worldLab } from './world-lab.ts';

async function lived(count = 2) {
  const lab = worldLab();
  const { world } = lab;
  const id = world.instance('orders', { volumeGb: 5 });
  await world.service.start();
  await world.completed(id, count);
  const [full = '', tip = ''] = world.backups(id).map((backup) => backup.id);
  const restore = (backupId: string, over: object = {}) =>
    lab.ask('POST', `/v1/backups/${backupId}/restore`, { body: { name: 'again', flavor_id: '1', ...over } });
  const refusal = async (backupId: string, over: object = {}) => {
    const { status, body } = await restore(backupId, over);
    return [status, body.error.title];
  };
  return { ...lab, id, full, tip, restore, refusal };
}

test('a restore may choose a flavor, as its instance has it, and a volume that is large enough', async () => {
  const { ask, tip } = await lived();
  const { status, body } = await ask('GET', `/v1/backups/${tip}/restore`);
  expect(status).toBe(200);
  expect(restoreChoicesAnswer.strict().parse(body)).toEqual(body);
  expect(body).toMatchObject({ networks: null, flavor_id: '1', volume_size_gb: 5, volume_least_gb: 1 });
  expect(body.flavors[0]).toEqual({ id: '1', name: 'db.1', ram_mb: 1024 });
});

test('an incremental becomes a new instance in the caller’s project, of the same datastore and size', async () => {
  const { world, tip, restore, audit } = await lived();
  const { status, body, headers } = await restore(tip);
  expect([status, body.instance]).toMatchObject([202, { name: 'again', status: 'BUILD' }]);
  expect(headers['location']).toBe(`/v1/instances/${body.instance.id}`);
  await world.advance(MINUTE);
  const made = world.region.instances().find(({ id }) => id === body.instance.id);
  expect(made).toMatchObject({ projectId: world.project, flavorId: '1', volumeGb: 5, task: 'NONE' });
  expect(await audit()).toMatchObject([
    { action: 'backup:restore', targetId: tip, ended: { outcome: 'done', after: { id: body.instance.id } } },
  ]);
});

test('what cannot be restored, or not so, is refused before Trove is asked', async () => {
  const { world, id, full, tip, refusal, ask } = await lived();
  const failed = world.region.createBackup({ instanceId: id, name: 'broken', status: 'FAILED' }).id;
  expect(await refusal(failed)).toEqual([409, 'not-restorable']);
  expect((await ask('GET', `/v1/backups/${failed}/restore`)).body.error.message).toContain('is FAILED');
  expect(await refusal('nothing')).toEqual([404, 'not-found']);
  expect(await refusal(tip, { flavor_id: '99' })).toEqual([400, 'no-flavor']);
  expect(await refusal(tip, { name: '' })).toEqual([400, 'invalid']);
  world.region.deleteBackup(full);
  expect(await refusal(tip)).toEqual([409, 'not-restorable']);
  expect(world.region.instances()).toHaveLength(1);
});

test('a volume that is too small, or not known, is said in numbers', async () => {
  const { world, id, full, restore, refusal, cloudIs } = await lived();
  cloudIs((cloud) => ({
    backups: async (...given) => (await cloud.backups(...given)).map((row) => ({ ...row, sizeGib: 3.2 })),
  }));
  const small = await restore(full, { volume_size_gb: 3 });
  expect([small.status, small.body.error]).toMatchObject([400, { title: 'volume-too-small' }]);
  expect(small.body.error.hint).toContain('4 or more');
  world.region.deleteInstance(id);
  expect(await refusal(full)).toEqual([400, 'volume-size-needed']);
  expect((await restore(full, { volume_size_gb: 4 })).status).toBe(202);
});

test('a network is checked where Neutron is, and handed on where it is not', async () => {
  const { full, refusal, restore, cloudIs } = await lived();
  expect((await restore(full, { network_id: 'n1' })).status).toBe(202);
  cloudIs(() => ({ networks: async () => [{ id: 'n2', name: 'private' }] }));
  expect(await refusal(full, { network_id: 'n1' })).toEqual([400, 'no-network']);
  expect((await restore(full, { network_id: 'n2' })).status).toBe(202);
});

test('a full quota of instances is the caller’s to hear, with what to do', async () => {
  const { world, full, restore, audit } = await lived();
  world.region.setQuota(world.project, 'instances', { limit: 1, inUse: 1 });
  const { status, body } = await restore(full);
  expect([status, body.error.title]).toEqual([409, 'quota-full']);
  expect(body.error.message).toContain('Quota exceeded');
  expect((await audit())[0]).toMatchObject({ ended: { outcome: 'refused' } });
});

test('while it is built nothing of the project is pruned', async () => {
  const { world, tip, restore } = await lived();
  world.region.control.timings = { ...world.region.control.timings, prepareMs: 2 * HOUR };
  const { body } = await restore(tip);
  const row = world.region.instances().find(({ id }) => id === body.instance.id);
  expect(row?.task).toBe('BUILDING');
});

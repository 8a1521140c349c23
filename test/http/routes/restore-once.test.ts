import { expect, test } from 'vitest';
import { CallerCloudError, type CallerFault } from '../../../daemon/ports/caller-cloud.ts';
import { worldLab } from './world-lab.ts';

async function lived() {
  const lab = worldLab();
  const { world, ask } = lab;
  const id = world.instance('orders', { volumeGb: 5 });
  await world.service.start();
  await world.completed(id, 1);
  const backup = world.backups(id)[0]?.id ?? '';
  const restore = (key: string, over: object = {}, as?: string) =>
    ask('POST', `/v1/backups/${backup}/restore`, {
      body: { name: 'again', flavor_id: '1', ...over },
      headers: { 'idempotency-key': key },
      ...(as !== undefined && { as }),
    });
  const made = () => world.region.instances().filter(({ name }) => name === 'again').length;
  return { ...lab, id, backup, restore, made };
}

test('the same restore with the same key is made once, and answered as it was, also when its backup is gone', async () => {
  const { world, backup, restore, made } = await lived();
  const first = await restore('k-1');
  expect(first.status).toBe(202);
  world.region.deleteBackup(backup);
  const again = await restore('k-1', { volume_size_gb: null });
  expect([again.status, again.body, again.headers['location']]).toEqual([202, first.body, first.headers['location']]);
  expect(made()).toBe(1);
});

test('of the same restore sent twice at once one is made', async () => {
  const { world, restore, made } = await lived();
  const isAnswered = { yet: false };
  const asked = Promise.all([restore('k-1'), restore('k-1')]).finally(() => {
    isAnswered.yet = true;
  });
  await world.until(() => isAnswered.yet);
  const [one, other] = await asked;
  expect([one.status, other.status, other.body.instance.id]).toEqual([202, 202, one.body.instance.id]);
  expect(made()).toBe(1);
});

test('another key, or none, makes another instance; a key that came with another restore is refused', async () => {
  const { ask, backup, restore, made } = await lived();
  await restore('k-1');
  expect((await restore('k-2')).status).toBe(202);
  const body = { name: 'again', flavor_id: '1' };
  for (let n = 0; n < 2; n++) await ask('POST', `/v1/backups/${backup}/restore`, { body });
  expect(made()).toBe(4);
  for (const over of [{ name: 'other' }, { flavor_id: '2' }, { volume_size_gb: 9 }, { network_id: 'net' }]) {
    const { status, body: told } = await restore('k-1', over);
    expect([status, told.error.title, told.error.message]).toEqual([
      422,
      'key-reused',
      'This Idempotency-Key came before, with a restore that was another one',
    ]);
  }
  const bad = await restore('two words');
  expect([bad.status, bad.body.error.title, made()]).toEqual([400, 'bad-key', 4]);
});

test('after a lost answer it is not sent again, whatever becomes of the service', async () => {
  const { world, backup, restore, cloudIs, audit } = await lived();
  const sent: string[] = [];
  cloudIs(() => ({
    restore: async (_, { name }) => {
      sent.push(name);
      throw new CallerCloudError('unknown', 'cut');
    },
  }));
  const lost = await restore('k-1');
  expect([lost.status, lost.body.error.title]).toEqual([504, 'outcome-unknown']);
  const again = await restore('k-1');
  expect([again.status, again.body.error.title, sent]).toEqual([409, 'restore-unknown', ['again']]);
  expect(await audit()).toMatchObject([
    { action: 'backup:restore', targetId: backup, ended: { outcome: 'refused' } },
    { ended: { outcome: 'failed' } },
  ]);
  const request = JSON.stringify([backup, 'again', '1', null, null]);
  await world.restart();
  const { restores } = world.service.life().store;
  expect(await restores.before({ projectId: world.project, key: 'k-1', request })).toEqual({ kind: 'lost' });
});

test('a fault of ours while it is sent counts as a lost answer', async () => {
  const { restore, cloudIs } = await lived();
  cloudIs(() => ({ restore: () => Promise.reject(new TypeError('a fault')) }));
  expect((await restore('k-1')).status).toBe(500);
  expect((await restore('k-1')).body.error.title).toBe('restore-unknown');
});

const SURE: readonly CallerFault[] = ['quota', 'busy', 'away', 'signed-out', 'invalid'];
test.each(SURE)('what Trove surely did not do (%s) may be asked for again with its key', async (fault) => {
  const { restore, cloudIs, made } = await lived();
  cloudIs(() => ({ restore: () => Promise.reject(new CallerCloudError(fault, 'no')) }));
  expect((await restore('k-1')).status).toBeGreaterThanOrEqual(400);
  cloudIs(() => ({}));
  expect((await restore('k-1')).status).toBe(202);
  expect(made()).toBe(1);
});

test('what is refused before Trove is asked leaves its key free', async () => {
  const { restore, made } = await lived();
  expect((await restore('k-1', { flavor_id: '99' })).body.error.title).toBe('no-flavor');
  expect((await restore('k-1')).status).toBe(202);
  expect(made()).toBe(1);
});

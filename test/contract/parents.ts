import { expect, it } from 'vitest';
import { capture, expectShape } from './shape.ts';
import { accepted, order, type Stage, wait } from './stage.ts';
import { rowOf, rowsOf } from './user.ts';

/** Trove orders by whole seconds. */
const NEXT_SECOND_MS = 1100;

export function describeParents(stage: Stage): void {
  it('an incremental names its parent', async () => {
    const { one, main } = stage.cast;
    const full = await stage.made(one, { name: 'full', instance: main });
    const answer = await one.backup({ name: 'inc', instance: main, parent_id: full.id });
    expectShape(answer.body, 'create an incremental by parent_id');
    expect(await stage.ended(one, accepted(answer).id)).toMatchObject({ parent_id: full.id, status: 'COMPLETED' });
  });

  it('a parent is only looked up: of another instance, and one that FAILED, are both taken', async () => {
    const { one, main } = stage.cast;
    const { id } = await order(one, { name: 'sibling', datastore: { type: 'postgresql' } });
    await stage.ready(one, id);
    const strange = await stage.made(one, { name: 'of-main', instance: main });
    expect(await stage.made(one, { name: 'on-strange', instance: id, parent_id: strange.id })).toMatchObject({
      status: 'COMPLETED',
      parent_id: strange.id,
    });
    await stage.control({ fail: [id] });
    const failed = await stage.made(one, { name: 'failed', instance: id });
    await stage.control({ fail: [] });
    expect(failed.status).toBe('FAILED');
    expect(await stage.made(one, { name: 'on-failed', instance: id, parent_id: failed.id })).toMatchObject({
      status: 'COMPLETED',
      parent_id: failed.id,
    });
  });

  it('a parent that is not there is a 404', async () => {
    const { one, main } = stage.cast;
    const answer = await one.backup({ name: 'x', instance: main, parent_id: '00000000-0000-0000-0000-000000000000' });
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual(capture('a parent that does not exist').body);
  });

  it('incremental: 1 takes the newest COMPLETED backup there is, or silently makes a full one', async () => {
    const { two } = stage.cast;
    const { id } = await order(two, { name: 'implicit' });
    await stage.ready(two, id);
    const first = await stage.made(two, { name: 'first', instance: id, incremental: 1 });
    expect(first['parent_id']).toBeNull();
    await wait(NEXT_SECOND_MS);
    const users = await stage.made(two, { name: 'a-users-own', instance: id });
    await stage.control({ fail: [id] });
    await wait(NEXT_SECOND_MS);
    await stage.made(two, { name: 'failed', instance: id });
    await stage.control({ fail: [] });
    const next = await stage.made(two, { name: 'next', instance: id, incremental: 1 });
    expect(next['parent_id']).toBe(users.id);
    expect((await stage.made(two, { name: 'full', instance: id, incremental: 0 }))['parent_id']).toBeNull();
  });

  it('a replica starts from a backup of its master, an incremental on the newest one, that goes when the replica is up', async () => {
    const { one } = stage.cast;
    const { id: master } = await order(one, { name: 'master' });
    await stage.ready(one, master);
    const parent = await stage.made(one, { name: 'users', instance: master });
    const answer = await one.instance({ name: 'replica', replica_of: master });
    expect(answer.status).toBe(200);
    const replica = rowOf(answer, 'instance');
    expect(replica).toMatchObject({ status: 'BUILD', replica_of: { id: master } });

    const name = `Replication snapshot for ${replica.id}`;
    const find = async () =>
      rowsOf(await one.get(`/backups?instance_id=${master}`), 'backups').find((row) => row.name === name);
    expect(await stage.eventually('the snapshot', find)).toMatchObject({
      parent_id: parent.id,
      description: 'Backup image used to initialize replication slave',
      instance_id: master,
    });
    await stage.ready(one, replica.id);
    await stage.eventually('the snapshot gone', async () => (await find()) === undefined);
    expect(rowOf(await one.get(`/backups/${parent.id}`), 'backup').status).toBe('COMPLETED');

    expect(rowOf(await one.get(`/instances/${master}`), 'instance')['replicas']).toMatchObject([{ id: replica.id }]);
    expect((await one.delete(`/instances/${master}`)).body).toEqual({
      forbidden: { code: 403, message: 'Detach replicas before deleting replica source.' },
    });
    expect((await one.instance({ name: 'second-degree', replica_of: replica.id })).status).toBe(401);
    expect((await one.delete(`/instances/${replica.id}`)).status).toBe(202);
  });

  it('a replica for which the quota has no room ends in ERROR, and its snapshot stays NEW: the master is blocked', async () => {
    const { two, admin } = stage.cast;
    const { id: master } = await order(two, { name: 'crowded' });
    await stage.ready(two, master);
    await setQuota(0);
    const replica = rowOf(await two.instance({ name: 'unlucky', replica_of: master }), 'instance');
    await stage.eventually(
      'ERROR',
      async () => rowOf(await two.get(`/instances/${replica.id}`), 'instance').status === 'ERROR',
    );
    await setQuota(50);
    const left = rowsOf(await two.get(`/backups?instance_id=${master}`), 'backups');
    expect(left).toMatchObject([{ name: `Replication snapshot for ${replica.id}`, status: 'NEW' }]);
    expect((await two.backup({ name: 'blocked', instance: master })).status).toBe(422);
    expect((await two.delete(`/backups/${left[0]?.id}`)).status).toBe(422);

    async function setQuota(backups: number): Promise<void> {
      const answer = await admin.request('PUT', `/mgmt/quotas/${two.projectId}`, { body: { quotas: { backups } } });
      expect(answer.body).toEqual({ quotas: { backups } });
    }
  });
}

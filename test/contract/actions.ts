import { expect, it } from 'vitest';
import { accepted, order, type Stage } from './stage.ts';
import { rowOf, type User } from './user.ts';

const NOWHERE = '00000000-0000-0000-0000-000000000000';
const busy = (id: string, why: string) => ({
  status: 422,
  body: {
    unprocessableEntity: {
      code: 422,
      message: `Instance ${id} is not currently available for an action to be performed (${why}).`,
    },
  },
});
const wrong = (message: string) => ({ status: 400, body: { badRequest: { code: 400, message } } });

/** What is done to a living instance, and what its backups come to meanwhile. */
export function describeActions(stage: Stage): void {
  const act = (user: User, id: string, body: Readonly<Record<string, unknown>>) =>
    user.request('POST', `/instances/${id}/action`, { body });
  const patch = (user: User, id: string, instance: Readonly<Record<string, unknown>>) =>
    user.request('PATCH', `/instances/${id}`, { body: { instance } });
  const fresh = async (name: string, fields: Readonly<Record<string, unknown>> = {}) => {
    const { id } = await order(stage.cast.two, { name, ...fields });
    await stage.ready(stage.cast.two, id);
    return id;
  };
  const said = (id: string, ...events: readonly string[]) =>
    stage.eventually(`${events} on the bus`, async () => events.every((one) => stage.heard.events(id).includes(one)));

  it('a restart is accepted, told on the bus, and soon over', async () => {
    const { two } = stage.cast;
    const id = await fresh('restarted');
    expect((await act(two, id, { restart: {} })).status).toBe(202);
    await stage.eventually('HEALTHY', async () => {
      const row = rowOf(await two.get(`/instances/${id}`), 'instance');
      return row.status === 'ACTIVE' && row['operating_status'] === 'HEALTHY';
    });
    await said(id, 'dbaas.instance_restart.start', 'dbaas.instance_restart.end');
  });

  it('while the datastore restarts the instance says ACTIVE, and takes no order', async () => {
    const { two } = stage.cast;
    const id = await fresh('says-active');
    await stage.cast.target.service(id, 'RESTARTING');
    expect(rowOf(await two.get(`/instances/${id}`), 'instance')).toMatchObject({
      status: 'ACTIVE',
      operating_status: 'RESTARTING',
    });
    expect(await two.backup({ name: 'x', instance: id })).toMatchObject(busy(id, 'instance status was ACTIVE'));
    await stage.cast.target.service(id, 'HEALTHY');
    await stage.made(two, { name: 'y', instance: id });
  });

  it('an instance that wants a restart says so, and takes the order for a backup all the same', async () => {
    const { two } = stage.cast;
    const id = await fresh('wants-restart');
    await stage.control({ restartRequired: [id] });
    const status = async () => rowOf(await two.get(`/instances/${id}`), 'instance').status;
    expect(await status()).toBe('RESTART_REQUIRED');
    expect((await stage.made(two, { name: 'x', instance: id })).status).toBe('COMPLETED');
    expect(await status()).toBe('RESTART_REQUIRED');
  });

  it('an instance whose guest has long been silent says ACTIVE with ERROR beside, and takes orders all the same', async () => {
    const { two } = stage.cast;
    const id = await fresh('silent');
    await stage.control({ silent: [id] });
    expect(rowOf(await two.get(`/instances/${id}`), 'instance')).toMatchObject({
      status: 'ACTIVE',
      operating_status: 'ERROR',
    });
    const { id: backup } = accepted(await two.backup({ name: 'x', instance: id }));
    await stage.control({ silent: [] });
    await stage.ended(two, backup);
  });

  it('while its volume grows it says RESIZE, and takes no order; smaller it never gets', async () => {
    const { two } = stage.cast;
    const id = await fresh('growing');
    expect((await act(two, id, { resize: { volume: { size: 2 } } })).status).toBe(202);
    expect(rowOf(await two.get(`/instances/${id}`), 'instance')).toMatchObject({
      status: 'RESIZE',
      operating_status: '',
    });
    expect(await two.backup({ name: 'x', instance: id })).toMatchObject(busy(id, 'task status was RESIZING'));
    expect((await stage.ready(two, id))['volume']).toMatchObject({ size: 2 });
    await said(id, 'dbaas.instance_resize_volume.start', 'dbaas.instance_resize_volume.end');
    for (const size of [1, 2]) {
      expect(await act(two, id, { resize: { volume: { size } } })).toMatchObject(
        wrong("The new volume 'size' must be larger than the current volume size of '2'."),
      );
    }
  });

  it('a flavor must be another, and be there; the change shows as RESIZE too', async () => {
    const { two } = stage.cast;
    const id = await fresh('flavored');
    const resize = (flavorRef: string) => act(two, id, { resize: { flavorRef } });
    expect(await resize('1')).toMatchObject(
      wrong("The new flavor id must be different than the current flavor id of '1'."),
    );
    expect(await resize('77')).toMatchObject(wrong('Resource 77 cannot be found.'));
    expect((await resize('2')).status).toBe(202); // on the real region it takes 20 s: nobody waits for it here
    expect(rowOf(await two.get(`/instances/${id}`), 'instance').status).toBe('RESIZE');
  });

  it('an instance gets another version of its datastore; the bus calls that plainly an upgrade', async () => {
    const { two } = stage.cast;
    const id = await fresh('upgraded');
    const before = await stage.made(two, { name: 'before', instance: id });
    expect((await patch(two, id, { datastore_version: '8.0.29' })).status).toBe(202);
    await said(id, 'dbaas.upgrade.start', 'dbaas.upgrade.end');
    expect((await stage.ready(two, id))['datastore']).toMatchObject({ type: 'mysql', version: '8.0.29' });
    expect(before['datastore']).toMatchObject({ version: '5.7.29' });
    const after = accepted(await two.backup({ name: 'after', instance: id, parent_id: before.id }));
    expect(after).toMatchObject({ parent_id: before.id, datastore: { version: '8.0.29' } });
    await stage.ended(two, after.id);
  });

  it('an instance may get another name', async () => {
    const { two, one } = stage.cast;
    const id = await fresh('old-name');
    expect((await patch(two, id, { name: 'new-name' })).status).toBe(202);
    expect(rowOf(await two.get(`/instances/${id}`), 'instance').name).toBe('new-name');
    expect((await patch(one, id, { name: 'stolen' })).status).toBe(404);
    expect((await two.request('PATCH', `/instances/${id}`, { body: {} })).status).toBe(500);
  });

  it('an admin’s reset calls its running backups FAILED; a guest that is done after all makes them COMPLETED', async () => {
    const { two, admin } = stage.cast;
    const id = await fresh('reset');
    await stage.control({ stuck: [id] });
    const backup = accepted(await two.backup({ name: 'stuck', instance: id }));
    expect(await act(two, id, { reset_status: {} })).toMatchObject({
      status: 403,
      body: { forbidden: { message: "Policy doesn't allow instance:reset_status to be performed." } },
    });
    expect((await act(admin, id, { reset_status: {} })).status).toBe(202);
    expect(rowOf(await two.get(`/backups/${backup.id}`), 'backup').status).toBe('FAILED');
    expect(rowOf(await two.get(`/instances/${id}`), 'instance')).toMatchObject({
      status: 'ACTIVE',
      operating_status: 'ERROR',
    });
    await stage.control({ stuck: [] });
    await stage.eventually('COMPLETED', async () => {
      return rowOf(await two.get(`/backups/${backup.id}`), 'backup').status === 'COMPLETED';
    });
  });

  it('what is no action makes Trove stumble', async () => {
    const { two, foreign } = stage.cast;
    for (const body of [{}, { frob: {} }, { resize: {} }]) expect((await act(two, foreign, body)).status).toBe(500);
    expect((await act(two, NOWHERE, { restart: {} })).status).toBe(404);
  });
}

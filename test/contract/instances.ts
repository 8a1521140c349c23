import { expect, it } from 'vitest';
import { capture, expectLike, expectShape } from './shape.ts';
import { order, type Stage } from './stage.ts';
import { rowOf, rowsOf } from './user.ts';

/** Comes with the first order that was refused. */
const FAULT = 'instance.fault';

export function describeInstances(stage: Stage): void {
  it('a new instance is BUILD, takes no orders, and becomes ACTIVE', async () => {
    const { one } = stage.cast;
    const { id, status, operating_status } = await order(one, { name: 'fresh' });
    expect([status, operating_status]).toEqual(['BUILD', '']);
    const early = await one.backup({ name: 'early', instance: id });
    expect(early.status).toBe(422);
    // Trove looks for its server first, and a moment ago there was none yet.
    const noServer = `Instance ${id} is not ready.`;
    const building = `Instance ${id} is not currently available for an action to be performed (task status was BUILDING).`;
    expect([noServer, building].map((message) => ({ unprocessableEntity: { code: 422, message } }))).toContainEqual(
      early.body,
    );
    expect((await one.delete(`/instances/${id}`)).body).toEqual({
      unprocessableEntity: { code: 422, message: `Instance ${id} is not ready. (Status is BUILD).` },
    });
    expect((await stage.ready(one, id))['operating_status']).toBe('HEALTHY');
    expect((await one.delete(`/instances/${id}`)).status).toBe(202);
  });

  it('an instance has the captured fields, alone and in a list', async () => {
    const { one, main } = stage.cast;
    expectShape((await one.get(`/instances/${main}`)).body, 'instance, as its tenant', [FAULT]);
    const list = { instances: rowsOf(await one.get('/instances'), 'instances') };
    expectShape(list, 'instances of the project', ['links', 'instances[].replicas', 'instances[].replica_of']);
  });

  it('mgmt/instances has the captured fields', async () => {
    const { admin, one, main } = stage.cast;
    const listed = await admin.get(`/mgmt/instances?deleted=false&include_clustered=true&project_id=${one.projectId}`);
    const row = rowsOf(listed, 'instances').find(({ id }) => id === main);
    const captured = capture('instances of all projects, as admin').body as { readonly instances: readonly unknown[] };
    expectLike(row, captured.instances[0], ['fault']);
    expect(row).toMatchObject({ deleted: false, deleted_at: null, tenant_id: one.projectId, volume: { size: 1 } });
  });

  it('mgmt/instances/{id} shows the server and its volume', async () => {
    const { admin, main } = stage.cast;
    const row = rowOf(await admin.get(`/mgmt/instances/${main}`), 'instance');
    expect(row['volume']).toMatchObject({ id: row['volume_id'], used: 0.16, attachments: [] });
    expect(row['server']).toMatchObject({ id: row['server_id'], status: 'ACTIVE' });
    expect(row['guest_status']).toEqual({ state_description: 'healthy' });
  });

  it('links say https and no path of a proxy, whatever the API speaks', async () => {
    const { one, main } = stage.cast;
    const { host } = new URL(one.troveUrl);
    expect(rowOf(await one.get(`/instances/${main}`), 'instance')['links']).toEqual([
      { href: `https://${host}/v1.0/${one.projectId}/instances/${main}`, rel: 'self' },
      { href: `https://${host}/instances/${main}`, rel: 'bookmark' },
    ]);
  });

  it('timestamps are UTC in whole seconds, without a zone', async () => {
    const { one, main } = stage.cast;
    const row = rowOf(await one.get(`/instances/${main}`), 'instance');
    for (const key of ['created', 'updated', 'service_status_updated']) {
      expect(row[key]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    }
    expect(Math.abs(Date.parse(`${row['created']}Z`) - Date.now())).toBeLessThan(600_000);
  });

  it('a refused order stays on the instance as its fault; an admin sees more of it', async () => {
    const { one, two, admin, main } = stage.cast;
    expect((await two.backup({ name: 'theft', instance: main })).status).toBe(404);
    const fault = async (user: typeof one) => rowOf(await user.get(`/instances/${main}`), 'instance')['fault'];
    expect(await fault(one)).toEqual({
      message: `Resource ${main} cannot be found.`,
      created: expect.stringMatching(/^\d{4}-/),
      details: null,
    });
    expect(await fault(admin)).toMatchObject({ details: expect.stringContaining('Traceback') });
  });

  it('a deleted instance is gone, its backups stay, and only mgmt still knows its row', async () => {
    const { one, admin } = stage.cast;
    const { id } = await order(one, { name: 'short-lived' });
    await stage.ready(one, id);
    const backup = await stage.made(one, { name: 'what-is-left', instance: id });
    expect((await one.delete(`/instances/${id}`)).status).toBe(202);
    await stage.eventually('the instance gone', async () => (await one.get(`/instances/${id}`)).status === 404);

    expect((await one.get(`/instances/${id}/backups`)).status).toBe(404);
    const left = rowsOf(await one.get(`/backups?instance_id=${id}`), 'backups');
    expect(left.map((row) => row.id)).toEqual([backup.id]);
    expect(left[0]).toMatchObject({ status: 'COMPLETED', instance_id: id });

    const mgmt = async (query: string) =>
      rowsOf(await admin.get(`/mgmt/instances?${query}`), 'instances').find((row) => row.id === id);
    expect(await mgmt('deleted=false')).toBeUndefined();
    expect(await mgmt('deleted=true')).toMatchObject({
      status: 'SHUTDOWN',
      deleted: true,
      deleted_at: expect.any(String),
      datastore: { type: null, version: null },
      server: null,
      service_status: 'DELETED',
    });
    expect((await one.delete(`/instances/${id}`)).status).toBe(404);
  });
}

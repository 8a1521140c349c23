import { expect, it } from 'vitest';
import { accepted, type Stage } from './stage.ts';
import { rowOf, rowsOf } from './user.ts';

/** Instances from backups, and backups from elsewhere. */
export function describeRestoring(stage: Stage): void {
  const restore = (backupRef: unknown, fields: Readonly<Record<string, unknown>> = {}, user = stage.cast.two) =>
    user.instance({
      name: 'restored',
      flavorRef: '1',
      volume: { size: 1 },
      datastore: { type: 'mysql' },
      restorePoint: { backupRef },
      ...fields,
    });

  it('an instance from a backup is BUILD until it has read it, and the bus names the backup at once', async () => {
    const { two, foreign } = stage.cast;
    const backup = await stage.made(two, { name: 'source', instance: foreign });
    const answer = await restore(backup.id);
    expect(answer.status).toBe(200);
    const { id, status } = rowOf(answer, 'instance');
    expect(status).toBe('BUILD');
    const start = await stage.eventually('its start on the bus', async () =>
      stage.heard.of(backup.id).find(({ event_type }) => event_type === 'dbaas.instance_create.start'),
    );
    expect(start.payload).toMatchObject({ backup_id: backup.id, tenant_id: two.projectId, name: 'restored' });
    await stage.ready(two, id);
    await stage.eventually('trove.instance.create', async () =>
      stage.heard.events(id).includes('trove.instance.create'),
    );
  });

  it('a running backup, another datastore, another’s backup, no datastore and no backup are refused', async () => {
    const { two, one, foreign } = stage.cast;
    await stage.control({ backupMs: 1000 });
    const { id } = accepted(await two.backup({ name: 'running', instance: foreign }));
    await stage.control({ backupMs: 300 });
    expect(await restore(id)).toMatchObject({
      status: 409,
      body: { conflict: { message: expect.stringMatching(/is not completed\. Actual state: (NEW|BUILDING)\.$/) } },
    });
    await stage.ended(two, id);
    expect(await restore(id, { datastore: { type: 'postgresql' } })).toMatchObject({
      status: 400,
      body: { badRequest: { message: expect.stringContaining('does not match the destination datastore of') } },
    });
    expect((await restore(id, {}, one)).status).toBe(404);
    expect(await restore(id, { datastore: undefined })).toMatchObject({
      status: 400,
      body: { badRequest: { message: 'Please specify datastore. No default datastore is defined.' } },
    });
    expect((await restore(undefined)).status).toBe(400);
  });

  it('a backup from another region is RESTORED, of no instance, and may even be a parent', async () => {
    const { two, foreign, target } = stage.cast;
    const id = await target.restored(two.projectId, 'from-elsewhere');
    expect(rowOf(await two.get(`/backups/${id}`), 'backup')).toMatchObject({
      status: 'RESTORED',
      instance_id: null,
      parent_id: null,
    });
    expect(rowsOf(await two.get('/backups?limit=1000'), 'backups').map((row) => row.id)).toContain(id);
    const child = await stage.made(two, { name: 'child', instance: foreign, parent_id: id });
    expect(child).toMatchObject({ status: 'COMPLETED', parent_id: id });
    expect((await two.delete(`/backups/${id}`)).status).toBe(202);
    await stage.gone(two, id);
    await stage.gone(two, child.id);
  });
}

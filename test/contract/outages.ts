import { expect, it } from 'vitest';
import { accepted, order, type Stage } from './stage.ts';
import { rowOf, rowsOf } from './user.ts';

interface Quotas {
  readonly quotas: readonly { readonly resource: string; readonly in_use: number }[];
}

/** What Trove does while one of those it leans on is away, and what is left behind. */
export function describeOutages(stage: Stage): void {
  const inUse = async () => {
    const { two } = stage.cast;
    const { quotas } = (await two.get(`/mgmt/quotas/${two.projectId}`)).body as Quotas;
    return quotas.find(({ resource }) => resource === 'backups')?.in_use ?? Number.NaN;
  };
  const fresh = async (name: string) => {
    const { id } = await order(stage.cast.two, { name });
    await stage.ready(stage.cast.two, id);
    return id;
  };
  const status = async (id: string) => rowOf(await stage.cast.two.get(`/backups/${id}`), 'backup').status;

  it('without a task manager orders are accepted and wait; each of two DELETEs gives a unit of the quota back', async () => {
    const { two } = stage.cast;
    const id = await fresh('unmanaged');
    const doomed = await stage.made(two, { name: 'doomed', instance: id });
    await stage.made(two, { name: 'kept', instance: id });
    const before = await inUse();
    await stage.control({ taskManagerDown: true });
    for (const given of [1, 2]) {
      expect((await two.delete(`/backups/${doomed.id}`)).status).toBe(202);
      expect(await inUse()).toBe(before - given);
    }
    expect(await status(doomed.id)).toBe('COMPLETED');
    const late = accepted(await two.backup({ name: 'late', instance: id }));
    expect(await status(late.id)).toBe('NEW');
    expect(rowOf(await two.get(`/instances/${id}`), 'instance').status).toBe('BACKUP');
    await stage.control({ taskManagerDown: false });
    await stage.gone(two, doomed.id);
    expect((await stage.ended(two, late.id)).status).toBe('COMPLETED');
  });

  it('a DELETE whose object Swift keeps ends DELETE_FAILED, with the unit given back; the next may go well', async () => {
    const { two } = stage.cast;
    const id = await fresh('unswept');
    const backup = await stage.made(two, { name: 'kept-by-swift', instance: id });
    const before = await inUse();
    await stage.control({ swiftLost: true });
    expect((await two.delete(`/backups/${backup.id}`)).status).toBe(202);
    await stage.eventually('DELETE_FAILED', async () => (await status(backup.id)) === 'DELETE_FAILED');
    expect(await inUse()).toBe(before - 1);
    await stage.control({ swiftLost: false });
    expect((await two.delete(`/backups/${backup.id}`)).status).toBe(202);
    await stage.gone(two, backup.id);
    expect((await stage.made(two, { name: 'after', instance: id })).status).toBe('COMPLETED');
  });

  it('a deleted instance’s running backup is failed by nobody: it stays as it was, and cannot be deleted', async () => {
    const { two } = stage.cast;
    const id = await fresh('deleted-midway');
    await stage.control({ backupMs: 2000 });
    const backup = accepted(await two.backup({ name: 'orphan', instance: id }));
    await stage.eventually('BUILDING', async () => (await status(backup.id)) === 'BUILDING');
    expect((await two.delete(`/instances/${id}`)).status).toBe(202);
    await stage.eventually('gone', async () => (await two.get(`/instances/${id}`)).status === 404);
    await stage.control({ backupMs: 300 });
    await stage.silence();
    expect(await status(backup.id)).toBe('BUILDING');
    expect((await two.delete(`/backups/${backup.id}`)).status).toBe(422);
  });

  it('a missing status of the guest takes an instance out of every list, and makes it a 404 that does not name it', async () => {
    const { two, admin } = stage.cast;
    const id = await fresh('statusless');
    await stage.control({ withoutService: [id] });
    const missing = { itemNotFound: { code: 404, message: 'InstanceServiceStatus Not Found' } };
    expect(await two.get(`/instances/${id}`)).toMatchObject({ status: 404, body: missing });
    expect(await admin.get(`/mgmt/instances/${id}`)).toMatchObject({ status: 404, body: missing });
    expect(await two.backup({ name: 'x', instance: id })).toMatchObject({ status: 404, body: missing });
    const [mine, all] = [await two.get('/instances'), await admin.get('/mgmt/instances?deleted=false')];
    for (const answer of [mine, all]) {
      expect(answer.status).toBe(200);
      expect(rowsOf(answer, 'instances').map((row) => row.id)).not.toContain(id);
    }
    await stage.control({ withoutService: [] });
    expect((await two.get(`/instances/${id}`)).status).toBe(200);
  });

  it('without Nova each request fails in its own way, and backups can still be read', async () => {
    const { two, admin, foreign } = stage.cast;
    await stage.control({ novaDown: true });
    const answers = {
      all: await admin.get('/mgmt/instances?deleted=false'),
      mine: await two.get('/instances'),
      one: await two.get(`/instances/${foreign}`),
      managed: await admin.get(`/mgmt/instances/${foreign}`),
      post: await two.backup({ name: 'x', instance: foreign }),
      backupsOf: await two.get(`/instances/${foreign}/backups`),
      backups: await two.get('/backups'),
    };
    await stage.control({ novaDown: false });
    expect(Object.fromEntries(Object.entries(answers).map(([what, answer]) => [what, answer.status]))).toEqual({
      all: 403,
      mine: 500,
      one: 500,
      managed: 500,
      post: 400,
      backupsOf: 400,
      backups: 200,
    });
    expect(answers.all.body).toBe('Nova is away (HTTP 503)'); // a bare JSON text
    expect(answers.post.body).toEqual({ badRequest: { code: 400, message: 'Nova is away (HTTP 503)' } });
  });

  it('a member of a cluster is refused, and is in a list only if that is asked for', async () => {
    const { two, admin } = stage.cast;
    const id = await fresh('member');
    await stage.control({ clustered: [id] });
    expect(await two.backup({ name: 'x', instance: id })).toMatchObject({
      status: 501,
      body: { notImplemented: { message: 'Operation not supported for instances that are part of a cluster.' } },
    });
    expect((await two.request('POST', `/instances/${id}/action`, { body: { restart: {} } })).status).toBe(501);
    const listed = async (query: string) =>
      rowsOf(await admin.get(`/mgmt/instances?project_id=${two.projectId}${query}`), 'instances').map((row) => row.id);
    expect(await listed('')).not.toContain(id);
    expect(await listed('&include_clustered=true')).toContain(id);
    await stage.control({ clustered: [] });
  });
}

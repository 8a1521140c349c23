import { expect, it } from 'vitest';
import { accepted, order, type Stage } from './stage.ts';
import { rowOf } from './user.ts';

export function describeDeleting(stage: Stage): void {
  it('a DELETE takes children and grandchildren along, and says only 202', async () => {
    const { one, main } = stage.cast;
    const full = await stage.made(one, { name: 'd-full', instance: main });
    const child = await stage.made(one, { name: 'd-child', instance: main, parent_id: full.id });
    const grandchild = await stage.made(one, { name: 'd-grandchild', instance: main, parent_id: child.id });
    const sibling = await stage.made(one, { name: 'd-sibling', instance: main });
    const answer = await one.delete(`/backups/${full.id}`);
    expect([answer.status, answer.body]).toEqual([202, undefined]);
    await Promise.all([full, child, grandchild].map(({ id }) => stage.gone(one, id)));
    expect(rowOf(await one.get(`/backups/${sibling.id}`), 'backup').status).toBe('COMPLETED');
    expect((await one.delete(`/backups/${full.id}`)).status).toBe(404);
  });

  it('children on another instance go with the parent all the same', async () => {
    const { one, main } = stage.cast;
    const { id } = await order(one, { name: 'elsewhere' });
    await stage.ready(one, id);
    const parent = await stage.made(one, { name: 'here', instance: main });
    const child = await stage.made(one, { name: 'there', instance: id, parent_id: parent.id });
    expect((await one.delete(`/backups/${parent.id}`)).status).toBe(202);
    await Promise.all([stage.gone(one, parent.id), stage.gone(one, child.id)]);
  });

  it('a child that runs stops the whole: 422 that names the child, and the parent stays', async () => {
    const { one, main } = stage.cast;
    const parent = await stage.made(one, { name: 'kept', instance: main });
    await stage.control({ backupMs: 1000 });
    const child = accepted(await one.backup({ name: 'running-child', instance: main, parent_id: parent.id }));
    await stage.control({ backupMs: 300 });
    const answer = await one.delete(`/backups/${parent.id}`);
    expect(answer.status).toBe(422);
    expect(answer.body).toEqual({
      unprocessableEntity: { code: 422, message: `Backup ${child.id} cannot be deleted because it is running.` },
    });
    await stage.ended(one, child.id);
    expect(rowOf(await one.get(`/backups/${parent.id}`), 'backup').status).toBe('COMPLETED');
  });

  it('a child in another project survives its parent when a tenant deletes that, and not when an admin does', async () => {
    const { one, admin, main } = stage.cast;
    const parent = await stage.made(one, { name: 'p1', instance: main });
    const orphan = await stage.made(admin, { name: 'c1', instance: main, parent_id: parent.id });
    expect((await one.delete(`/backups/${parent.id}`)).status).toBe(202);
    await stage.gone(one, parent.id);
    expect(rowOf(await admin.get(`/backups/${orphan.id}`), 'backup')).toMatchObject({
      status: 'COMPLETED',
      parent_id: parent.id,
    });

    const second = await stage.made(one, { name: 'p2', instance: main });
    const child = await stage.made(admin, { name: 'c2', instance: main, parent_id: second.id });
    expect((await admin.delete(`/backups/${second.id}`)).status).toBe(202);
    await Promise.all([stage.gone(admin, second.id), stage.gone(admin, child.id)]);
    expect((await admin.delete(`/backups/${orphan.id}`)).status).toBe(202);
    await stage.gone(admin, orphan.id);
  });

  it('with Swift away both POST and DELETE are a 401 that is not about the token, and nothing happens', async () => {
    const { one, main } = stage.cast;
    const kept = await stage.made(one, { name: 'kept-by-swift', instance: main });
    await stage.control({ swiftDown: true });
    const post = await one.backup({ name: 'no-swift', instance: main });
    const deletion = await one.delete(`/backups/${kept.id}`);
    await stage.control({ swiftDown: false });
    const message = `Swift account not accessible for tenant ${one.projectId}.`;
    for (const answer of [post, deletion]) {
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual({ unauthorized: { code: 401, message } });
      expect(answer.headers.get('Www-Authenticate')).toMatch(/^Keystone uri=/);
    }
    expect(await stage.names(one)).not.toContain('no-swift');
    expect(rowOf(await one.get(`/backups/${kept.id}`), 'backup').status).toBe('COMPLETED');
  });
}

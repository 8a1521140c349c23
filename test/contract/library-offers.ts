import { expect, it } from 'vitest';
import { createGivenKeystone, createKeystone, createTrove, GIVEN_SCOPE } from '../../lib/openstack/index.ts';
import { inOrder } from './datastores.ts';
import type { Stage } from './stage.ts';

/** What a project can have, as lib/openstack tells it, on the simulator and on the real region. */
export function describeLibraryOffers(stage: Stage): void {
  function project() {
    const { target, one } = stage.cast;
    const fetch: typeof globalThis.fetch = (url, init) => target.fetch(String(url), init ?? {});
    const options = { authUrl: target.authUrl, username: 'autobackup', password: 'autobackup', fetch };
    return createTrove(createKeystone(options), options).project({ projectId: one.projectId });
  }

  it('datastores with their versions, by name and id', async () => {
    const { datastores } = project();
    const mysql = (await datastores.list()).find(({ name }) => name === 'mysql');
    expect(mysql?.versions.map(({ name }) => name)).toContain('5.7.29');
    expect(mysql?.versions.map(({ id }) => id)).toContain(mysql?.defaultVersionId);
    expect(inOrder(await datastores.show('mysql'))).toEqual(inOrder(mysql));
    expect(inOrder({ versions: await datastores.versions(mysql?.id ?? '') })?.versions).toEqual(
      inOrder(mysql)?.versions,
    );
    await expect(datastores.show('nosuch')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('flavors, all of them or those of one version', async () => {
    const { datastores, flavors } = project();
    const all = await flavors.list();
    expect(all.find(({ id }) => id === '1')).toMatchObject({ name: expect.any(String), ramMib: expect.any(Number) });
    expect(await flavors.show('1')).toEqual(all.find(({ id }) => id === '1'));
    const { id, defaultVersionId: versionId = '' } = await datastores.show('mysql');
    expect(await flavors.list({ datastore: { id, versionId } })).toEqual(all);
  });

  it('limits of both kinds', async () => {
    const { maxBackups, rates } = await project().limits();
    expect(maxBackups).toBeGreaterThan(0);
    expect(
      rates
        .filter(({ uri }) => uri === '*')
        .map(({ verb }) => verb)
        .sort(),
    ).toEqual(['DELETE', 'GET', 'POST', 'PUT']);
  });

  it('an instance from a backup, whose restore is an instance like any other', async () => {
    const { one, main } = stage.cast;
    const { backups, instances } = project();
    const backup = await backups.create({ name: 'to-restore', instanceId: main });
    await stage.ended(one, backup.id);
    const wanted = { flavorId: '1', volumeSizeGib: 1, datastore: { type: 'mysql', version: '5.7.29' } };
    const restored = await instances.create({ name: 'restored', ...wanted, restoreBackupId: backup.id });
    expect(restored).toMatchObject({ status: 'BUILD', projectId: one.projectId, datastore: { type: 'mysql' } });
    await stage.ready(one, restored.id);
    const listed = [];
    for await (const { id } of instances.list()) listed.push(id);
    expect(listed).toEqual(expect.arrayContaining([main, restored.id]));
    await instances.delete(restored.id);
    await backups.delete(backup.id);
    await stage.gone(one, backup.id);
  });

  it("a tenant's own token restores and deletes in his project, and is good for no other", async () => {
    const { target, one, two, main } = stage.cast;
    const fetch: typeof globalThis.fetch = (url, init) => target.fetch(String(url), init ?? {});
    const options = { authUrl: target.authUrl, fetch };
    const keystone = createGivenKeystone({ ...options, token: one.token });
    const own = createTrove(keystone, options).project(GIVEN_SCOPE);
    const { id, status } = await stage.made(one, { name: 'own', instance: main });
    expect(status).toBe('COMPLETED');
    expect(await own.backups.show(id)).toMatchObject({ projectId: one.projectId });
    const { flavorId = '', volumeSizeGib = 0 } = await own.instances.show(main);
    const wanted = { flavorId, volumeSizeGib, datastore: { type: 'mysql', version: '5.7.29' } };
    const restored = await own.instances.create({ name: 'own', ...wanted, restoreBackupId: id });
    expect(restored).toMatchObject({ status: 'BUILD', projectId: one.projectId, flavorId, volumeSizeGib });
    await stage.ready(one, restored.id);
    await own.instances.delete(restored.id);
    await own.backups.delete(id);
    await stage.gone(one, id);
    const other = createTrove(keystone, options).project({ projectId: two.projectId });
    await expect(other.quotas()).rejects.toMatchObject({ code: 'no-role', delivery: 'not-sent' });
    const unknown = createGivenKeystone({ ...options, token: 'gAAAAABnosuch' });
    await expect(unknown.token({ scope: GIVEN_SCOPE })).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('backups one by one, the same as in the list', async () => {
    const { one, main } = stage.cast;
    const { backups } = project();
    const made = [
      await stage.made(one, { name: 'each-1', instance: main }),
      await stage.made(one, { name: 'each-2', instance: main }),
    ];
    const each = [];
    for await (const { id } of backups.each({ instanceId: main })) each.push(id);
    expect(each).toEqual((await backups.list({ instanceId: main })).items.map(({ id }) => id));
    expect(each).toEqual(expect.arrayContaining(made.map(({ id }) => id)));
    for (const { id } of made) await backups.delete(id);
    for (const { id } of made) await stage.gone(one, id);
  });
}

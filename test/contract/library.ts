import { expect, it } from 'vitest';
import { createKeystone, createProjects, createTrove, type KeystoneOptions } from '../../lib/openstack/index.ts';
import type { Stage } from './stage.ts';

const SERVICE = { projectName: 'service', projectDomainName: 'Default' };

/** What lib/openstack makes of a region's answers: the same suite holds it to the simulator and to the real one. */
export function describeLibrary(stage: Stage): void {
  function library(change: Partial<KeystoneOptions> = {}) {
    const { target } = stage.cast;
    const options: KeystoneOptions = {
      authUrl: target.authUrl,
      username: 'autobackup',
      password: 'autobackup',
      fetch: (url, init) => target.fetch(String(url), init ?? {}),
      ...change,
    };
    const keystone = createKeystone(options);
    const trove = createTrove(keystone, options);
    return {
      keystone,
      projects: createProjects(keystone, options),
      trove,
      one: trove.project({ projectId: stage.cast.one.projectId }),
    };
  }
  const ended = (id: string) => stage.ended(stage.cast.one, id);

  it('shows an instance to its project, and tells a foreign one as not found by its own id', async () => {
    const { one, main, foreign } = stage.cast;
    expect(await library().one.instances.show(main)).toMatchObject({
      id: main,
      projectId: one.projectId,
      datastore: { type: 'mysql' },
      replicas: [],
    });
    await expect(library().one.instances.show(foreign)).rejects.toMatchObject({
      code: 'not-found',
      resourceId: foreign,
    });
  });

  it("reads the whole region as admin, each instance with its project's id", async () => {
    const { one, two, main, foreign } = stage.cast;
    const { items, complete } = await library().trove.region(SERVICE).instances();
    expect(complete).toBe(true);
    const projectOf = new Map(items.map(({ id, projectId }) => [id, projectId]));
    expect(projectOf.get(main)).toBe(one.projectId);
    expect(projectOf.get(foreign)).toBe(two.projectId);
  });

  it('makes a full and an incremental in the project of the token, and lists them', async () => {
    const { one, main } = stage.cast;
    const { backups } = library().one;
    const full = await backups.create({ name: 'library-full', description: 'first', instanceId: main });
    expect(full).toMatchObject({ status: 'NEW', projectId: one.projectId, parentId: null, description: 'first' });
    await ended(full.id);
    const next = await backups.create({ name: 'library-inc', instanceId: main, parentId: full.id });
    await ended(next.id);
    const { items } = await backups.list({ instanceId: main });
    expect(items.find(({ id }) => id === next.id)).toMatchObject({ status: 'COMPLETED', parentId: full.id });
    expect(await backups.show(full.id)).toMatchObject({
      id: full.id,
      status: 'COMPLETED',
      datastore: { type: 'mysql' },
    });
    await backups.delete(full.id);
    await stage.gone(one, next.id);
    await stage.gone(one, full.id);
    await expect(backups.show(full.id)).rejects.toMatchObject({ code: 'not-found', resourceId: full.id });
  });

  it('tells a busy instance, a full quota and an absent object store apart, all surely without effect', async () => {
    const { admin, one, main } = stage.cast;
    const { backups, quotas } = library().one;
    await stage.control({ backupMs: 2000 });
    const running = await backups.create({ name: 'library-running', instanceId: main });
    const refused = { delivery: 'answered' };
    await expect(backups.create({ name: 'x', instanceId: main })).rejects.toMatchObject({ code: 'busy', ...refused });
    await stage.control({ backupMs: 300 });
    await ended(running.id);
    const { inUse, limit } = (await quotas()).backups;
    const set = (backupsLimit: number) =>
      admin.request('PUT', `/mgmt/quotas/${one.projectId}`, { body: { quotas: { backups: backupsLimit } } });
    await set(inUse);
    await expect(backups.create({ name: 'x', instanceId: main })).rejects.toMatchObject({ code: 'quota', ...refused });
    await set(limit);
    await stage.control({ swiftDown: true });
    const away = backups.create({ name: 'x', instanceId: main });
    await expect(away).rejects.toMatchObject({ code: 'swift-unavailable', ...refused });
    await stage.control({ swiftDown: false });
    await backups.delete(running.id);
    await stage.gone(one, running.id);
  });

  it('tells a wrong password, a missing role and a missing right apart', async () => {
    const { one, two } = stage.cast;
    await expect(library({ password: 'wrong' }).one.quotas()).rejects.toMatchObject({ code: 'unauthorized' });
    const member = library({ username: 'demo', password: 'demo' });
    await expect(member.one.quotas()).rejects.toMatchObject({ code: 'no-role', delivery: 'not-sent' });
    const region = member.trove.region({ projectName: 'demo', projectDomainName: 'Default' });
    await expect(region.instances()).rejects.toMatchObject({ code: 'forbidden' });
    const { projectId } = await library().keystone.token({ scope: { projectId: two.projectId } });
    expect(projectId).not.toBe(one.projectId);
  });

  it('finds a project by its name and domain', async () => {
    const { projects } = library();
    const id = await projects.find({ name: 'demo', domainName: 'Default' }, SERVICE);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(await projects.find({ name: 'nowhere', domainName: 'Default' }, SERVICE)).toBeNull();
    expect(await projects.find({ name: 'demo', domainName: 'Nowhere' }, SERVICE)).toBeNull();
  });
}

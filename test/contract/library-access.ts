import { expect, it } from 'vitest';
import {
  type Auth,
  createKeystone,
  createProjects,
  createTrove,
  createTrusts,
  type Scope,
} from '../../lib/openstack/index.ts';
import { giveTrust, takeTrustBack } from './give-trust.ts';
import type { Stage } from './stage.ts';

const DEFAULT = { id: 'default' } as const;
const SERVICE = { projectName: 'service', projectDomainId: 'default' };

/** Every way in that lib/openstack knows, on the simulator and on the real region. */
export function describeLibraryAccess(stage: Stage): void {
  function library(auth: Auth) {
    const { target } = stage.cast;
    const fetch: typeof globalThis.fetch = (url, init) => target.fetch(String(url), init ?? {});
    const options = { authUrl: target.authUrl, auth, fetch };
    const keystone = createKeystone(options);
    return {
      keystone,
      trove: createTrove(keystone, options),
      projects: createProjects(keystone, options),
      trusts: createTrusts(keystone, options),
    };
  }
  const byName = (name: string, password = name): Auth => ({
    method: 'password',
    user: { name, domain: DEFAULT },
    password,
  });

  /** Made, ended and gone again, in project one. */
  async function makesBackups(auth: Auth, scope: Scope): Promise<void> {
    const { one, main } = stage.cast;
    const { backups } = library(auth).trove.project(scope);
    const { id, projectId } = await backups.create({ name: 'by-any-way', instanceId: main });
    expect(projectId).toBe(one.projectId);
    expect((await stage.ended(one, id)).status).toBe('COMPLETED');
    expect((await backups.list({ instanceId: main })).items.map((backup) => backup.id)).toContain(id);
    await backups.delete(id);
    await stage.gone(one, id);
  }

  it('a user by id, and a project by name with the id of its domain', async () => {
    const { service } = stage.cast;
    const auth: Auth = { method: 'password', user: { id: service.userId }, password: 'autobackup' };
    const token = await library(auth).keystone.token({ scope: SERVICE });
    expect(token).toMatchObject({ userId: service.userId, projectName: 'service', projectDomain: { name: 'Default' } });
    expect(token.roles).toContain('admin');
  });

  it('a token that somebody else got is rescoped to his projects, and to no other', async () => {
    const { one, two } = stage.cast;
    const auth: Auth = { method: 'token', token: () => one.token };
    await makesBackups(auth, { projectId: one.projectId });
    const { keystone } = library(auth);
    await expect(keystone.token({ scope: { projectId: two.projectId } })).rejects.toMatchObject({ code: 'no-role' });
  });

  it('an application credential by id, or by name and user, is good for its own project alone', async () => {
    const { one, two } = stage.cast;
    const name = `library-${Math.random()}`;
    const path = `/users/${one.userId}/application_credentials`;
    const { body } = await one.keystone(path, {}, 'POST', { application_credential: { name } });
    const { id, secret } = (body as { application_credential: { id: string; secret: string } }).application_credential;
    const byId: Auth = { method: 'applicationCredential', id, secret };
    await makesBackups(byId, 'default');
    await makesBackups(
      { method: 'applicationCredential', name, user: { id: one.userId }, secret },
      { projectId: one.projectId },
    );
    const { keystone } = library(byId);
    await expect(keystone.token({ scope: { projectId: two.projectId } })).rejects.toMatchObject({ code: 'no-role' });
    await expect(keystone.token({ scope: { trustId: 'any' } })).rejects.toMatchObject({ code: 'no-trust' });
    const wrong = library({ ...byId, secret: 'wrong' }).keystone;
    await expect(wrong.token({ scope: 'default' })).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it.each([false, true])(
    'a trust (impersonating: %s) is found, shown with its roles, and used',
    async (impersonation) => {
      const { one, service } = stage.cast;
      const id = await giveTrust(one, service.userId, { impersonation });
      const { trusts, keystone } = library(byName('autobackup'));
      const trust = {
        id,
        trustorUserId: one.userId,
        trusteeUserId: service.userId,
        projectId: one.projectId,
        impersonation,
        expiresUtc: null,
        remainingUses: null,
        deleted: false,
      };
      expect((await trusts.received(SERVICE)).find((row) => row.id === id)).toEqual(trust);
      expect(await trusts.show(id, SERVICE)).toEqual({ ...trust, roles: ['member'] });
      const token = await keystone.token({ scope: { trustId: id } });
      expect(token).toMatchObject({ projectId: one.projectId, userId: impersonation ? one.userId : service.userId });
      await makesBackups(byName('autobackup'), { trustId: id });
      await takeTrustBack(one, id);
    },
  );

  it('a trust that was taken back, or is of another trustee, is told from wrong credentials', async () => {
    const { one, service } = stage.cast;
    const id = await giveTrust(one, service.userId);
    const scope = { trustId: id };
    const token = (auth: Auth) => library(auth).keystone.token({ scope, fresh: true });
    await expect(token(byName('alt'))).rejects.toMatchObject({ code: 'no-trust', status: 403 });
    await expect(token(byName('autobackup', 'wrong'))).rejects.toMatchObject({ code: 'unauthorized' });
    await takeTrustBack(one, id);
    await expect(token(byName('autobackup'))).rejects.toMatchObject({ code: 'no-trust', status: 401 });
    const { trusts } = library(byName('autobackup'));
    await expect(trusts.show(id, SERVICE)).rejects.toMatchObject({ code: 'not-found', resourceId: id });
  });

  it('a trust that was taken back makes no backup any more, though Trove knows its last token for a while yet', async () => {
    const { one, service, main } = stage.cast;
    const id = await giveTrust(one, service.userId);
    const { backups } = library(byName('autobackup')).trove.project({ trustId: id });
    await backups.list();
    await takeTrustBack(one, id);
    const creating = backups.create({ name: 'too-late', instanceId: main });
    await expect(creating).rejects.toMatchObject({ code: 'no-trust', delivery: 'not-sent' });
  });

  it('a user sees the projects open to him without having one', async () => {
    const { one } = stage.cast;
    const { projects } = library({ method: 'token', token: one.token });
    expect(await projects.mine()).toMatchObject([{ id: one.projectId, domainId: 'default', enabled: true }]);
  });
}

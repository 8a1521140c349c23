import { expect, it } from 'vitest';
import { createKeystone, createSubjects, type Scope } from '../../lib/openstack/index.ts';
import type { Stage } from './stage.ts';
import { type Answer, byPassword, signIn, tokenOf, toProject } from './user.ts';

const SERVICE = { projectName: 'service', projectDomainName: 'Default' };

/** Whose somebody's token is, as Keystone tells the service. */
export function describeLibrarySubjects(stage: Stage): void {
  function library(username = 'autobackup', goesByAccessRules = true) {
    const { target } = stage.cast;
    const fetch: typeof globalThis.fetch = (url, init) => target.fetch(String(url), init ?? {});
    const options = { authUrl: target.authUrl, username, password: username, fetch };
    const keystone = createKeystone(options);
    return createSubjects(keystone, { ...options, goesByAccessRules });
  }
  const show = (token: string, scope: Scope = SERVICE) => library().show(token, scope);
  const sign = (auth: unknown) => signIn(stage.cast.target, auth);
  const revoke = async (answer: Answer) => {
    const { target } = stage.cast;
    const headers = { 'X-Auth-Token': tokenOf(answer), 'X-Subject-Token': tokenOf(answer) };
    expect((await target.fetch(`${target.authUrl}/auth/tokens`, { method: 'DELETE', headers })).status).toBe(204);
  };

  it('a token of a project names it, its domain, the user and all roles', async () => {
    const { one } = stage.cast;
    const seen = await show(one.token);
    expect(seen).toMatchObject({
      userId: one.userId,
      isDelegated: false,
      scope: { kind: 'project', id: one.projectId, domain: { id: 'default', name: 'Default' } },
    });
    expect(seen?.roles.toSorted()).toEqual(['member', 'reader']);
    expect(seen?.userName).toBe(seen?.scope.kind === 'project' && seen.scope.name);
    expect(Math.abs((seen?.expiresUtc ?? 0) - Date.now())).toBeLessThan(25 * 3_600_000);
  });

  it('the roles that an admin has by implication are among his', async () => {
    expect((await show(stage.cast.admin.token))?.roles).toEqual(expect.arrayContaining(['admin', 'member', 'reader']));
  });

  it('a token of the system, and one of nothing', async () => {
    const system = await sign({ identity: byPassword('admin', 'secret'), scope: { system: { all: true } } });
    expect(await show(tokenOf(system))).toMatchObject({ userName: 'admin', scope: { kind: 'system' } });
    const unscoped = await sign({ identity: byPassword('demo'), scope: 'unscoped' });
    expect(await show(tokenOf(unscoped))).toMatchObject({ userName: 'demo', scope: { kind: 'none' }, roles: [] });
  });

  /** A token of a new application credential of project one, and what deletes that. */
  async function byCredential(fields: object = {}) {
    const { one } = stage.cast;
    const path = `/users/${one.userId}/application_credentials`;
    const wanted = { name: `subject-${Math.random()}`, ...fields };
    const { body } = await one.keystone(path, {}, 'POST', { application_credential: wanted });
    const { id, secret } = (body as { application_credential: { id: string; secret: string } }).application_credential;
    const proof = { methods: ['application_credential'], application_credential: { id, secret } };
    const token = tokenOf(await sign({ identity: proof }));
    return { token, remove: () => one.keystone(`${path}/${id}`, {}, 'DELETE') };
  }

  it('an application credential opens its project', async () => {
    const { one } = stage.cast;
    const { token, remove } = await byCredential();
    expect(await show(token)).toMatchObject({
      userId: one.userId,
      scope: { kind: 'project', id: one.projectId },
      isDelegated: true,
      accessRules: null,
    });
    await remove();
    expect(await show(token)).toBeNull();
  });

  it('its access rules are told to a service that goes by them; to another its token is none', async () => {
    const rules = [{ service: 'database', method: 'GET', path: '/v1.0/**' }];
    const { token } = await byCredential({ access_rules: rules });
    expect((await show(token))?.accessRules).toEqual(rules);
    expect(await library('autobackup', false).show(token, SERVICE)).toBeNull();
    expect((await show((await byCredential({ access_rules: [] })).token))?.accessRules).toBeNull();
  });

  it('a token of a trust opens what the trust gives, until it is taken back', async () => {
    const { one, service } = stage.cast;
    const fields = { trustor_user_id: one.userId, trustee_user_id: service.userId, project_id: one.projectId };
    const trust = { ...fields, impersonation: false, roles: [{ name: 'member' }] };
    const { body } = await one.keystone('/OS-TRUST/trusts', {}, 'POST', { trust });
    const { id } = (body as { trust: { id: string } }).trust;
    const answer = await sign({ identity: byPassword('autobackup'), scope: { 'OS-TRUST:trust': { id } } });
    const seen = await show(tokenOf(answer));
    const scope = { kind: 'project', id: one.projectId };
    expect(seen).toMatchObject({ userId: service.userId, scope, isDelegated: true });
    expect(seen?.roles.toSorted()).toEqual(['member', 'reader']);
    await one.keystone(`/OS-TRUST/trusts/${id}`, {}, 'DELETE');
    expect(await show(tokenOf(answer))).toBeNull();
  });

  it('what is no token, or one no more, is null', async () => {
    for (const nonsense of ['gAAAAABnonsense', 'x', '%00']) expect(await show(nonsense)).toBeNull();
    const answer = await sign({ identity: byPassword('demo'), scope: toProject('demo') });
    expect(await show(tokenOf(answer))).not.toBeNull();
    await revoke(answer);
    expect(await show(tokenOf(answer))).toBeNull();
  });

  it('whoever may not ask is told so, and not that the token is none', async () => {
    const refused = library('demo').show(stage.cast.two.token, { projectName: 'demo', projectDomainName: 'Default' });
    await expect(refused).rejects.toMatchObject({ code: 'forbidden', status: 403 });
  });
}

import { expect, it } from 'vitest';
import { type Auth, createKeystone, createOwnToken } from '../../lib/openstack/index.ts';
import type { Stage } from './stage.ts';

/** What a page that signs people in needs of Keystone: held to the simulator and to the real region. */
export function describeLibraryOwnToken(stage: Stage): void {
  const endpoint = () => {
    const { target } = stage.cast;
    const fetch: typeof globalThis.fetch = (url, init) => target.fetch(String(url), init ?? {});
    return { authUrl: target.authUrl, fetch };
  };
  const person = (name: string): Auth => ({
    method: 'password',
    user: { name, domain: { name: 'Default' } },
    password: name,
  });
  const keystone = (auth: Auth) => createKeystone({ ...endpoint(), auth });
  const own = (token: string) => createOwnToken(token, endpoint());
  const unscoped = (name: string) => keystone(person(name)).unscopedToken();
  const rescoped = (token: string, projectId: string) =>
    keystone({ method: 'token', token }).token({ scope: { projectId }, fresh: true });

  it('a token of no project tells where its user has a role, and becomes one of each', async () => {
    const { one, two } = stage.cast;
    const base = await unscoped('autobackup');
    const projects = await own(base).projects();
    expect(projects.map(({ id }) => id)).toEqual(expect.arrayContaining([one.projectId, two.projectId]));
    const [first, second] = [await rescoped(base, one.projectId), await rescoped(base, two.projectId)];
    expect([first.projectId, second.projectId]).toEqual([one.projectId, two.projectId]);
    expect(first.expiresUtc).toBe(second.expiresUtc);
  });

  it('somebody without a default project gets no token where he names none', async () => {
    const base = await unscoped('demo');
    const asking = keystone({ method: 'token', token: base }).token({ scope: 'default', fresh: true });
    await expect(asking).rejects.toMatchObject({ code: 'no-role' });
    expect((await own(base).projects()).map(({ name }) => name)).toEqual(['demo']);
  });

  it('a revoked token is worth nothing; ending it again is no error; the one it came from lives', async () => {
    const { one } = stage.cast;
    const base = await unscoped('autobackup');
    const token = await rescoped(base, one.projectId);
    await own(token.id).revoke();
    await own(token.id).revoke();
    await expect(own(token.id).projects()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await own(base).projects()).not.toEqual([]);
    await own(base).revoke();
    await expect(rescoped(base, one.projectId)).rejects.toMatchObject({ delivery: 'answered' });
  });
}

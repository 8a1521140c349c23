import { expect, it } from 'vitest';
import { shapeOf } from './shape.ts';
import { accepted, type Stage, wait } from './stage.ts';
import { type Answer, byPassword, byToken, signIn, tokenOf, toProject, User } from './user.ts';

interface Trust {
  readonly id: string;
  readonly [field: string]: unknown;
}

const trustOf = ({ body }: Answer): Trust => (body as { readonly trust: Trust }).trust;
const trustsOf = ({ body }: Answer): readonly Trust[] => (body as { readonly trusts: readonly Trust[] }).trusts;
const refusal = (code: number, message: string) => ({ status: code, body: { error: { code, message } } });
const forbidden = (because: string) =>
  refusal(403, `You are not authorized to perform the requested action: ${because}.`);
const SOON_MS = 1500;

/** OS-TRUST, with a member of project one as trustor and the user `autobackup` as trustee. */
export function describeTrusts(stage: Stage): void {
  const trust = (fields: Readonly<Record<string, unknown>> = {}, by = stage.cast.one): Promise<Answer> => {
    const { one, service } = stage.cast;
    const plain = { trustor_user_id: one.userId, trustee_user_id: service.userId, project_id: one.projectId };
    const roles = [{ name: 'member' }];
    return by.keystone('/OS-TRUST/trusts', {}, 'POST', { trust: { ...plain, impersonation: false, roles, ...fields } });
  };
  const scope = (id: string) => ({ 'OS-TRUST:trust': { id } });
  const trusted = (id: string, name = 'autobackup') =>
    signIn(stage.cast.target, { identity: byPassword(name), scope: scope(id) });
  const inSeconds = (ms: number) => new Date(Date.now() + ms).toISOString().replace('Z', '000Z');

  it('a trust has its two users, the project, the roles, and no end unless it is given one', async () => {
    const { one, service } = stage.cast;
    const answer = await trust();
    expect(answer.status).toBe(201);
    expect(trustOf(answer)).toMatchObject({
      trustor_user_id: one.userId,
      trustee_user_id: service.userId,
      project_id: one.projectId,
      impersonation: false,
      roles: [{ name: 'member', domain_id: null }],
      expires_at: null,
      remaining_uses: null,
    });
    const shown = await service.keystone(`/OS-TRUST/trusts/${trustOf(answer).id}`);
    expect(shown.body).toEqual(answer.body);
    const listed = trustsOf(await service.keystone(`/OS-TRUST/trusts?trustee_user_id=${service.userId}`));
    const found = listed.find(({ id }) => id === trustOf(answer).id);
    expect(Object.keys(trustOf(answer)).filter((key) => !(key in (found ?? {})))).toEqual(['roles', 'roles_links']);
    const roles = await service.keystone(`/OS-TRUST/trusts/${trustOf(answer).id}/roles`);
    expect(roles.body).toMatchObject({ roles: [{ name: 'member' }] });
  });

  it.each([
    [false, 'the trustee', 'autobackup'],
    [true, 'the trustor', null],
  ])('with impersonation %s the token names %s as its user', async (impersonation, _, name) => {
    const { one, service, target } = stage.cast;
    const { id } = trustOf(await trust({ impersonation }));
    const answer = await trusted(id);
    expect(answer.status).toBe(201);
    const { token } = answer.body as { readonly token: Readonly<Record<string, unknown>> };
    expect(token).toMatchObject({
      methods: ['password'],
      user: name === null ? { id: one.userId } : { id: service.userId, name },
      project: { id: one.projectId },
      'OS-TRUST:trust': {
        id,
        impersonation,
        trustor_user: { id: one.userId },
        trustee_user: { id: service.userId },
      },
    });
    expect((token['roles'] as readonly { name: string }[]).map((role) => role.name).sort()).toEqual([
      'member',
      'reader',
    ]);
    expect(shapeOf(token).filter((line) => line.startsWith('is_domain'))).toEqual([]);
    const user = User.of(target, answer);
    const backup = accepted(await user.backup({ name: 'trusted', instance: stage.cast.main }));
    expect(backup['project_id']).toBe(one.projectId);
    await stage.ended(one, backup.id);
  });

  it('a token by trust can also come from a token, and itself becomes no other', async () => {
    const { target } = stage.cast;
    const { id } = trustOf(await trust());
    const unscoped = await signIn(target, { identity: byPassword('autobackup') });
    const first = await signIn(target, { identity: byToken(tokenOf(unscoped)), scope: scope(id) });
    expect(first.status).toBe(201);
    for (const wanted of [toProject('demo'), 'unscoped', scope(id)]) {
      expect(await signIn(target, { identity: byToken(tokenOf(first)), scope: wanted })).toMatchObject(
        forbidden('Using trust-scoped token to create another token. Create a new trust-scoped token instead'),
      );
    }
    const again = await trust({}, User.of(target, await trusted(trustOf(await trust({ impersonation: true })).id)));
    expect(again).toMatchObject(refusal(403, 'You are not authorized to perform the requested action.'));
  });

  it('only the trustee gets a token by it: others are told 403, and of a trust that is not there 401', async () => {
    const { id } = trustOf(await trust());
    expect(await trusted(id, 'alt')).toMatchObject(
      refusal(403, 'You are not authorized to perform the requested action.'),
    );
    expect((await trusted('f'.repeat(32))).status).toBe(401);
  });

  it.each([
    ['a role the trustor has not', { roles: [{ name: 'admin' }] }, 404, /^Could not find role: [0-9a-f]{32}\.$/],
    ['a role that is not there', { roles: [{ name: 'nobody' }] }, 404, /^Role nobody is not defined$/],
    ['no role', { roles: [] }, 403, /: At least one role should be specified\.$/],
    ['no trustee', { trustee_user_id: 'f'.repeat(32) }, 404, /^Could not find user: f{32}\.$/],
    ['no project', { project_id: 'f'.repeat(32) }, 404, /^Could not find project: f{32}\.$/],
    ['no word on impersonation', { impersonation: undefined }, 400, /^'impersonation' is a required property/],
    ['an end in the past', { expires_at: '2020-01-01T00:00:00.000000Z' }, 400, /^The 'expires_at' must not be before/],
    ['an end that is no time', { expires_at: 'tomorrow' }, 400, /^Timestamp not in expected format\./],
  ])('a trust with %s is refused', async (_, fields, status, message) => {
    const answer = await trust(fields);
    expect(answer).toMatchObject({ status, body: { error: { message: expect.stringMatching(message) } } });
  });

  it('nobody makes a trust in another’s name, nor twice the same with the same end', async () => {
    expect(await trust({}, stage.cast.two)).toMatchObject(forbidden('identity:create_trust'));
    const expires_at = inSeconds(3_600_000).replace(/\.\d+Z/, '.000000Z');
    expect((await trust({ expires_at })).status).toBe(201);
    expect((await trust({ expires_at })).status).toBe(409);
  });

  it('trustor and trustee list what is theirs, an admin everything, others nothing', async () => {
    const { one, two, service, admin } = stage.cast;
    const { id } = trustOf(await trust());
    const list = (user: User, query: string) => user.keystone(`/OS-TRUST/trusts${query}`);
    const trustor = `?trustor_user_id=${one.userId}`;
    const trustee = `?trustee_user_id=${service.userId}`;
    for (const [user, query] of [
      [one, trustor],
      [service, trustee],
      [admin, ''],
      [admin, `${trustor}&trustee_user_id=${service.userId}`],
    ] as const) {
      expect(trustsOf(await list(user, query)).map((row) => row.id)).toContain(id);
    }
    expect(await list(one, trustee)).toMatchObject(forbidden('identity:list_trusts_for_trustee'));
    expect(await list(two, trustor)).toMatchObject(forbidden('identity:list_trusts_for_trustor'));
    expect(await list(one, '')).toMatchObject(forbidden('identity:list_trusts'));
    expect(await two.keystone(`/OS-TRUST/trusts/${id}`)).toMatchObject(forbidden('identity:get_trust'));
  });

  it('a trust deleted by its trustor is gone, and its tokens with it; the trustee may not delete it', async () => {
    const { one, service, target } = stage.cast;
    const { id } = trustOf(await trust());
    const token = tokenOf(await trusted(id));
    expect(await service.keystone(`/OS-TRUST/trusts/${id}`, {}, 'DELETE')).toMatchObject(
      forbidden('identity:delete_trust'),
    );
    expect((await one.keystone(`/OS-TRUST/trusts/${id}`, {}, 'DELETE')).status).toBe(204);
    const gone = refusal(404, `Could not find trust: ${id}.`);
    expect(await one.keystone(`/OS-TRUST/trusts/${id}`)).toMatchObject(gone);
    expect((await trusted(id)).status).toBe(401);
    const use = (url: string) => target.fetch(url, { headers: { 'X-Auth-Token': token } });
    expect((await use(`${target.authUrl}/auth/projects`)).status).toBe(404);
    expect((await use(`${one.troveUrl}/backups`)).status).toBe(401);
  });

  it('a trust that has run out is still listed, but nothing more; its tokens say they last longer', async () => {
    const { service } = stage.cast;
    const { id } = trustOf(await trust({ expires_at: inSeconds(SOON_MS) }));
    const answer = await trusted(id);
    const { token } = answer.body as { readonly token: { readonly expires_at: string } };
    expect(Date.parse(token.expires_at)).toBeGreaterThan(Date.now() + 600_000);
    await wait(SOON_MS + 1000);
    expect((await trusted(id)).status).toBe(401);
    const listed = trustsOf(await service.keystone(`/OS-TRUST/trusts?trustee_user_id=${service.userId}`));
    expect(listed.map((row) => row.id)).toContain(id);
    expect((await service.keystone(`/OS-TRUST/trusts/${id}`)).status).toBe(404);
  });

  it('a trust with one use is spent with the first token', async () => {
    const { id } = trustOf(await trust({ remaining_uses: 1 }));
    expect((await trusted(id)).status).toBe(201);
    expect((await trusted(id)).status).toBe(401);
  });
}

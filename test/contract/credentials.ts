import { expect, it } from 'vitest';
import { accepted, type Stage } from './stage.ts';
import { type Answer, byToken, signIn, tokenOf, toProject, User } from './user.ts';

interface Credential {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
  readonly [field: string]: unknown;
}

const credentialOf = ({ body }: Answer): Credential =>
  (body as { readonly application_credential: Credential }).application_credential;
const refusal = (code: number, message: string) => ({ status: code, body: { error: { code, message } } });
const forbidden = (because: string) =>
  refusal(403, `You are not authorized to perform the requested action: ${because}.`);

/** Application credentials of a member of project one. */
export function describeCredentials(stage: Stage): void {
  let made = 0;
  const path = () => `/users/${stage.cast.one.userId}/application_credentials`;
  const create = (fields: Readonly<Record<string, unknown>> = {}, by = stage.cast.one): Promise<Answer> =>
    by.keystone(path(), {}, 'POST', { application_credential: { name: `credential-${made++}`, ...fields } });
  const by = (proof: Readonly<Record<string, unknown>>, scope?: unknown) =>
    signIn(stage.cast.target, {
      identity: { methods: ['application_credential'], application_credential: proof },
      ...(scope !== undefined && { scope }),
    });

  it('a credential takes the roles its maker has now, and tells its secret once', async () => {
    const { one } = stage.cast;
    const answer = await create();
    expect(answer.status).toBe(201);
    const { id, secret, ...rest } = credentialOf(answer);
    expect(secret.length).toBeGreaterThan(60);
    expect(rest).toMatchObject({ project_id: one.projectId, expires_at: null, unrestricted: null, system: null });
    expect((rest['roles'] as readonly { name: string }[]).map(({ name }) => name).sort()).toEqual(['member', 'reader']);
    const shown = credentialOf(await one.keystone(`${path()}/${id}`));
    expect(Object.keys(shown).sort()).toEqual([...Object.keys(rest), 'id'].sort());
    const { application_credentials: listed } = (await one.keystone(path())).body as {
      readonly application_credentials: readonly Credential[];
    };
    expect(listed.map((row) => row.id)).toContain(id);
  });

  it('it signs in by its id, or by its name and user, to its own project', async () => {
    const { one } = stage.cast;
    const { id, name, secret } = credentialOf(await create({ unrestricted: true, roles: [{ name: 'member' }] }));
    for (const proof of [
      { id, secret },
      { name, secret, user: { id: one.userId } },
    ]) {
      const { status, body } = await by(proof);
      expect(status).toBe(201);
      expect(body).toMatchObject({
        token: {
          methods: ['application_credential'],
          user: { id: one.userId },
          project: { id: one.projectId },
          roles: [{ name: 'member' }],
          application_credential: { id, name, restricted: false },
        },
      });
    }
  });

  it('a backup is taken with it', async () => {
    const { one, main, target } = stage.cast;
    const { id, secret } = credentialOf(await create());
    const answer = await by({ id, secret });
    expect(answer.body).toMatchObject({ token: { application_credential: { restricted: true } } });
    const backup = accepted(await User.of(target, answer).backup({ name: 'by-credential', instance: main }));
    expect((await stage.ended(one, backup.id))['project_id']).toBe(one.projectId);
  });

  it('a wrong secret and an unknown name are a 401, an unknown id a 404', async () => {
    const { id, secret } = credentialOf(await create());
    const { userId } = stage.cast.one;
    expect((await by({ id, secret: 'wrong' })).status).toBe(401);
    expect((await by({ id })).status).toBe(401);
    expect((await by({ name: 'nobody', secret, user: { id: userId } })).status).toBe(401);
    expect(await by({ id: 'f'.repeat(32), secret })).toMatchObject(
      refusal(404, `Could not find Application Credential: ${'f'.repeat(32)}.`),
    );
    expect(await by({ name: 'nameless', secret })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/^Expecting to find user in application credential\./) } },
    });
  });

  it.each([['its own project'], ['unscoped']])('it may ask for no scope, not even %s', async (wanted) => {
    const { id, secret } = credentialOf(await create());
    const scope = wanted === 'unscoped' ? wanted : { project: { id: stage.cast.one.projectId } };
    expect(await by({ id, secret }, scope)).toMatchObject(
      refusal(401, 'Error authenticating with application credential: Application credentials cannot request a scope.'),
    );
  });

  it.each([false, true])('its token becomes no other and manages no trust, unrestricted: %s', async (unrestricted) => {
    const { one, service, target } = stage.cast;
    const { id, secret } = credentialOf(await create({ unrestricted }));
    const answer = await by({ id, secret });
    const rescoped = await signIn(target, { identity: byToken(tokenOf(answer)), scope: toProject('demo') });
    expect(rescoped).toMatchObject(forbidden('Using a delegated token to create another token is not allowed.'));
    const user = User.of(target, answer);
    const trust = { trustor_user_id: one.userId, trustee_user_id: service.userId, impersonation: false };
    const refused = forbidden('Delegated tokens cannot manage trusts.');
    expect(await user.keystone('/OS-TRUST/trusts', {}, 'POST', { trust })).toMatchObject(refused);
    expect(await user.keystone(`/OS-TRUST/trusts?trustor_user_id=${one.userId}`)).toMatchObject(refused);
  });

  it('a restricted one makes no further ones, an unrestricted one does', async () => {
    const { target } = stage.cast;
    const user = async (unrestricted: boolean) => {
      const { id, secret } = credentialOf(await create({ unrestricted }));
      return User.of(target, await by({ id, secret }));
    };
    expect(await create({}, await user(false))).toMatchObject(
      forbidden(
        "Using method 'application_credential' is not allowed for managing additional application credentials.",
      ),
    );
    expect((await create({}, await user(true))).status).toBe(201);
  });

  it('with access rules it opens no service that has not said which type it is of, becomes no other token and ends none', async () => {
    const { one, target } = stage.cast;
    const access_rules = [{ service: 'database', method: 'GET', path: '/v1.0/**' }];
    const { id, secret, ...rest } = credentialOf(await create({ access_rules }));
    expect(rest['access_rules']).toEqual([{ ...access_rules[0], id: expect.any(String) }]);
    const answer = await by({ id, secret });
    expect(answer.body).toMatchObject({ token: { application_credential: { access_rules: rest['access_rules'] } } });
    const user = User.of(target, answer);
    expect(await user.get('/instances')).toMatchObject({ status: 401, body: { error: { title: 'Unauthorized' } } });
    const none = refusal(404, 'Failed to validate token');
    expect(await signIn(target, { identity: byToken(user.token), scope: toProject('demo') })).toMatchObject(none);
    const own = { 'X-Subject-Token': user.token };
    for (const method of ['GET', 'DELETE'])
      expect(await user.keystone('/auth/tokens', own, method)).toMatchObject(none);
    const said = { ...own, 'OpenStack-Identity-Access-Rules': '1' };
    expect((await user.keystone('/auth/tokens', said)).status).toBe(200);
    expect((await user.keystone('/auth/projects')).status, 'Keystone itself goes by none').toBe(200);
    const { body } = await one.keystone(`${path()}/${id}`);
    expect(body).toMatchObject({ application_credential: { access_rules: rest['access_rules'] } });
  });

  it('names are unique for a user, roles are some of his own, and nobody else makes or lists them', async () => {
    const { two } = stage.cast;
    const { name } = credentialOf(await create());
    expect((await create({ name })).status).toBe(409);
    expect(await create({ roles: [{ name: 'admin' }] })).toMatchObject(
      refusal(400, 'Invalid application credential: Cannot create an application credential with unassigned role'),
    );
    expect(await create({}, two)).toMatchObject(forbidden('identity:create_application_credential'));
    expect(await two.keystone(path())).toMatchObject(forbidden('identity:list_application_credentials'));
  });

  it('once deleted it is a 404; what Keystone has cached of its tokens may live a while longer', async () => {
    const { one } = stage.cast;
    const { id, secret } = credentialOf(await create());
    expect((await one.keystone(`${path()}/${id}`, {}, 'DELETE')).status).toBe(204);
    expect((await by({ id, secret })).status).toBe(404);
  });
}

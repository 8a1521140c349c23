import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { type Auth, createKeystone, type Scope } from '../../lib/openstack/index.ts';
import { KEYSTONE, REFUSED, START, tokenBody } from './keystone-answers.ts';
import { noNetwork } from './no-network.ts';
import { failureOf, PROJECT } from './support.ts';

noNetwork();

const PASSWORD: Auth = { method: 'password', user: { id: 'u1' }, password: 'c0rrect-horse' };
const CREDENTIAL: Auth = { method: 'applicationCredential', id: 'ac1', secret: 's3cret' };
const scope = { projectId: PROJECT };

function keystone(auth: Auth) {
  return createKeystone({ authUrl: KEYSTONE, auth, now: () => START, sleep: () => Promise.resolve() });
}

const asked = (auth: object) => nock(KEYSTONE).post('/v3/auth/tokens', { auth } as nock.RequestBodyMatcher);
const given = { 'x-subject-token': 't1' };
const FORBIDDEN = { error: { code: 403, message: 'Trustee has no delegated roles.', title: 'Forbidden' } };

interface Way {
  readonly way: string;
  readonly auth: Auth;
  readonly identity: object;
}

const WAYS: readonly Way[] = [
  {
    way: 'a user by id, with a password',
    auth: PASSWORD,
    identity: { methods: ['password'], password: { user: { id: 'u1', password: 'c0rrect-horse' } } },
  },
  {
    way: 'a user by name and the id of a domain, with a password that is looked up',
    auth: { method: 'password', user: { name: 'ann', domain: { id: 'corp' } }, password: () => 'of-now' },
    identity: {
      methods: ['password'],
      password: { user: { name: 'ann', domain: { id: 'corp' }, password: 'of-now' } },
    },
  },
  {
    way: 'a user by name and the name of a domain',
    auth: { method: 'password', user: { name: 'ann', domain: { name: 'Corp' } }, password: 'p' },
    identity: { methods: ['password'], password: { user: { name: 'ann', domain: { name: 'Corp' }, password: 'p' } } },
  },
  {
    way: 'a token',
    auth: { method: 'token', token: 'gAAAAthey-gave-me' },
    identity: { methods: ['token'], token: { id: 'gAAAAthey-gave-me' } },
  },
];

const SCOPES: readonly { readonly of: string; readonly scope: Scope; readonly body: object }[] = [
  { of: 'a project by id', scope, body: { scope: { project: { id: PROJECT } } } },
  {
    of: 'a project by name, with the name of its domain',
    scope: { projectName: 'demo', projectDomainName: 'Corp' },
    body: { scope: { project: { name: 'demo', domain: { name: 'Corp' } } } },
  },
  {
    of: 'a project by name, with the id of its domain',
    scope: { projectName: 'demo', projectDomainId: 'corp' },
    body: { scope: { project: { name: 'demo', domain: { id: 'corp' } } } },
  },
  { of: 'a trust', scope: { trustId: 'tr1' }, body: { scope: { 'OS-TRUST:trust': { id: 'tr1' } } } },
  { of: 'the default project', scope: 'default', body: {} },
];

describe('a token', () => {
  it.each(WAYS.flatMap((way) => SCOPES.map((of) => ({ ...way, ...of }))))(
    'of $of is got by $way',
    async ({ auth, identity, scope: wanted, body }) => {
      asked({ identity, ...body }).reply(201, tokenBody(), given);
      expect((await keystone(auth).token({ scope: wanted })).id).toBe('t1');
    },
  );

  it.each(SCOPES)('of $of is kept for those who ask for the same', async ({ scope: wanted, body }) => {
    asked({ identity: WAYS[0]?.identity, ...body }).reply(201, tokenBody(), given);
    const { token } = keystone(PASSWORD);
    await token({ scope: wanted });
    expect((await token({ scope: wanted })).id).toBe('t1');
  });

  it('without a project is got with any credentials, and not kept', async () => {
    asked({ identity: WAYS[0]?.identity, scope: 'unscoped' }).times(2).reply(201, { token: {} }, given);
    const { unscopedToken } = keystone(PASSWORD);
    expect([await unscopedToken(), await unscopedToken()]).toEqual(['t1', 't1']);
  });

  it('of the default project is none where the user has no such project', async () => {
    const { project: _, roles: __, catalog: ___, ...unscoped } = tokenBody().token as Record<string, unknown>;
    asked({ identity: WAYS[0]?.identity }).reply(201, { token: unscoped }, given);
    const error = await failureOf(keystone(PASSWORD).token({ scope: 'default' }));
    expect(error).toMatchObject({ code: 'no-role' });
    expect(error.message).toBe(
      'User u1 leads to no project, not to its default project; say which project, or use other credentials',
    );
  });
});

describe('an application credential', () => {
  const identity = { methods: ['application_credential'], application_credential: { id: 'ac1', secret: 's3cret' } };

  it.each<{ by: string; auth: Auth; which: object }>([
    { by: 'its id', auth: CREDENTIAL, which: { id: 'ac1' } },
    {
      by: 'its name and its user',
      auth: { method: 'applicationCredential', name: 'nightly', user: { id: 'u1' }, secret: 's3cret' },
      which: { name: 'nightly', user: { id: 'u1' } },
    },
    {
      by: 'its name and the name of its user',
      auth: {
        method: 'applicationCredential',
        name: 'nightly',
        user: { name: 'ann', domain: { name: 'Default' } },
        secret: 's3cret',
      },
      which: { name: 'nightly', user: { name: 'ann', domain: { name: 'Default' } } },
    },
  ])('signs in by $by, and asks for no scope, since Keystone takes none', async ({ auth, which }) => {
    asked({
      identity: { methods: ['application_credential'], application_credential: { ...which, secret: 's3cret' } },
    }).reply(201, tokenBody(), given);
    expect((await keystone(auth).token({ scope: 'default' })).projectId).toBe(PROJECT);
  });

  it.each<Scope>([
    scope,
    { projectName: 'Demo', projectDomainName: 'default' },
    { projectName: 'demo', projectDomainId: 'default' },
  ])('is good for its own project, however it is named: %j', async (wanted) => {
    asked({ identity }).reply(201, tokenBody(), given);
    expect((await keystone(CREDENTIAL).token({ scope: wanted })).id).toBe('t1');
  });

  it.each<[Scope, string, string]>([
    [{ projectId: 'p2' }, 'no-role', 'project p2'],
    [{ projectName: 'demo', projectDomainId: 'other' }, 'no-role', 'project "demo" of domain other'],
    [{ projectName: 'alt', projectDomainName: 'Default' }, 'no-role', 'project "alt" of domain "Default"'],
    [{ trustId: 'tr1' }, 'no-trust', 'trust tr1'],
  ])('is not good for %j', async (wanted, code, name) => {
    asked({ identity }).reply(201, tokenBody(), given);
    const error = await failureOf(keystone(CREDENTIAL).token({ scope: wanted }));
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(
      `Application credential ac1 leads to project ${PROJECT}, which cannot be changed, not to ${name}`,
    );
  });

  it('that is refused is refused for good: there is no unscoped token to tell why', async () => {
    asked({ identity }).reply(401, REFUSED);
    expect(await failureOf(keystone(CREDENTIAL).token({ scope }))).toMatchObject({ code: 'unauthorized', status: 401 });
  });
});

describe('a trust that does not hold', () => {
  const { identity } = WAYS[0] ?? { identity: {} };
  const ofTrust = { scope: { 'OS-TRUST:trust': { id: 'tr1' } } };

  it('and wrong credentials are told apart by a token without a scope', async () => {
    asked({ identity, ...ofTrust }).reply(401, REFUSED);
    asked({ identity, scope: 'unscoped' }).reply(201, {}, given);
    const error = await failureOf(keystone(PASSWORD).token({ scope: { trustId: 'tr1' } }));
    expect(error).toMatchObject({ code: 'no-trust', status: 401, cause: { code: 'unauthorized' } });
    expect(error.message).toMatch(/^User u1 cannot use trust tr1: .*; have its trustor make a new one$/);
    asked({ identity, ...ofTrust }).reply(401, REFUSED);
    asked({ identity, scope: 'unscoped' }).reply(401, REFUSED);
    expect(await failureOf(keystone(PASSWORD).token({ scope: { trustId: 'tr1' } }))).toMatchObject({
      code: 'unauthorized',
    });
  });

  it('is a 403 where it is of somebody else, or its trustor has lost the role', async () => {
    asked({ identity, ...ofTrust }).reply(403, FORBIDDEN);
    const error = await failureOf(keystone(PASSWORD).token({ scope: { trustId: 'tr1' } }));
    expect(error).toMatchObject({ code: 'no-trust', status: 403 });
  });

  it('is not made of a 403 for a project', async () => {
    asked({ identity, scope: { project: { id: PROJECT } } }).reply(403, FORBIDDEN);
    expect(await failureOf(keystone(PASSWORD).token({ scope }))).toMatchObject({ code: 'forbidden' });
  });
});

it.each<[Auth, string]>([
  [PASSWORD, 'User u1'],
  [{ method: 'token', token: 'gAAAAthey-gave-me' }, "The token's user"],
])('who has no role on a project is named without a secret', async (auth, name) => {
  nock(KEYSTONE).post('/v3/auth/tokens').reply(401, REFUSED).post('/v3/auth/tokens').reply(201, {}, given);
  const { message } = await failureOf(keystone(auth).token({ scope }));
  expect(message).toBe(
    `${name} has no role on project ${PROJECT}, or there is no such enabled project; assign the role`,
  );
});

import { expect, test } from 'vitest';
import { byPassword, signIn, tokenOf, toProject, User } from '../../contract/user.ts';
import { lab, tokenFor } from './authenticator-lab.ts';

test.each([
  {
    user: 'demo',
    scope: toProject('demo'),
    facts: { projectName: 'demo', isAdmin: false, change: true, region: false },
  },
  {
    user: 'reader',
    scope: toProject('demo'),
    facts: { projectName: 'demo', isAdmin: false, change: false, region: false },
  },
  {
    user: 'admin',
    password: 'secret',
    scope: toProject('admin'),
    facts: { projectName: 'admin', isAdmin: true, change: true, region: true },
  },
  {
    user: 'admin',
    password: 'secret',
    scope: { system: { all: true } },
    facts: { projectId: 'system', isAdmin: true, change: true, region: true },
  },
])('$user with a token of $scope is who Keystone says', async ({ user, password, scope, facts }) => {
  const { region, ask } = lab();
  const { status, body } = await ask(await tokenFor(region, user, scope, password));
  expect([status, body]).toMatchObject([200, { userName: user, token: 'gAAA', ...facts }]);
});

test('a role that means nothing here opens nothing', async () => {
  const { region, ask } = lab();
  const { status, body } = await ask(await tokenFor(region, 'autobackup', toProject('demo')));
  expect([status, body.error?.message]).toEqual([403, 'your roles in project demo do not allow instance:read']);
});

test.each([
  { what: 'none', token: undefined },
  { what: 'an empty one', token: '' },
  { what: 'nonsense', token: 'gAAAAABnonsense' },
  { what: 'two in one header', token: 'gAAAA, gAAAA' },
  { what: 'one that is too long', token: 'g'.repeat(9_000) },
  { what: 'letters that no token has', token: 'gAAAA\u00e9' },
])('without a good token ($what) it is 401 with what to do', async ({ token }) => {
  const { status, body, headers } = await lab().ask(token);
  expect(status).toBe(401);
  expect(body.error).toMatchObject({ title: 'unauthorized', hint: expect.stringContaining('openstack token issue') });
  expect(headers['www-authenticate']).toMatch(/^Keystone /);
});

test('a token without a project is 403, and the hint says how to get one', async () => {
  const { region, ask } = lab();
  const { status, body } = await ask(await tokenFor(region, 'demo', 'unscoped'));
  expect([status, body.error]).toMatchObject([
    403,
    { title: 'no-project', hint: expect.stringContaining('--os-project-name') },
  ]);
});

const rule = (service: string, path: string) => ({ service, method: 'GET', path });
test.each([
  { what: 'none', access_rules: undefined, status: 200, title: '' },
  { what: 'an empty list, which Keystone takes for none', access_rules: [], status: 200, title: '' },
  { what: 'one for Trove', access_rules: [rule('database', '/v1.0/**')], status: 401, title: 'access-rules' },
  { what: 'one for this very path', access_rules: [rule('backup', '/v1/who')], status: 401, title: 'access-rules' },
  {
    what: 'one for whatever there is',
    access_rules: [rule('', '/**'), rule('database', '/**'), rule('identity', '/**')],
    status: 401,
    title: 'access-rules',
  },
])('with an application credential, its access rules $what, it is $status', async ({ access_rules, ...expected }) => {
  const { region, said, ask } = lab({}, 1);
  const target = { authUrl: region.authUrl, fetch: region.fetch };
  const maker = User.of(target, await signIn(region, { identity: byPassword('demo'), scope: toProject('demo') }));
  const fields = { application_credential: { name: 'robot', access_rules } };
  const { body } = await maker.keystone(`/users/${maker.userId}/application_credentials`, {}, 'POST', fields);
  const { id, secret } = (body as { application_credential: { id: string; secret: string } }).application_credential;
  const proof = { methods: ['application_credential'], application_credential: { id, secret } };
  // None of them is a guess: Keystone knows them.
  for (let n = 0; n < 3; n++) {
    const token = tokenOf(await signIn(region, { identity: proof }));
    const { status, title, body: told } = await ask(token);
    expect({ status, title }).toEqual({ status: expected.status, title: expected.title });
    if (status === 401) expect(told.error?.hint).toContain('openstack application credential create');
  }
  expect(said).toEqual([]);
});

test('nothing that a request says of itself counts', async () => {
  const { region, ask } = lab();
  const token = await tokenFor(region, 'reader', toProject('demo'));
  const honest = await ask(token);
  const spoofed = {
    'x-project-id': 'p-of-another',
    'x-tenant-id': 'p-of-another',
    'x-roles': 'admin,member',
    'x-role': 'admin',
    'x-user-id': 'admin',
    'x-identity-status': 'Confirmed',
    'x-service-token': 'gAAAA',
    'x-is-admin-project': 'True',
    'openstack-system-scope': 'all',
    forwarded: 'for=127.0.0.1;by=admin',
  };
  expect((await ask(token, spoofed)).body).toEqual(honest.body);
  expect((await ask(token, spoofed, '/v1/change')).status).toBe(403);
  expect((await ask(undefined, spoofed)).status).toBe(401);
});

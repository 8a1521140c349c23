import nock from 'nock';
import { expect, test } from 'vitest';
import { createKeystone, createSubjects, type Subjects, type SubjectsOptions } from '../../lib/openstack/index.ts';
import { KEYSTONE, REFUSED, tokenBody } from './keystone-answers.ts';
import { noNetwork } from './no-network.ts';
import { failureOf, PROJECT } from './support.ts';

const SUBJECT = 'gAAAAAB-somebodys';
const scope = { projectName: 'service', projectDomainName: 'Default' };

noNetwork();

function show(over: Partial<SubjectsOptions> = {}): ReturnType<Subjects['show']> {
  const options = {
    authUrl: KEYSTONE,
    username: 'autobackup',
    password: 'c0rrect-horse',
    sleep: () => Promise.resolve(),
  };
  return createSubjects(createKeystone(options), { ...options, ...over }).show(SUBJECT, scope);
}

const signsIn = (id: string) =>
  nock(KEYSTONE)
    .post('/v3/auth/tokens')
    .reply(201, tokenBody({ expires_at: '2999-01-01T00:00:00.000000Z' }), { 'x-subject-token': id });
const asking = (own = 'own') =>
  nock(KEYSTONE, { reqheaders: { 'x-auth-token': own, 'x-subject-token': SUBJECT } }).get(
    '/v3/auth/tokens?nocatalog=1',
  );
const fault = (code: number, message: string) => ({ error: { code, message, title: 'No' } });

const USER = {
  userId: 'u1',
  userName: 'autobackup',
  isDelegated: false,
  accessRules: null,
  expiresUtc: Date.parse('2026-11-22T06:48:00Z'),
};
const NOTHING = { project: undefined, roles: undefined, is_domain: undefined, catalog: undefined };
const DOMAIN = { id: 'default', name: 'Default' };

test.each([
  {
    what: 'a project',
    change: {},
    seen: { roles: ['database_backup'], scope: { kind: 'project', id: PROJECT, name: 'demo', domain: DOMAIN } },
  },
  {
    what: 'a project that acts as a domain',
    change: { project: { id: 'd2', name: 'shops', domain: null } },
    seen: { roles: ['database_backup'], scope: { kind: 'project', id: 'd2', name: 'shops', domain: null } },
  },
  {
    what: 'a domain',
    change: { ...NOTHING, domain: DOMAIN, roles: [{ id: 'r', name: 'admin' }] },
    seen: { roles: ['admin'], scope: { kind: 'domain', ...DOMAIN } },
  },
  {
    what: 'the system',
    change: { ...NOTHING, system: { all: true }, roles: [{ id: 'r', name: 'reader' }] },
    seen: { roles: ['reader'], scope: { kind: 'system' } },
  },
  { what: 'nothing', change: NOTHING, seen: { roles: [], scope: { kind: 'none' } } },
])('a token of $what', async ({ change, seen }) => {
  signsIn('own');
  asking().reply(200, tokenBody(change));
  expect(await show()).toEqual({ ...USER, ...seen });
});

const RULE = { service: 'database', method: 'GET', path: '/v1.0/**' };
test.each([
  { what: 'no access rules', credential: {}, accessRules: null },
  { what: 'access rules', credential: { access_rules: [{ id: 'r1', ...RULE }] }, accessRules: [RULE] },
  { what: 'a list of none', credential: { access_rules: [] }, accessRules: [] },
])('a token of an application credential with $what', async ({ credential, accessRules }) => {
  signsIn('own');
  const application_credential = { id: 'c1', name: 'robot', restricted: true, ...credential };
  asking().reply(200, tokenBody({ application_credential }));
  expect(await show()).toMatchObject({ ...USER, isDelegated: true, accessRules });
});

test.each([
  { what: 'a trust', by: { 'OS-TRUST:trust': { id: 't1' } } },
  { what: 'OAuth', by: { 'OS-OAUTH1': { consumer_id: 'c1', access_token_id: 'a1' } } },
])('a token of $what is delegated too', async ({ by }) => {
  signsIn('own');
  asking().reply(200, tokenBody(by));
  expect((await show())?.isDelegated).toBe(true);
});

test.each([
  { says: true, header: ['1'] },
  { says: false, header: undefined },
])('that it goes by access rules is told where the service says so: $says', async ({ says, header }) => {
  signsIn('own');
  let sent: unknown;
  asking().reply(function answer() {
    sent = this.req.headers['openstack-identity-access-rules'];
    return [200, tokenBody()];
  });
  await show({ goesByAccessRules: says });
  expect([sent].flat()).toEqual([header].flat());
});

test.each([
  { status: 404, message: 'Could not recognize Fernet token' },
  { status: 404, message: 'Failed to validate token' },
  { status: 404, message: 'Could not find trust: 7f.' },
  { status: 403, message: 'You are not authorized to perform the requested action.' },
])('$status, $message: the token is none', async ({ status, message }) => {
  signsIn('own');
  asking().reply(status, fault(status, message));
  expect(await show()).toBeNull();
});

test.each([
  {
    what: 'the service may not ask',
    status: 403,
    body: fault(403, 'You are not authorized to perform the requested action: identity:validate_token.'),
    code: 'forbidden',
  },
  { what: "a proxy's 404", status: 404, body: '<h1>Not Found</h1>', code: 'bad-request' },
  { what: "a proxy's 403", status: 403, body: 'Forbidden', code: 'forbidden' },
  { what: 'another service', status: 404, body: { itemNotFound: { code: 404, message: 'no' } }, code: 'not-found' },
  { what: 'a redirect', status: 302, body: '', code: 'malformed' },
  { what: 'an empty success', status: 204, body: '', code: 'malformed' },
  { what: 'a body that is none', status: 200, body: { token: { user: 7 } }, code: 'malformed' },
])('$what is no word on the token: $code', async ({ status, body, code }) => {
  signsIn('own');
  asking().reply(status, body);
  expect(await failureOf(show())).toMatchObject({ code, status });
});

test("the service's own token is renewed once when Keystone has forgotten it, then it is told", async () => {
  signsIn('own');
  asking().reply(401, REFUSED);
  signsIn('new');
  asking('new').reply(200, tokenBody());
  expect(await show()).toMatchObject(USER);
  signsIn('own');
  asking().reply(401, REFUSED);
  signsIn('new');
  asking('new').reply(401, REFUSED);
  expect(await failureOf(show())).toMatchObject({ code: 'unauthorized' });
});

test('neither token is in an error, though the answer quotes them', async () => {
  signsIn('own-secret');
  asking('own-secret').reply(400, fault(400, `bad: ${SUBJECT} own-secret`));
  const { message, cause } = await failureOf(show());
  expect(`${message} ${String(cause)}`).not.toMatch(/somebodys|own-secret/);
});

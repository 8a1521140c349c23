import nock from 'nock';
import { expect, test } from 'vitest';
import { createKeystone, createProjects } from '../../lib/openstack/index.ts';
import { noNetwork } from './no-network.ts';
import { failureOf } from './support.ts';

const KEYSTONE = 'http://keystone.test:5000';
const admin = { projectName: 'service', projectDomainName: 'Default' };
const named = { name: 'scratch & co', domainName: 'Default' };

noNetwork();

function projects() {
  const options = {
    authUrl: KEYSTONE,
    username: 'autobackup',
    password: 'c0rrect-horse',
    sleep: () => Promise.resolve(),
  };
  return createProjects(createKeystone(options), options);
}

function answerToken(id: string): void {
  const token = {
    user: { id: 'u1' },
    issued_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    project: { id: 'p-service', name: 'service' },
    roles: [{ name: 'admin' }],
    catalog: [],
  };
  nock(KEYSTONE).post('/v3/auth/tokens').reply(201, { token }, { 'x-subject-token': id });
}

const asking = (token: string) => nock(KEYSTONE, { reqheaders: { 'x-auth-token': token } });

test('a project is found by its name within its domain', async () => {
  answerToken('t1');
  asking('t1')
    .get('/v3/domains')
    .query({ name: 'Default' })
    .reply(200, { domains: [{ id: 'default', name: 'Default' }] });
  asking('t1')
    .get('/v3/projects')
    .query({ name: 'scratch & co', domain_id: 'default' })
    .reply(200, { projects: [{ id: 'p-scratch', name: 'scratch & co' }] });
  expect(await projects().find(named, admin)).toBe('p-scratch');
});

test('an unknown domain and an unknown project are null', async () => {
  answerToken('t1');
  asking('t1').get('/v3/domains').query({ name: 'Default' }).reply(200, { domains: [] });
  expect(await projects().find(named, admin)).toBeNull();
  answerToken('t2');
  asking('t2')
    .get('/v3/domains')
    .query({ name: 'Default' })
    .reply(200, { domains: [{ id: 'default' }] });
  asking('t2')
    .get(/projects/)
    .reply(200, { projects: [] });
  expect(await projects().find(named, admin)).toBeNull();
});

test("a project is shown by its id, and null is Keystone's own word that it has none of that id", async () => {
  answerToken('t1');
  const project = { id: 'p-left', name: 'left', domain_id: 'default', enabled: false };
  asking('t1').get('/v3/projects/p-left').reply(200, { project });
  const { domain_id: domainId, ...rest } = project;
  expect(await projects().show('p-left', admin)).toEqual({ ...rest, domainId });
  const absent = (id: string) => ({
    error: { code: 404, title: 'Not Found', message: `Could not find project: ${id}.` },
  });
  answerToken('t2');
  asking('t2').get('/v3/projects/p-left').reply(404, absent('p-left'));
  expect(await projects().show('p-left', admin)).toBeNull();
  for (const [token, body] of [
    ['t3', absent('p-other')],
    ['t4', '<h1>404</h1>'],
  ] as const) {
    answerToken(token);
    asking(token).get('/v3/projects/p-left').reply(404, body);
    expect((await failureOf(projects().show('p-left', admin))).code).toMatch(/^(not-found|bad-request)$/);
  }
});

test('a token that Keystone has forgotten is renewed once', async () => {
  answerToken('old');
  asking('old')
    .get(/domains/)
    .reply(401, { error: { code: 401, title: 'Unauthorized', message: 'no' } });
  answerToken('new');
  asking('new')
    .get(/domains/)
    .reply(200, { domains: [] });
  expect(await projects().find(named, admin)).toBeNull();
});

test('an answer of the wrong shape names the field', async () => {
  answerToken('t1');
  asking('t1')
    .get(/domains/)
    .reply(200, { domains: [{ id: 7 }] });
  expect(await failureOf(projects().find(named, admin))).toMatchObject({ code: 'malformed', field: 'domains[0].id' });
});

test('without admin it is forbidden', async () => {
  answerToken('t1');
  asking('t1')
    .get(/domains/)
    .reply(403, { error: { code: 403, title: 'Forbidden', message: 'not allowed' } });
  expect(await failureOf(projects().find(named, admin))).toMatchObject({ code: 'forbidden' });
});

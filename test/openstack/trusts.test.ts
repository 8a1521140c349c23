import nock from 'nock';
import { expect, test } from 'vitest';
import { createKeystone, createProjects, createTrusts } from '../../lib/openstack/index.ts';
import { KEYSTONE, START, tokenBody } from './keystone-answers.ts';
import { noNetwork } from './no-network.ts';
import { failureOf, PROJECT } from './support.ts';

noNetwork();

function identity() {
  const options = {
    authUrl: KEYSTONE,
    username: 'autobackup',
    password: 'c0rrect-horse',
    now: () => START,
    sleep: () => Promise.resolve(),
  };
  const keystone = createKeystone(options);
  return { trusts: createTrusts(keystone, options), projects: createProjects(keystone, options) };
}

const home = { projectName: 'service', projectDomainName: 'Default' };
const logsIn = (scope: unknown, id = 't1') =>
  nock(KEYSTONE)
    .post('/v3/auth/tokens', ({ auth }) => JSON.stringify(auth.scope) === JSON.stringify(scope))
    .reply(201, tokenBody(), { 'x-subject-token': id });
const HOME = { project: { name: 'service', domain: { name: 'Default' } } };
const asking = (token: string) => nock(KEYSTONE, { reqheaders: { 'x-auth-token': token } });

/** As Keystone 22 lists one, without roles. */
const ROW = {
  id: 'tr1',
  trustor_user_id: 'u-demo',
  trustee_user_id: 'u1',
  project_id: PROJECT,
  impersonation: false,
  expires_at: '2026-12-24T00:00:00.000000Z',
  remaining_uses: null,
  deleted_at: null,
  redelegated_trust_id: null,
  redelegation_count: 0,
  links: { self: 'http://keystone.test/v3/OS-TRUST/trusts/tr1' },
};
const TRUST = {
  id: 'tr1',
  trustorUserId: 'u-demo',
  trusteeUserId: 'u1',
  projectId: PROJECT,
  impersonation: false,
  expiresUtc: Date.parse('2026-12-24T00:00:00Z'),
  remainingUses: null,
  deleted: false,
};

test('the trusts given to us are those whose trustee is the user of the token', async () => {
  logsIn(HOME);
  const endless = {
    ...ROW,
    id: 'tr2',
    expires_at: null,
    remaining_uses: 3,
    deleted_at: ROW.expires_at,
    project_id: null,
  };
  asking('t1')
    .get('/v3/OS-TRUST/trusts')
    .query({ trustee_user_id: 'u1' })
    .reply(200, { trusts: [ROW, endless], links: {} });
  expect(await identity().trusts.received(home)).toEqual([
    TRUST,
    { ...TRUST, id: 'tr2', expiresUtc: null, remainingUses: 3, deleted: true, projectId: null },
  ]);
});

test('one trust is shown with the names of its roles', async () => {
  logsIn(HOME);
  asking('t1')
    .get('/v3/OS-TRUST/trusts/tr1')
    .reply(200, { trust: { ...ROW, roles: [{ id: 'r1', name: 'member', links: {} }] } });
  expect(await identity().trusts.show('tr1', home)).toEqual({ ...TRUST, roles: ['member'] });
});

test('a trust that has ended is not found, by its id', async () => {
  logsIn(HOME);
  const error = { code: 404, message: 'Could not find trust: tr9.', title: 'Not Found' };
  asking('t1').get('/v3/OS-TRUST/trusts/tr9').reply(404, { error });
  expect(await failureOf(identity().trusts.show('tr9', home))).toMatchObject({ code: 'not-found', resourceId: 'tr9' });
});

test('a field of the wrong type is named', async () => {
  logsIn(HOME);
  asking('t1')
    .get(/trusts/)
    .reply(200, { trusts: [ROW, { ...ROW, impersonation: 'yes' }] });
  expect(await failureOf(identity().trusts.received(home))).toMatchObject({
    code: 'malformed',
    field: 'trusts[1].impersonation',
  });
});

test('the projects that are open to the user are read without a project', async () => {
  logsIn('unscoped', 't0');
  const project = { id: PROJECT, name: 'demo', domain_id: 'default', enabled: true, description: '', links: {} };
  asking('t0')
    .get('/v3/auth/projects')
    .reply(200, { projects: [project] });
  expect(await identity().projects.mine()).toEqual([{ id: PROJECT, name: 'demo', domainId: 'default', enabled: true }]);
});

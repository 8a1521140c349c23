import nock from 'nock';
import { expect, test } from 'vitest';
import { createOwnToken } from '../../lib/openstack/index.ts';
import { noNetwork } from './no-network.ts';
import { failureOf } from './support.ts';

const KEYSTONE = 'http://keystone.test:5000';
noNetwork();

const own = () => createOwnToken('t-secret', { authUrl: KEYSTONE, sleep: () => Promise.resolve() });
const asking = () => nock(KEYSTONE, { reqheaders: { 'x-auth-token': 't-secret' } });
const ending = () =>
  nock(KEYSTONE, { reqheaders: { 'x-auth-token': 't-secret', 'x-subject-token': 't-secret' } }).delete(
    '/v3/auth/tokens',
  );
const fault = (code: number, message: string) => ({ error: { code, message, title: 'x' } });

test('the projects are those that are enabled', async () => {
  const projects = [
    { id: 'p1', name: 'shop', enabled: true, domain_id: 'default' },
    { id: 'p2', name: 'old', enabled: false, domain_id: 'default' },
  ];
  asking().get('/v3/auth/projects').reply(200, { projects });
  expect(await own().projects()).toEqual([{ id: 'p1', name: 'shop' }]);
});

test('a Keystone that stumbles is asked again, for both', async () => {
  asking().get('/v3/auth/projects').reply(503, '').get('/v3/auth/projects').reply(200, { projects: [] });
  expect(await own().projects()).toEqual([]);
  ending().reply(500, '');
  ending().reply(204);
  await own().revoke();
  expect(nock.isDone()).toBe(true);
});

test.each([
  [401, 'The request you have made requires authentication.'],
  [404, 'Could not find token: t-secret.'],
])('a token that is none any more (%i) is ended', async (status, message) => {
  ending().reply(status, fault(status, message));
  await own().revoke();
  expect(nock.isDone()).toBe(true);
});

test('what fails is said without the token', async () => {
  asking().get('/v3/auth/projects').reply(401, fault(401, 'no t-secret'));
  const listing = await failureOf(own().projects());
  expect(listing).toMatchObject({ code: 'unauthorized' });
  ending().reply(403, fault(403, 't-secret may not'));
  const revoking = await failureOf(own().revoke());
  expect(revoking).toMatchObject({ code: 'forbidden' });
  for (const error of [listing, revoking]) expect(error.message).not.toContain('t-secret');
});

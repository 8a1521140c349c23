import { expect, it } from 'vitest';
import { byPassword, signIn, tokenOf, User } from '../contract/user.ts';
import { openWorld } from './world.ts';

/** A trust of `demo` for `autobackup`, and what a token by it gets of Trove. */
async function trusted() {
  const world = await openWorld();
  const { region, demo } = world;
  const { authUrl, fetch } = region;
  const trustee = region.createUser({ name: 'trustee', password: 'trustee' });
  const trust = { trustor_user_id: demo.userId, trustee_user_id: trustee.id, project_id: demo.projectId };
  const body = { trust: { ...trust, impersonation: false, roles: [{ name: 'member' }] } };
  const made = await demo.keystone('/OS-TRUST/trusts', {}, 'POST', body);
  const { id } = (made.body as { trust: { id: string } }).trust;
  const sign = () =>
    signIn({ authUrl, fetch }, { identity: byPassword('trustee'), scope: { 'OS-TRUST:trust': { id } } });
  return { ...world, sign, user: User.of({ authUrl, fetch }, await sign()) };
}

it('a trust is worth nothing while its trustor lacks the role: Keystone says 403, and Trove, which asks it, 503', async () => {
  const { region, demo, sign, user } = await trusted();
  region.revoke(demo.userId, 'member', demo.projectId);
  expect((await sign()).status).toBe(403);
  const answer = await user.get('/backups');
  expect(answer.status).toBe(503);
  expect(answer.body).toContain('The Keystone service is temporarily unavailable.');
  region.grant(demo.userId, 'member', demo.projectId);
  expect((await user.get('/backups')).status).toBe(200);
});

it('Trove goes on believing a token for five minutes after its role was taken away, and then no more', async () => {
  const { clock, region, demo } = await openWorld();
  expect((await demo.get('/backups')).status).toBe(200);
  region.revoke(demo.userId, 'member', demo.projectId);
  clock.advance(299_000);
  expect((await demo.get('/backups')).status).toBe(200);
  clock.advance(2_000);
  expect((await demo.get('/backups')).status).toBe(401);
});

it('a token that has run out is believed by nobody', async () => {
  const { clock, region } = await openWorld({ tokenS: 60 });
  const { authUrl, fetch } = region;
  const answer = await signIn({ authUrl, fetch }, { identity: byPassword('demo') });
  clock.advance(60_000);
  const headers = { 'X-Auth-Token': tokenOf(answer) };
  expect((await fetch(`${authUrl}/auth/projects`, { headers })).status).toBe(401);
});

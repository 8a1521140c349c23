import { describe, expect, test } from 'vitest';
import { IDLE_MS } from '../../../daemon/http/session/sessions.ts';
import { ask, clock, keystone, person, signIn } from './session-lab.ts';

describe('a cookie', () => {
  test('changes nothing without the token of its session', async () => {
    const { reading, page } = await signIn();
    const other = await signIn(person('binh'));
    for (const headers of [reading, { ...page, 'x-csrf-token': other.page['x-csrf-token'] }]) {
      const answer = await ask('POST', '/v1/me', { headers });
      expect([answer.status, answer.body.error.title]).toEqual([403, 'csrf']);
    }
    const foreign = await ask('POST', '/v1/me', { headers: { ...page, origin: 'https://evil.test' } });
    expect([foreign.status, foreign.body.error.title]).toEqual([403, 'cross-origin']);
  });

  test('does not count beside a token, and its absence of CSRF neither', async () => {
    const { reading } = await signIn();
    const headers = { ...reading, 'x-auth-token': 'member@p7' };
    expect((await ask('POST', '/v1/me', { headers })).body).toEqual({ user: 'user-member', project: 'p7' });
    expect((await ask('GET', '/v1/me', { headers: { ...reading, 'x-auth-token': '' } })).status).toBe(401);
  });

  test('of no session, or of one that is over, is told apart from no sign-in at all', async () => {
    const { reading } = await signIn();
    clock.pass(IDLE_MS);
    for (const cookie of [reading.cookie, `trove-autobackup=${'a'.repeat(43)}`]) {
      const answer = await ask('GET', '/v1/me', { headers: { cookie } });
      expect([answer.status, answer.body.error.title]).toEqual([401, 'signed-out']);
    }
  });

  test('is worth nothing once Keystone takes its user’s role away', async () => {
    const { reading } = await signIn();
    keystone.members['anna'] = [];
    expect((await ask('GET', '/v1/me', { headers: reading })).status).toBe(401);
    keystone.members['anna'] = ['shop'];
    expect((await ask('GET', '/v1/me', { headers: reading })).status, 'the session has ended').toBe(401);
  });

  test('outlives a Keystone that is away', async () => {
    const { reading } = await signIn();
    keystone.away = true;
    expect((await ask('GET', '/v1/me', { headers: reading })).status).toBe(503);
    keystone.away = false;
    expect((await ask('GET', '/v1/me', { headers: reading })).status).toBe(200);
  });
});

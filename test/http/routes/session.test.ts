import { describe, expect, test } from 'vitest';
import { ask, clock, keystone, person, signIn } from './session-lab.ts';

describe('signing in', () => {
  test('by password opens a session in the default project', async () => {
    const { status, body, headers } = await signIn();
    expect(status).toBe(200);
    expect(body.session).toEqual({
      user: { id: 'anna', name: 'anna' },
      project: { id: 'shop', name: 'shop' },
      roles: ['member'],
      is_admin: false,
      may: expect.arrayContaining(['schedule:change', 'instance:read']),
      expires_at: '2026-11-30T12:00:00.000Z',
      projects: [
        { id: 'shop', name: 'shop' },
        { id: 'lab', name: 'lab' },
      ],
      csrf: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(body.session.may).not.toContain('region:read');
    expect(String(headers['set-cookie'])).toMatch(/^trove-autobackup=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(JSON.stringify(body)).not.toContain('anna/');
  });

  test('in a project that is named, and the cookie is then as good as a token', async () => {
    const { body, reading, page } = await signIn(person('anna', { project: 'lab' }));
    expect(body.session.project.id).toBe('lab');
    expect((await ask('GET', '/v1/me', { headers: reading })).body).toEqual({ user: 'anna', project: 'lab' });
    expect((await ask('POST', '/v1/me', { headers: page })).status).toBe(200);
  });

  test.each([
    ['a wrong password', { user: 'anna', password: 'no' }, 401, 'sign-in-refused'],
    ['a user that is none', person('nobody', { password: 'x' }), 401, 'sign-in-refused'],
    ['a project without a role', person('binh', { project: 'lab' }), 403, 'no-role'],
    ['nobody with a role anywhere', person('chi'), 403, 'no-role'],
    ['a token that is none', { token: 'x/y/1' }, 401, 'unauthorized'],
    ['both at once', { ...person('anna'), token: 'x' }, 400, 'invalid'],
    ['nothing', {}, 400, 'invalid'],
  ])('with %s is refused', async (_, body, status, title) => {
    const answer = await signIn(body);
    expect([answer.status, answer.body.error.title, answer.cookie]).toEqual([status, title, '']);
  });

  test('leaves no token behind where it fails half-way', async () => {
    await signIn(person('binh', { project: 'lab' }));
    const { page } = await signIn(person('binh'));
    await ask('DELETE', '/v1/session', { headers: page });
    expect(keystone.revoked).toContain('binh/-/1');
  });

  test('from a page of another origin is refused before anybody is asked', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await ask('POST', '/v1/session', { body: person('anna'), headers })).status).toBe(403);
    expect(keystone.asked).toBe(0);
  });

  test('anew ends the session before, so that no id lives on', async () => {
    const first = await signIn();
    await ask('POST', '/v1/session', { body: person('binh'), headers: first.reading });
    expect((await ask('GET', '/v1/me', { headers: first.reading })).status).toBe(401);
  });

  test('while Keystone is away is 503, and says when to try again', async () => {
    keystone.away = true;
    expect((await signIn()).status).toBe(503);
  });
});

describe('GET /v1/session', () => {
  test('tells a page that was loaded anew what it needs', async () => {
    const { reading, body } = await signIn();
    const answer = await ask('GET', '/v1/session', { headers: reading });
    expect([answer.status, answer.body]).toEqual([200, body]);
  });

  test.each(['reader', 'member', 'admin', 'janitor'])('tells a %s by token what he may, and no CSRF', async (role) => {
    const { status, body } = await ask('GET', '/v1/session', { headers: { 'x-auth-token': `${role}@p1` } });
    expect([status, body.session.csrf, body.session.projects]).toEqual([200, null, []]);
    expect(body.session.may.includes('instance:read')).toBe(role !== 'janitor');
    expect(body.session.may.includes('region:read')).toBe(role === 'admin');
  });

  test('is 401 without either', async () => {
    expect((await ask('GET', '/v1/session')).status).toBe(401);
  });

  test('asks for the projects once a minute at most, and tells the last it knew', async () => {
    const { reading } = await signIn();
    keystone.members['anna'] = ['shop'];
    const projects = async () => (await ask('GET', '/v1/session', { headers: reading })).body.session.projects.length;
    expect(await projects()).toBe(2);
    clock.pass(60_000);
    expect(await projects()).toBe(1);
  });
});

describe('going to another project', () => {
  const go = (project_id: string, headers: Readonly<Record<string, string>>) =>
    ask('PUT', '/v1/session', { body: { project_id }, headers });

  test('is the same session with another token, and the one before is ended', async () => {
    const { page, reading, body } = await signIn();
    const answer = await go('lab', page);
    expect([answer.status, answer.body.session.project.id]).toEqual([200, 'lab']);
    expect(answer.body.session.csrf).toBe(body.session.csrf);
    expect((await ask('GET', '/v1/me', { headers: reading })).body.project).toBe('lab');
    await ask('DELETE', '/v1/session', { headers: page });
    expect(keystone.revoked.toSorted()).toEqual(['anna/-/1', 'anna/lab/3', 'anna/shop/2']);
  });

  test.each([
    ['where one has no role', 'attic', 403],
    ['that is no id', 'a b', 400],
  ])('%s is refused, and changes nothing', async (_, id, status) => {
    const { page, reading } = await signIn();
    expect((await go(id, page)).status).toBe(status);
    expect((await ask('GET', '/v1/me', { headers: reading })).body.project).toBe('shop');
  });

  test('too often is 429', async () => {
    const { page } = await signIn();
    for (let n = 0; n < 30; n++) expect((await go(n % 2 === 0 ? 'lab' : 'shop', page)).status).toBe(200);
    const refused = await go('lab', page);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '2']);
  });

  test('needs a session, and the word of its page', async () => {
    const { reading } = await signIn();
    expect((await go('lab', reading)).status).toBe(403);
    expect((await go('lab', {})).status).toBe(401);
    expect((await go('lab', { 'x-auth-token': 'member@p1' })).status).toBe(400);
  });
});

describe('signing out', () => {
  test('ends the session, its tokens and the cookie', async () => {
    const { page, reading } = await signIn();
    const answer = await ask('DELETE', '/v1/session', { headers: page });
    expect([answer.status, answer.cookie]).toEqual([204, 'trove-autobackup=']);
    expect(String(answer.headers['set-cookie'])).toContain('Max-Age=0');
    expect(keystone.revoked.toSorted()).toEqual(['anna/-/1', 'anna/shop/2']);
    expect((await ask('GET', '/v1/me', { headers: reading })).status).toBe(401);
  });

  test('leaves a token alone that somebody brought', async () => {
    const token = keystone.give('anna', 'shop');
    const { page, body } = await signIn({ token });
    expect(body.session.project.id).toBe('shop');
    await ask('DELETE', '/v1/session', { headers: page });
    expect(keystone.revoked).toEqual([]);
  });

  test('lets a token live for a while that Trove works with', async () => {
    const { page } = await signIn();
    await ask('POST', '/v1/restore', { headers: page });
    await ask('DELETE', '/v1/session', { headers: page });
    expect(keystone.revoked).toEqual(['anna/-/1']);
  });

  test('works also where there is nothing to end, or no Keystone', async () => {
    expect((await ask('DELETE', '/v1/session')).status).toBe(204);
    const { page } = await signIn();
    keystone.away = true;
    expect((await ask('DELETE', '/v1/session', { headers: page })).status).toBe(204);
  });

  test('is not done by another page, nor for a token of one’s own', async () => {
    const { reading, page } = await signIn();
    expect((await ask('DELETE', '/v1/session', { headers: reading })).status).toBe(403);
    expect((await ask('DELETE', '/v1/session', { headers: { ...page, 'x-auth-token': 'member@p1' } })).status).toBe(
      400,
    );
    expect((await ask('GET', '/v1/me', { headers: reading })).status).toBe(200);
  });
});

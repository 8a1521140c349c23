import { expect, it } from 'vitest';
import type { Stage } from './stage.ts';
import { type Answer, byPassword, byToken, signIn, tokenOf, toProject } from './user.ts';

interface Issued {
  readonly methods: readonly string[];
  readonly audit_ids: readonly string[];
  readonly expires_at: string;
  readonly project?: { readonly name: string };
  readonly system?: unknown;
  readonly catalog?: readonly { readonly type: string; readonly endpoints: readonly unknown[] }[];
}

const UNAUTHORIZED = {
  error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' },
};
const MALFORMED =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.';

const issued = ({ body }: Answer): Issued => (body as { readonly token: Issued }).token;

/** Of tokens: how they come from one another, what ends them, and what Keystone says of a wrong sign-in. */
export function describeTokens(stage: Stage): void {
  const sign = (auth: unknown) => signIn(stage.cast.target, auth);
  const unscoped = () => sign({ identity: byPassword('demo'), scope: 'unscoped' });

  it('an unscoped token becomes one of a project, which ends when the first one ends', async () => {
    const first = await unscoped();
    const second = await sign({ identity: byToken(tokenOf(first)), scope: toProject('demo') });
    expect(second.status).toBe(201);
    expect([...issued(second).methods].sort()).toEqual(['password', 'token']); // a set: in any order
    expect(issued(second)).toMatchObject({
      project: { name: 'demo' },
      expires_at: issued(first).expires_at,
      audit_ids: [expect.any(String), issued(first).audit_ids[0]],
    });
    expect(issued(await sign({ identity: byToken(tokenOf(second)) })).project).toBeUndefined();
  });

  it('a token of one project becomes one of another, if its user has a role there', async () => {
    const demo = await sign({ identity: byPassword('autobackup'), scope: toProject('demo') });
    const alt = await sign({ identity: byToken(tokenOf(demo)), scope: toProject('alt') });
    expect(issued(alt).project?.name).toBe('alt');
    const refused = await sign({ identity: byToken(tokenOf(await unscoped())), scope: toProject('alt') });
    expect([refused.status, refused.body]).toEqual([401, UNAUTHORIZED]);
  });

  it('a token that is none is a 404, not a 401', async () => {
    const answer = await sign({ identity: byToken('gAAAAABnonsense'), scope: toProject('demo') });
    expect([answer.status, answer.body]).toEqual([
      404,
      { error: { code: 404, message: 'Could not recognize Fernet token', title: 'Not Found' } },
    ]);
  });

  it('a revoked token is worth nothing to Keystone, but those that came from it, and it came from, live on', async () => {
    const first = await unscoped();
    const [second, third] = [
      await sign({ identity: byToken(tokenOf(first)), scope: toProject('demo') }),
      await sign({ identity: byToken(tokenOf(first)), scope: toProject('demo') }),
    ];
    const { target, admin } = stage.cast;
    const as = (answer: Answer, method = 'GET', path = '/auth/projects') =>
      target.fetch(`${target.authUrl}${path}`, {
        method,
        headers: { 'X-Auth-Token': tokenOf(answer), 'X-Subject-Token': tokenOf(answer) },
      });
    expect((await as(second, 'DELETE', '/auth/tokens')).status).toBe(204);
    expect((await as(second)).status).toBe(401);
    expect(await admin.keystone('/auth/tokens', { 'X-Subject-Token': tokenOf(second) })).toMatchObject({
      status: 404,
      body: { error: { message: 'Failed to validate token' } },
    });
    expect((await as(first)).status).toBe(200);
    expect((await as(first, 'DELETE', '/auth/tokens')).status).toBe(204);
    expect((await as(third)).status).toBe(200);
  });

  it('Trove believes a token it has seen for five minutes, revoked or not', async () => {
    const { target, one } = stage.cast;
    const answer = await sign({ identity: byPassword('autobackup'), scope: { project: { id: one.projectId } } });
    const headers = { 'X-Auth-Token': tokenOf(answer), 'X-Subject-Token': tokenOf(answer) };
    const ask = async () => (await target.fetch(`${one.troveUrl}/limits`, { headers })).status;
    expect(await ask()).toBe(200);
    await target.fetch(`${target.authUrl}/auth/tokens`, { method: 'DELETE', headers });
    expect(await ask()).toBe(200);
  });

  it('nobody but an admin sees or ends another’s token', async () => {
    const { one, two } = stage.cast;
    for (const [method, rule] of [
      ['GET', 'identity:validate_token'],
      ['DELETE', 'identity:revoke_token'],
    ] as const) {
      const answer = await one.keystone('/auth/tokens', { 'X-Subject-Token': two.token }, method);
      expect(answer).toMatchObject({
        status: 403,
        body: { error: { message: `You are not authorized to perform the requested action: ${rule}.` } },
      });
    }
    expect((await one.keystone('/auth/tokens', { 'X-Subject-Token': one.token }, 'HEAD')).status).toBe(200);
  });

  it('the system is open to an admin of it; its catalogue has no url that needs a project', async () => {
    const answer = await sign({ identity: byPassword('admin', 'secret'), scope: { system: { all: true } } });
    const { system, catalog = [] } = issued(answer);
    expect(system).toEqual({ all: true });
    const endpoints = Object.fromEntries(catalog.map(({ type, endpoints: of }) => [type, of.length]));
    expect(endpoints).toEqual({ 'object-store': 0, database: 0, identity: 3 });
    expect((await sign({ identity: byPassword('demo'), scope: { system: { all: true } } })).body).toEqual(UNAUTHORIZED);
  });

  it('Trove has nothing for a token of no project', async () => {
    const { target, one } = stage.cast;
    const headers = { 'X-Auth-Token': tokenOf(await unscoped()), Accept: 'application/json' };
    const response = await target.fetch(`${one.troveUrl}/backups`, { headers });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('User with tenant id None') });
  });

  it.each([
    ['an unknown method', { identity: { methods: ['frob'], frob: {} } }, 401, /^Attempted to authenticate with an un/],
    ['a method without its proof', { identity: { methods: ['token'] } }, 400, /^Expecting to find token in identity\./],
    ['no method', { identity: {} }, 400, /^Invalid input for field 'identity': 'methods' is a required property/],
    ['no identity', {}, 400, /^'identity' is a required property/],
    [
      'an empty scope',
      { identity: byPassword('demo'), scope: {} },
      400,
      /^Expecting to find system, project, domain, /,
    ],
    [
      'a project without a domain',
      { identity: byPassword('demo'), scope: { project: { name: 'demo' } } },
      400,
      /^Expecting to find domain in project\./,
    ],
    [
      'a project without a name',
      { identity: byPassword('demo'), scope: { project: {} } },
      400,
      /^Invalid input for field scope\/project: id or name must be present\.$/,
    ],
    [
      'a user without a domain',
      { identity: { methods: ['password'], password: { user: { name: 'demo', password: 'demo' } } } },
      400,
      /^Expecting to find domain in user\./,
    ],
    [
      'a trust without an id',
      { identity: byPassword('demo'), scope: { 'OS-TRUST:trust': {} } },
      400,
      /^Expecting to find trust_id in trust\./,
    ],
  ])('of a sign-in with %s Keystone says what is missing', async (_, auth, status, message) => {
    const answer = await sign(auth);
    expect(answer).toMatchObject({
      status,
      body: { error: { code: status, message: expect.stringMatching(message) } },
    });
  });

  it('a sign-in that is no JSON is a 400', async () => {
    const { target } = stage.cast;
    const headers = { 'Content-Type': 'application/json' };
    const response = await target.fetch(`${target.authUrl}/auth/tokens`, { method: 'POST', headers, body: '{' });
    const message = `Expecting to find valid JSON in request body. ${MALFORMED}`;
    expect(await response.json()).toEqual({ error: { code: 400, message, title: 'Bad Request' } });
  });
}

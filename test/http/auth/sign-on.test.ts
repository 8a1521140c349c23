import { beforeEach, expect, test } from 'vitest';
import { createSignOn } from '../../../daemon/http/auth/sign-on.ts';
import type { SignOnPort } from '../../../daemon/http/session/sign-on.ts';
import { createRegion, type Region } from '../../../lib/simulator/index.ts';

let region: Region;
let signOn: SignOnPort;
beforeEach(() => {
  region = createRegion();
  region.seedStandardIdentities();
  signOn = createSignOn(() => ({
    authUrl: region.authUrl,
    fetch: region.fetch as typeof fetch,
    sleep: () => Promise.resolve(),
  }));
});

const person = (user: string, over = {}) => ({ user, domain: 'Default', password: user, ...over });
const project = (name: string): string => region.projects().find((one) => one.name === name)?.id ?? '';
const enter = async (user: string) => await signOn.byPassword(person(user));
const refused = (status: number, title: string) => expect.objectContaining({ name: 'ApiError', status, title });

/** As somebody's own token says it. */
async function whose(token: string): Promise<{ project?: { name: string } }> {
  const headers = { 'X-Auth-Token': token, 'X-Subject-Token': token };
  const response = await region.fetch(`${region.authUrl}/auth/tokens`, { headers });
  return ((await response.json()) as { token: { project?: { name: string } } }).token;
}

test('a password gives a token of no project, which gives one of each by name and by id', async () => {
  const base = await enter('autobackup');
  expect((await whose(base)).project).toBeUndefined();
  for (const wanted of [{ name: 'alt', domain: 'Default' }, { id: project('alt') }]) {
    expect((await whose(await signOn.tokenOf(base, wanted))).project?.name).toBe('alt');
  }
});

test('without a default project it is the first by name', async () => {
  const base = await enter('autobackup');
  const [first] = (await signOn.projects(base)).map(({ name }) => name).sort();
  expect((await whose(await signOn.tokenOf(base, 'any'))).project?.name).toBe(first);
});

test.each([
  { what: 'is his default one', user: { defaultProject: 'trove', roles: ['alt', 'trove'] }, seen: 'trove' },
  {
    what: 'is the first by name where he has no role there',
    user: { defaultProject: 'trove', roles: ['demo', 'alt'] },
    seen: 'alt',
  },
  {
    what: 'is the first by name where that is gone',
    user: { defaultProject: 'none', roles: ['demo', 'alt'] },
    seen: 'alt',
  },
  {
    what: 'is the first by name where that is disabled',
    user: { defaultProject: 'off', roles: ['off', 'demo'] },
    seen: 'demo',
  },
])('the project of who names none $what', async ({ user: { defaultProject, roles }, seen }) => {
  for (const name of ['trove', 'off']) region.createProject({ name });
  const defaultProjectId = project(defaultProject) || 'f'.repeat(32);
  const { id } = region.createUser({ name: 'nomad', password: 'nomad', defaultProjectId });
  for (const name of roles) region.grant(id, 'member', project(name));
  for (const one of region.projects()) one.enabled = one.name !== 'off';
  const base = await enter('nomad');
  expect((await whose(base)).project).toBeUndefined();
  expect((await whose(await signOn.tokenOf(base, 'any'))).project?.name).toBe(seen);
});

test.each([
  ['a wrong password', person('demo', { password: 'no' })],
  ['an unknown user', person('nobody')],
  ['an unknown domain', person('demo', { domain: 'Nowhere' })],
])('%s is refused, and not told apart', async (_, who) => {
  await expect(signOn.byPassword(who)).rejects.toEqual(refused(401, 'sign-in-refused'));
});

test.each([
  ['without a role', 'alt'],
  ['that is none', 'nowhere'],
])('a project %s is refused, and not told apart', async (_, name) => {
  const base = await enter('demo');
  await expect(signOn.tokenOf(base, { name, domain: 'Default' })).rejects.toEqual(refused(403, 'no-role'));
  await expect(signOn.tokenOf(base, { id: project(name) || 'f'.repeat(32) })).rejects.toEqual(refused(403, 'no-role'));
});

test('who has a role nowhere is told so', async () => {
  region.createUser({ name: 'new', password: 'new' });
  const base = await enter('new');
  const told = { message: 'you have a role on no project' };
  await expect(signOn.tokenOf(base, 'any')).rejects.toMatchObject(told);
});

test('a revoked token gives no other, and is revoked twice without a word', async () => {
  const base = await enter('demo');
  await signOn.revoke(base);
  await signOn.revoke(base);
  for (const wanted of ['any', { id: project('demo') }] as const) {
    await expect(signOn.tokenOf(base, wanted)).rejects.toEqual(refused(401, 'signed-out'));
  }
  await expect(signOn.projects(base)).rejects.toEqual(refused(401, 'signed-out'));
});

test('a token of an application credential opens its own project alone', async () => {
  const base = await enter('demo');
  const token = await signOn.tokenOf(base, { id: project('demo') });
  const ask = (path: string, body: unknown) =>
    region.fetch(region.authUrl + path, {
      method: 'POST',
      headers: { 'X-Auth-Token': token },
      body: JSON.stringify(body),
    });
  const { user } = (await whose(token)) as { user?: { id: string } };
  const made = await ask(`/users/${user?.id}/application_credentials`, { application_credential: { name: 'page' } });
  const { application_credential: credential } = (await made.json()) as { application_credential: object };
  const identity = { methods: ['application_credential'], application_credential: credential };
  const delegated = (await ask('/auth/tokens', { auth: { identity } })).headers.get('x-subject-token') ?? '';
  await expect(signOn.tokenOf(delegated, { id: project('demo') })).rejects.toMatchObject({
    status: 403,
    message: 'this token opens its own project alone',
  });
});

test('while Keystone is away it is 503, not the user’s fault', async () => {
  const base = await enter('demo');
  region.intercept(async () => new Response('', { status: 502 }));
  const away = refused(503, 'keystone-unavailable');
  await expect(enter('demo')).rejects.toEqual(away);
  await expect(signOn.tokenOf(base, 'any')).rejects.toEqual(away);
  await expect(signOn.tokenOf(base, { id: project('demo') })).rejects.toEqual(away);
  await expect(signOn.projects(base)).rejects.toEqual(away);
});

test('what is refused quotes neither password nor token', async () => {
  const secret = 'c0rrect-horse';
  const failing = await signOn.byPassword(person('demo', { password: secret })).catch((error: unknown) => error);
  const base = await enter('demo');
  await signOn.revoke(base);
  const late = await signOn.tokenOf(base, 'any').catch((error: unknown) => error);
  for (const error of [failing, late] as readonly Error[]) {
    const text = `${error.message} ${(error.cause as Error).message} ${(error.cause as Error).stack}`;
    expect(text).not.toContain(secret);
    expect(text).not.toContain(base);
  }
});

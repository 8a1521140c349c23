import { afterEach, beforeEach, expect, test } from 'vitest';
import { byPassword, signIn as keystoneSignIn, tokenOf, toProject, User } from '../contract/user.ts';
import { type Daemon, openDaemon } from './daemon.ts';

let daemon: Daemon;
const logged: string[] = [];
const write = (event: string, facts?: object): void => void logged.push(JSON.stringify([event, facts]));

/** Every token that Keystone has given to `demo`, as its answers passed by. */
const given = new Set<string>();
const PASSWORD = 'demo-secret-password';

async function start(http: Readonly<Record<string, unknown>> = {}): Promise<void> {
  daemon = await openDaemon({
    http,
    log: { info: write, warn: write, error: write },
    prepare: (region) => {
      const user = region.createUser({ name: 'tenant', password: PASSWORD });
      for (const name of ['demo', 'alt']) region.grant(user.id, 'member', projectOf(region, name));
      region.intercept(async (request, next) => {
        const response = await next(request);
        const token = response.headers.get('x-subject-token');
        if (request.method === 'POST' && token !== null) given.add(token);
        return response;
      });
    },
  });
}

const projectOf = (region: Daemon['region'], name: string): string =>
  region.projects().find((project) => project.name === name)?.id ?? '';

beforeEach(() => {
  logged.splice(0);
  given.clear();
});
afterEach(() => daemon.close());

const JSON_TYPE = { 'content-type': 'application/json' };

async function signIn(over: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}) {
  const body = JSON.stringify({ user: 'tenant', password: PASSWORD, project: 'demo', ...over });
  const answer = await daemon.ask('POST', '/v1/session', { ...JSON_TYPE, ...headers }, body);
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { session } = answer.body as {
    session?: { csrf: string; project: { name: string }; projects: { name: string }[] };
  };
  return { answer, session, headers: { cookie, 'x-csrf-token': session?.csrf ?? '' } };
}

/** What Keystone says now of the tokens it has given out. */
async function alive(): Promise<number> {
  const { region } = daemon;
  const states = await Promise.all(
    [...given].map(async (token) => {
      const headers = { 'X-Auth-Token': token };
      return (await region.fetch(`${region.authUrl}/auth/projects`, { headers })).status;
    }),
  );
  return states.filter((status) => status === 200).length;
}

test('a tenant signs in, goes to another project, and signs out; no token lives on, and no secret was logged', async () => {
  await start();
  given.clear();
  const { session, headers, answer } = await signIn();
  expect([answer.status, session?.project.name]).toEqual([200, 'demo']);
  expect(session?.projects.map(({ name }) => name).sort()).toEqual(['alt', 'demo']);
  const project_id = projectOf(daemon.region, 'alt');
  const moved = await daemon.ask('PUT', '/v1/session', { ...JSON_TYPE, ...headers }, JSON.stringify({ project_id }));
  expect(moved.body).toMatchObject({ session: { project: { name: 'alt' } } });
  expect((await daemon.get('/v1/audit', headers)).status).toBe(200);
  expect((await daemon.ask('DELETE', '/v1/session', headers)).status).toBe(204);
  expect((await daemon.get('/v1/audit', headers)).status).toBe(401);
  // The service's own tokens, if it took one meanwhile, are no user's.
  const own = [...given].length - 3;
  expect(await alive()).toBe(own);
  for (const secret of [PASSWORD, ...given]) expect(logged.join()).not.toContain(secret);
});

test('a session by an application credential is shown its own project alone, and is let into no other', async () => {
  await start();
  const { region } = daemon;
  const identity = byPassword('tenant', PASSWORD);
  const maker = User.of(region, await keystoneSignIn(region, { identity, scope: toProject('demo') }));
  const path = `/users/${maker.userId}/application_credentials`;
  const { body } = await maker.keystone(path, {}, 'POST', { application_credential: { name: 'robot' } });
  const { application_credential } = body as { application_credential: object };
  const proof = { methods: ['application_credential'], application_credential };
  const token = tokenOf(await keystoneSignIn(region, { identity: proof }));
  const answer = await daemon.ask('POST', '/v1/session', JSON_TYPE, JSON.stringify({ token }));
  const { session } = answer.body as { session: { csrf: string } };
  const demo = { id: projectOf(region, 'demo'), name: 'demo' };
  expect(session).toMatchObject({ project: demo, projects: [demo] });
  const headers = { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '', 'x-csrf-token': session.csrf };
  const project_id = projectOf(region, 'alt');
  const moved = await daemon.ask('PUT', '/v1/session', { ...JSON_TYPE, ...headers }, JSON.stringify({ project_id }));
  expect(moved).toMatchObject({ status: 403, body: { error: { message: 'this token opens its own project alone' } } });
});

test('a wrong password is 401, and what Keystone has locked or not is not told', async () => {
  await start();
  const { answer } = await signIn({ password: 'wrong' });
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
  expect(logged.join()).not.toContain('wrong');
});

test('a proxy that is trusted says that the browser came by https, and from where; another does not', async () => {
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.7', 'x-forwarded-host': 'backup.test' };
  await start({ trusted_proxies: ['127.0.0.1'], base_path: '/' });
  const trusted = await signIn({}, { ...headers, origin: 'https://backup.test' });
  expect(trusted.answer.headers.get('set-cookie')).toMatch(/^__Host-trove-autobackup=.*; Path=\/;.*; Secure$/);
  expect((await signIn({}, { ...headers, origin: 'https://evil.test' })).answer.status).toBe(403);
  await daemon.close();
  await start({ base_path: '/backups/' });
  const untrusted = await signIn({}, headers);
  expect(untrusted.answer.headers.get('set-cookie')).toMatch(/^trove-autobackup=[\w-]{43}; Path=\/backups\/; HttpOnly/);
});

/** What a stream says, as it comes. */
async function listen(headers: Readonly<Record<string, string>>, query = '') {
  const response = await fetch(`${daemon.url}/v1/events${query}`, { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    /** Reads until it has come; or until the end, where that comes before. */
    async until(wanted: string): Promise<string> {
      while (!text.includes(wanted)) {
        const { done, value } = (await reader?.read().catch(() => null)) ?? { done: true, value: undefined };
        if (done) return `${text}<end>`;
        text += value ?? '';
      }
      return text;
    },
    leave: () => reader?.cancel(),
  };
}

test('the page hears what the daemon does, of its own project alone', async () => {
  await start();
  const { headers } = await signIn();
  const stream = await listen({ cookie: headers.cookie });
  expect([stream.status, stream.type]).toEqual([200, 'text/event-stream']);
  const { region } = daemon;
  region.createInstance({ projectId: projectOf(region, 'alt'), name: 'other' });
  const { id } = region.createInstance({ projectId: projectOf(region, 'demo'), name: 'orders' });
  daemon.app.log.info('instance.discovered', { instance: 'not-ours', project: projectOf(region, 'alt') });
  daemon.app.log.info('instance.discovered', { instance: id, project: projectOf(region, 'demo') });
  const heard = await stream.until(id);
  expect(heard).toContain('event: instance');
  expect(heard).not.toContain('not-ours');
  await stream.leave();
});

test('a stream ends with the session, with a move elsewhere, and with the daemon', async () => {
  await start();
  const { headers } = await signIn();
  const [first] = [await listen({ cookie: headers.cookie })];
  await first.until('id: 0');
  const project_id = projectOf(daemon.region, 'alt');
  await daemon.ask('PUT', '/v1/session', { ...JSON_TYPE, ...headers }, JSON.stringify({ project_id }));
  expect(await first.until('never')).toContain('<end>');
  const second = await listen({ cookie: headers.cookie });
  await second.until('id: 0');
  await daemon.ask('DELETE', '/v1/session', headers);
  expect(await second.until('never')).toContain('<end>');
  const token = await daemon.token('demo', 'demo');
  const third = await listen({ 'x-auth-token': token });
  await third.until('id: 0');
  await daemon.app.stop();
  expect(await third.until('never')).toContain('<end>');
});

test('when the daemon stops, nobody’s session outlives it in Keystone', async () => {
  await start();
  given.clear();
  await signIn();
  expect(await alive()).toBeGreaterThanOrEqual(2);
  const before = await alive();
  await daemon.app.stop();
  expect(await alive()).toBe(before - 2);
});

test.each([
  ['of another project', '?project_id=p9', 403],
  ['of all projects', '?all_projects=true', 403],
])('events %s are not for a member', async (_, query, status) => {
  await start();
  const stream = await listen({ 'x-auth-token': await daemon.token('demo', 'demo') }, query);
  expect(stream.status).toBe(status);
});

test('an eleventh stream of a user is one too many, and one that ends makes room', async () => {
  await start();
  const token = { 'x-auth-token': await daemon.token('demo', 'demo') };
  const streams = await Promise.all(Array.from({ length: 10 }, () => listen(token)));
  expect(streams.map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect((await listen(token)).status).toBe(429);
  expect(
    (await listen({ 'x-auth-token': await daemon.token('admin', 'admin', 'secret') }, '?all_projects=true')).status,
  ).toBe(200);
  await streams[0]?.leave();
  await expect.poll(async () => (await listen(token)).status).toBe(200);
});

test('who comes back is told to look at everything', async () => {
  await start();
  const stream = await listen({ 'x-auth-token': await daemon.token('demo', 'demo'), 'last-event-id': '7' });
  const heard = await stream.until('event: policy');
  expect(heard).toContain('event: instance');
});

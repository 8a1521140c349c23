import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createRates } from '../../../daemon/http/api/rates.ts';
import { type Api, type ApiOptions, LIMITS, type Routes } from '../../../daemon/http/api/server.ts';
import { FakeClock } from '../../daemon/fake-clock.ts';
import { labApiWith } from './lab.ts';

const MEBIBYTE = 2 ** 20;
const sockets: Socket[] = [];
let api: Api | undefined;
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await api?.close();
  api = undefined;
});

let held: PromiseWithResolvers<void>;
const routes: Routes = (it) => {
  it.get('/v1/large', { config: { rule: 'instance:read' } }, async () => 'x'.repeat(64 * MEBIBYTE));
  it.get('/v1/held', { config: { rule: 'instance:read' } }, async () => {
    await held.promise;
    return {};
  });
  it.get('/v1/who', { config: { rule: 'instance:read' } }, async ({ ip }) => ({ ip }));
  it.post(
    '/v1/body',
    { config: { rule: 'schedule:change' }, schema: { body: z.strictObject({ a: z.string() }) } },
    async () => ({}),
  );
  it.get('/v1/open', { config: { rule: 'public' } }, async () => ({}));
};

async function listen(options: Partial<ApiOptions> = {}): Promise<string> {
  held = Promise.withResolvers();
  api = labApiWith({ ...options, limits: { checkMs: 20, ...options.limits } }, routes);
  return await api.listen({ host: '127.0.0.1', port: 0 });
}

interface Raw {
  readonly socket: Socket;
  /** All that came until the other side closed. */
  readonly closed: Promise<string>;
}

function open(url: string, text = ''): Raw {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  let got = '';
  socket.on('data', (chunk) => {
    got += chunk;
  });
  socket.on('error', () => undefined);
  socket.write(text);
  return { socket, closed: new Promise((resolve) => socket.once('close', () => resolve(got))) };
}

const bodyOf = (answer: string) =>
  JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as { error: Record<string, unknown> };

test('the limits are those that the documents say', () => {
  expect(LIMITS).toMatchObject({
    connections: 1_000,
    headersMs: 10_000,
    requestMs: 15_000,
    answerMs: 60_000,
    trustedProxies: [],
  });
});

test.each([
  { what: 'nothing', text: '' },
  { what: 'half a head', text: 'GET /v1/open HTTP/1.1\r\nHost: a\r\n' },
])('who sends $what is told so and cut when the time for a head is over', async ({ text }) => {
  const url = await listen({ limits: { headersMs: 150, requestMs: 300 } });
  const answer = await open(url, text).closed;
  expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(bodyOf(answer).error).toMatchObject({
    code: 408,
    title: 'timeout',
    request_id: expect.stringMatching(/^req-/),
  });
});

test('who sends his body drop by drop is cut when the time for a request is over', async () => {
  const url = await listen({ limits: { headersMs: 150, requestMs: 300 } });
  const head = 'POST /v1/body HTTP/1.1\r\nHost: a\r\nX-Auth-Token: member@p1\r\nContent-Type: application/json\r\n';
  const { socket, closed } = open(url, `${head}Content-Length: 1000\r\n\r\n`);
  const drops = setInterval(() => socket.write(' '), 30);
  const answer = await closed;
  clearInterval(drops);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

test('who does not read his answer is cut, and what he did not take is held no longer', async () => {
  const url = await listen({ limits: { answerMs: 200 } });
  const { socket, closed } = open(url, 'GET /v1/large HTTP/1.1\r\nHost: a\r\nX-Auth-Token: reader@p1\r\n\r\n');
  socket.pause();
  const server = api?.server;
  await new Promise((resolve) => server?.once('request', (_request, response) => response.once('close', resolve)));
  socket.resume();
  expect((await closed).length).toBeLessThan(64 * MEBIBYTE);
  expect(await new Promise((resolve) => server?.getConnections((_error, count) => resolve(count)))).toBe(0);
});

test('who reads his answer in time gets all of it', async () => {
  const url = await listen({ limits: { answerMs: 20_000 } });
  const response = await fetch(`${url}/v1/large`, { headers: { 'x-auth-token': 'reader@p1' } });
  expect((await response.text()).length).toBe(64 * MEBIBYTE);
});

test('more connections than there may be are closed, and let in again when others have left', async () => {
  const url = await listen({ limits: { connections: 2 } });
  const [first, second] = [open(url), open(url)];
  await Promise.all([once(first.socket, 'connect'), once(second.socket, 'connect')]);
  expect(await open(url, 'GET /v1/open HTTP/1.1\r\nHost: a\r\n\r\n').closed).toBe('');
  first.socket.destroy();
  await expect.poll(async () => (await fetch(`${url}/v1/open`).catch(() => null))?.status).toBe(200);
});

test('a head that is too long is 431, in the form of every error', async () => {
  const url = await listen();
  const answer = await open(url, `GET /v1/open HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`).closed;
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(bodyOf(answer).error).toMatchObject({ code: 431, title: 'headers-too-large' });
});

test('what is no HTTP is 400, in the form of every error', async () => {
  const answer = await open(await listen(), '\x16\x03\x01 hello\r\n\r\n').closed;
  expect(bodyOf(answer).error).toMatchObject({ code: 400, title: 'garbled' });
});

const POST = { 'x-auth-token': 'member@p1', 'content-type': 'application/json' };
test.each([
  {
    what: 'one byte more than 64 KiB',
    type: 'application/json',
    body: `{"a":"${'x'.repeat(65_529)}"}`,
    status: 413,
    title: 'too-large',
  },
  { what: '64 KiB', type: 'application/json', body: `{"a":"${'x'.repeat(65_528)}"}`, status: 200, title: undefined },
  { what: 'text', type: 'text/plain', body: '{"a":"b"}', status: 415, title: 'unsupported-media-type' },
  {
    what: 'a form',
    type: 'application/x-www-form-urlencoded',
    body: 'a=b',
    status: 415,
    title: 'unsupported-media-type',
  },
  {
    what: 'a key that would change what objects are',
    type: 'application/json',
    body: '{"__proto__":{"a":1}}',
    status: 400,
    title: 'invalid',
  },
  { what: 'nothing', type: 'application/json', body: '', status: 400, title: 'invalid' },
])('a body of $what is $status', async ({ type, body, status, title }) => {
  const url = await listen();
  const response = await fetch(`${url}/v1/body`, { method: 'POST', headers: { ...POST, 'content-type': type }, body });
  const { error } = (await response.json()) as { error?: { title: string; hint: string } };
  expect([response.status, error?.title]).toEqual([status, title]);
  if (error) expect(error.hint).toBeTruthy();
});

test('a path that cannot be decoded is 400 in the form of every error', async () => {
  const response = await fetch(`${await listen()}/v1/%zz`);
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { code: 400, title: 'invalid', request_id: response.headers.get('x-openstack-request-id') } },
  ]);
});

test('a project that asks too often is told when it may again; others are not touched', async () => {
  const clock = new FakeClock();
  const url = await listen({ projectRate: createRates(() => 2, clock) });
  const ask = (who: string) => fetch(`${url}/v1/who`, { headers: { 'x-auth-token': who } });
  expect([(await ask('reader@p1')).status, (await ask('member@p1')).status]).toEqual([200, 200]);
  const refused = await ask('reader@p1');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
  expect(await refused.json()).toMatchObject({
    error: { code: 429, title: 'too-many-requests', hint: 'try again in 30 s' },
  });
  expect((await ask('reader@p2')).status).toBe(200);
  await clock.pass(30_000);
  expect((await ask('reader@p1')).status).toBe(200);
});

test('only so many requests of one project are under way at once, counted until their answers are taken', async () => {
  const url = await listen({ projectAtOnce: () => 2 });
  const ask = (path: string, who = 'reader@p1') => fetch(`${url}${path}`, { headers: { 'x-auth-token': who } });
  const waiting = [ask('/v1/held'), ask('/v1/held')];
  await expect.poll(async () => (await ask('/v1/who')).status).toBe(429);
  expect((await ask('/v1/who', 'reader@p2')).status).toBe(200);
  held.resolve();
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
  await expect.poll(async () => (await ask('/v1/who')).status).toBe(200);
});

test.each([
  { trusted: [], forwarded: '203.0.113.9', ip: '127.0.0.1' },
  { trusted: ['10.0.0.0/8'], forwarded: '203.0.113.9', ip: '127.0.0.1' },
  { trusted: ['127.0.0.1'], forwarded: '203.0.113.9', ip: '203.0.113.9' },
  { trusted: ['127.0.0.0/8'], forwarded: '198.51.100.1, 203.0.113.9', ip: '203.0.113.9' },
  { trusted: ['127.0.0.1', '203.0.113.0/24'], forwarded: '198.51.100.1, 203.0.113.9', ip: '198.51.100.1' },
])('with $trusted trusted, X-Forwarded-For: $forwarded from 127.0.0.1 is $ip', async ({ trusted, forwarded, ip }) => {
  const url = await listen({ limits: { trustedProxies: trusted } });
  const headers = { 'x-auth-token': 'reader@p1', 'x-forwarded-for': forwarded, forwarded: 'for=192.0.2.1' };
  expect(await (await fetch(`${url}/v1/who`, { headers })).json()).toEqual({ ip });
});

/** A request with a body of so many bytes, of which none is sent with it. */
const announced = (bytes: number): string =>
  `POST /v1/body HTTP/1.1\r\nHost: a\r\nX-Auth-Token: member@p1\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`;

test('who sends on what was refused as too long is not cut, so that he hears of it', async () => {
  const { socket, closed } = open(await listen(), announced(MEBIBYTE));
  const [refusal] = await once(socket, 'data');
  expect(bodyOf(String(refusal)).error).toMatchObject({ code: 413, title: 'too-large' });
  socket.write('x'.repeat(MEBIBYTE));
  socket.write('GET /v1/open HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(await closed).toMatch(/HTTP\/1\.1 413 .*HTTP\/1\.1 200 /s);
});

test('who would send far too much is cut', async () => {
  expect(await open(await listen(), announced(MEBIBYTE + 1)).closed).toMatch(/^HTTP\/1\.1 413 .*connection: close/is);
});

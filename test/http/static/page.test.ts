import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Api } from '../../../daemon/http/api/server.ts';
import { pageRoutes } from '../../../daemon/http/routes/page.ts';
import { loadPage } from '../../../daemon/http/static/page.ts';
import { tempFolder } from '../../store/world.ts';
import { labApi } from '../api/lab.ts';

const INDEX = `<!doctype html><title>page</title>${'<p>long</p>'.repeat(100)}`;
const SCRIPT = `console.log(${'1 + '.repeat(500)}1);`;
let folder: string;
let api: Api;

beforeEach(async () => {
  folder = join(tempFolder(), 'web');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), INDEX);
  writeFileSync(join(folder, 'assets/index-BvQ3kX0a.js'), SCRIPT);
  writeFileSync(join(folder, 'assets/plain.css'), 'a{}');
  writeFileSync(join(folder, 'assets/index-BvQ3kX0a.js.map'), '{}');
  writeFileSync(join(folder, '..', 'secret.txt'), 'secret');
  symlinkSync(join(folder, '..', 'secret.txt'), join(folder, 'link.txt'));
  api = labApi(pageRoutes(await loadPage(folder)));
});
afterEach(() => api.close());

const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  api.inject({ method, url, headers });

describe('the page', () => {
  test('is the index, asked about each time', async () => {
    const { statusCode, headers, body } = await get('/');
    expect([statusCode, body]).toEqual([200, INDEX]);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
      etag: expect.stringMatching(/^"[\w-]{22}-identity"$/),
    });
    expect((await get('/index.html')).body).toBe(INDEX);
  });

  test.each([
    ['/assets/index-BvQ3kX0a.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/plain.css', 'text/css; charset=utf-8', 'no-cache'],
  ])('%s is %s and kept: %s', async (url, type, caching) => {
    const { statusCode, headers } = await get(url);
    expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([200, type, caching]);
  });

  test.each([
    ['br', 'gzip, deflate, br', (it: Buffer) => brotliDecompressSync(it)],
    ['gzip', 'gzip', (it: Buffer) => gunzipSync(it)],
    ['gzip', 'br;q=0, GZIP;q=0.5', (it: Buffer) => gunzipSync(it)],
    [undefined, 'gzip;q=0.0, zstd', (it: Buffer) => it],
    [undefined, '', (it: Buffer) => it],
  ])('comes as %s to who takes "%s"', async (encoding, accept, unpack) => {
    const answer = await get('/assets/index-BvQ3kX0a.js', { 'accept-encoding': accept });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(unpack(answer.rawPayload).toString()).toBe(SCRIPT);
    expect(answer.headers['content-length']).toBe(String(answer.rawPayload.length));
  });

  test('does not grow by being packed', async () => {
    expect((await get('/assets/plain.css', { 'accept-encoding': 'br, gzip' })).headers['content-encoding']).toBe(
      undefined,
    );
  });

  test('is not sent again to who has it', async () => {
    const { headers } = await get('/', { 'accept-encoding': 'br' });
    const etag = String(headers.etag);
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await get('/', { 'accept-encoding': 'br', 'if-none-match': tag });
      expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', etag]);
      expect(answer.headers['content-security-policy']).toBeDefined();
    }
    expect((await get('/', { 'if-none-match': etag })).statusCode, 'packed otherwise').toBe(200);
  });

  test('has the same head without a body', async () => {
    const { statusCode, headers, body } = await get('/', {}, 'HEAD');
    expect([statusCode, body, headers['content-length']]).toEqual([200, '', String(INDEX.length)]);
  });
});

test('its policy lets in files of its own and nothing else, and no text that becomes code', async () => {
  const { headers } = await get('/');
  const policy = Object.fromEntries(
    String(headers['content-security-policy'])
      .split('; ')
      .map((row) => [row.split(' ')[0], row.split(' ').slice(1).join(' ')]),
  );
  expect(policy).toMatchObject({
    'default-src': "'none'",
    'script-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
  });
  expect(Object.values(policy).every((value) => value === "'self'" || value === "'none'" || value === "'script'")).toBe(
    true,
  );
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
  });
});

/** As it stands: no client between that tidies the path up. */
async function raw(target: string, method = 'GET'): Promise<string> {
  const { port } = api.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  socket.end(`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/%252e%252e%252fsecret.txt',
  '/..%5csecret.txt',
  '/..\\secret.txt',
  '/%c0%ae%c0%ae/secret.txt',
  '/assets/%00/../../secret.txt',
  '/index.html%00.js',
  '//secret.txt',
  '/link.txt',
  '/assets',
  '/assets/',
  '/assets/index-BvQ3kX0a.js.map',
  '/INDEX.HTML',
  '/__proto__',
  '/constructor',
  '/%',
  '/%zz',
  `/${'a'.repeat(5_000)}`,
  'http://other.test/../secret.txt',
])('%s is nothing that there is', async (target) => {
  await api.listen({ host: '127.0.0.1', port: 0 });
  const answer = await raw(target);
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(answer.split('\r\n\r\n').slice(1).join()).not.toBe('secret');
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH'])(
  '%s is no way to ask for the page',
  async (method) => {
    await api.listen({ host: '127.0.0.1', port: 0 });
    expect(await raw('/', method)).toMatch(/^HTTP\/1\.1 4\d\d /);
  },
);

test('where it was not built the service says how to, and works on', async () => {
  expect(await loadPage(join(folder, 'nowhere'))).toBeNull();
  expect(await loadPage(join(folder, 'assets'))).toBeNull();
  const bare = labApi(pageRoutes(null));
  const { statusCode, headers, body } = await bare.inject('/');
  expect([statusCode, headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
  expect(body).toContain('npm run build:web');
  expect((await bare.inject('/assets/x.js')).statusCode).toBe(404);
  await bare.close();
});

test('a folder that cannot be read is no page that was not built', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(loadPage(join(folder, 'file'))).rejects.toThrow('ENOTDIR');
});

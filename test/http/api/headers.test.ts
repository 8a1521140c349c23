import { afterEach, expect, test } from 'vitest';
import type { Api } from '../../../daemon/http/api/server.ts';
import { labApiWith } from './lab.ts';

const PORTAL = 'https://portal.example';
let api: Api | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function ask(
  origins: readonly string[],
  method: 'GET' | 'OPTIONS',
  headers: Record<string, string>,
  url = '/v1/things',
) {
  api = labApiWith({ origins: () => origins }, (it) =>
    it.get('/v1/things', { config: { rule: 'instance:read' } }, async () => ({})),
  );
  return await api.inject({ url, method, headers: { 'x-auth-token': 'reader@p1', ...headers } });
}

test.each(['/v1/things', '/v1/nothing'])(
  'every answer tells browsers to keep nothing of it and to make no page of it: %s',
  async (url) => {
    const { headers } = await ask([], 'GET', {}, url);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-openstack-request-id': expect.stringMatching(/^req-/),
    });
  },
);

test.each([
  { origins: [], origin: PORTAL, allowed: undefined },
  { origins: [PORTAL], origin: PORTAL, allowed: PORTAL },
  { origins: [PORTAL], origin: 'https://portal.example.evil', allowed: undefined },
  { origins: [PORTAL], origin: 'http://portal.example', allowed: undefined },
  { origins: [PORTAL], origin: 'null', allowed: undefined },
  { origins: ['https://a.example', PORTAL], origin: PORTAL, allowed: PORTAL },
])('with $origins configured a page of $origin reads: $allowed', async ({ origins, origin, allowed }) => {
  const { headers } = await ask(origins, 'GET', { origin });
  expect(headers['access-control-allow-origin']).toBe(allowed);
  expect(headers['access-control-allow-credentials']).toBeUndefined();
  expect(headers['vary']).toBe(origins.length > 0 ? 'Origin' : undefined);
});

const PREFLIGHT = {
  origin: PORTAL,
  'access-control-request-method': 'PATCH',
  'access-control-request-headers': 'x-auth-token',
};

test('a browser that asks first is told what it may send, without a token', async () => {
  const { statusCode, headers } = await ask([PORTAL], 'OPTIONS', { ...PREFLIGHT, 'x-auth-token': '' });
  expect([statusCode, headers['access-control-allow-origin']]).toEqual([204, PORTAL]);
  expect(headers['access-control-allow-methods']).toContain('PATCH');
  expect(headers['access-control-allow-headers']).toContain('x-auth-token');
});

test.each([{ origins: [] }, { origins: ['https://other.example'] }])(
  'but not where $origins are configured',
  async ({ origins }) => {
    const { statusCode, headers } = await ask(origins, 'OPTIONS', PREFLIGHT);
    expect([statusCode, headers['access-control-allow-methods']]).toEqual([404, undefined]);
  },
);

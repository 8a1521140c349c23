import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ApiError } from '../../../daemon/http/api/error.ts';
import type { Api, Routes } from '../../../daemon/http/api/server.ts';
import { notFound } from '../../../daemon/http/refusals/index.ts';
import { CloudUnavailable } from '../../../daemon/ports/cloud.ts';
import { because, InvalidInput } from '../../../lib/core/index.ts';
import { labApi } from './lab.ts';

let api: Api | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

const FAILURES: Readonly<Record<string, () => Error>> = {
  invalid: () => new InvalidInput('keep: nothing is kept; give one rule at least'),
  away: () => new CloudUnavailable('no', because('unreachable', { detail: 'refused' }), { retryAfterMs: 1_500 }),
  shut: () => new CloudUnavailable('no', because('no-role', { project: 'p1' })),
  absent: () => notFound('instance', 'i9'),
  moved: () => new ApiError(412, 'changed', 'it was changed meanwhile', { hint: 'read it again' }),
  fault: () => new TypeError('secret internals'),
};

const routes: Routes = (it) => {
  it.get(
    '/v1/things/:id',
    {
      config: { rule: 'instance:read' },
      schema: {
        params: z.strictObject({ id: z.string().max(4) }),
        querystring: z.strictObject({ n: z.coerce.number().optional() }),
        response: { 200: z.object({ id: z.string(), by: z.string() }) },
      },
    },
    async ({ params, caller }) => ({ id: params.id, by: caller.userId }),
  );
  it.post(
    '/v1/things',
    { config: { rule: 'schedule:change' }, schema: { body: z.strictObject({}) } },
    async () => ({}),
  );
  it.get(
    '/v1/fail/:how',
    { config: { rule: 'public' }, schema: { params: z.object({ how: z.string() }) } },
    ({ params }) => {
      throw FAILURES[params.how]?.() ?? new Error();
    },
  );
};

async function ask(url: string, token?: string, method: 'GET' | 'POST' = 'GET', payload?: string) {
  api ??= labApi(routes);
  const headers = { ...(token && { 'x-auth-token': token }), ...(payload && { 'content-type': 'application/json' }) };
  const { statusCode, headers: got, body } = await api.inject({ url, method, headers, ...(payload && { payload }) });
  return { status: statusCode, headers: got, body: JSON.parse(body) };
}

test('a caller is who the token says, and the answer names the request', async () => {
  const { status, body, headers } = await ask('/v1/things/a', 'reader@p1');
  expect([status, body]).toEqual([200, { id: 'a', by: 'user-reader' }]);
  expect(headers['x-openstack-request-id']).toMatch(/^req-[0-9a-f-]{36}$/);
});

test('who brings no token is let in nowhere, and a reader changes nothing', async () => {
  expect((await ask('/v1/things/a')).status).toBe(401);
  const { status, body } = await ask('/v1/things', 'reader@p1', 'POST', '{}');
  expect(status).toBe(403);
  expect(body.error).toMatchObject({ code: 403, title: 'forbidden', hint: expect.stringContaining('member') });
  expect((await ask('/v1/things', 'member@p1', 'POST', '{}')).status).toBe(200);
});

test.each([
  { how: 'invalid', status: 400, title: 'invalid' },
  { how: 'away', status: 503, title: 'cloud-unavailable' },
  { how: 'shut', status: 409, title: 'shut-out' },
  { how: 'absent', status: 404, title: 'not-found' },
  { how: 'moved', status: 412, title: 'changed' },
  { how: 'fault', status: 500, title: 'internal' },
])('an error of kind $how answers $status', async ({ how, status, title }) => {
  const answer = await ask(`/v1/fail/${how}`);
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatchObject({
    code: status,
    title,
    request_id: answer.headers['x-openstack-request-id'],
  });
  expect(JSON.stringify(answer.body)).not.toContain('secret');
  if (how === 'away') expect(answer.headers['retry-after']).toBe('2');
});

test.each([
  { url: '/v1/things/abcde', field: 'params field id' },
  { url: '/v1/things/a?n=x', field: 'querystring field n' },
  { url: '/v1/things/a?m=1', field: 'querystring' },
])('what does not fit is refused by name: $url', async ({ url, field }) => {
  const { status, body } = await ask(url, 'reader@p1');
  expect([status, body.error.title]).toEqual([400, 'invalid']);
  expect(body.error.message).toContain(field);
});

test.each([
  { payload: '{', status: 400 },
  { payload: JSON.stringify({ a: 'x'.repeat(70_000) }), status: 413 },
])('a body that is none, or too long, answers $status', async ({ payload, status }) => {
  expect((await ask('/v1/things', 'member@p1', 'POST', payload)).status).toBe(status);
});

test('a route that is not there says where to look', async () => {
  const { status, body } = await ask('/v1/nothing', 'member@p1');
  expect([status, body.error.title, body.error.hint]).toEqual([404, 'no-route', expect.stringContaining('openapi')]);
});

test('a route without a rule does not start', () => {
  expect(() => labApi((it) => it.get('/v1/open', async () => ''))).toThrow('/v1/open has no rule');
});

import { request as send } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { OpenApi, OperationObject } from '../../daemon/http/openapi/document.ts';
import { fitting, type JsonSchema, type Known, oddBody, oddText } from './arbitrary.ts';
import { openTwoProjects, type TwoProjects } from './two-projects.ts';

/** Every operation of the document, with what it takes and with what it does not. */
const RUNS = 12;

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationObject;
}

interface Got {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

let world: TwoProjects;
let entries: readonly Entry[];
let known: Known;
let checks: ReadonlyMap<string, z.ZodType>;
beforeAll(async () => {
  world = await openTwoProjects();
  const { paths, components } = (await world.daemon.get('/v1/openapi.json')).body as OpenApi;
  entries = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const { secrets } = world.demo;
  known = {
    components: components.schemas,
    ids: [...secrets, ...world.alt.secrets].filter((id) => /^[\w-]+$/.test(id)),
  };
  checks = new Map(entries.flatMap((entry) => answersOf(entry, components.schemas)));
}, 60_000);
afterAll(() => world.daemon.close());

const keyOf = ({ method, path }: Pick<Entry, 'method' | 'path'>, status: string): string =>
  `${method} ${path} ${status}`;

/** What each answer must be, by its status. */
function answersOf(
  entry: Entry,
  components: Readonly<Record<string, JsonSchema>>,
): readonly (readonly [string, z.ZodType])[] {
  return Object.entries(entry.operation.responses).flatMap(([status, { content }]) => {
    const schema = content?.['application/json']?.schema;
    if (schema === undefined) return [];
    const whole = JSON.stringify({ ...schema, $defs: components }).replaceAll('#/components/schemas/', '#/$defs/');
    return [[keyOf(entry, status), z.fromJSONSchema(JSON.parse(whole))] as const];
  });
}

/** By hand, since fetch refuses to send much of what is tried here. */
function ask(method: string, path: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Got> {
  const { promise, resolve, reject } = Promise.withResolvers<Got>();
  const outgoing = send(world.daemon.url + path, { method, headers }, (response) => {
    const type = response.headers['content-type'] ?? '';
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    const end = () => resolve({ status: response.statusCode ?? 0, type, text });
    response.on('end', end).on('error', reject);
    if (!type.startsWith('text/event-stream')) return;
    end();
    response.destroy();
  });
  outgoing.on('error', reject).end(body);
  return promise;
}

const LEAKS =
  /node_modules|\.ts:\d|\.js:\d|\n\s+at |Sqlite|SQLITE|constraint failed|gAAAA|\[object |autobackup\.sqlite|marker\.key/;

/** Of another method than the entry's the document says nothing here, but what every error is. */
function judge(entry: Entry, method: string, { status, type, text }: Got, what: string): void {
  const said = `${what} → ${status} ${text.slice(0, 400)}`;
  expect(status, said).toBeLessThan(500);
  expect(text, said).not.toMatch(LEAKS);
  if (!type.startsWith('application/json') || text === '') return;
  const asked = { ...entry, method };
  const isKnown = checks.has(keyOf(asked, 'default'));
  const check = checks.get(keyOf(asked, String(status))) ?? checks.get(keyOf(isKnown ? asked : entry, 'default'));
  const result = check?.safeParse(JSON.parse(text));
  expect(result?.error?.issues ?? result?.success, `${said} does not fit its schema`).toBe(true);
}

const TOKENS = () => [world.tokens.member, world.tokens.reader, world.tokens.admin, world.tokens.system];
const encode = (value: unknown): string =>
  encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value));

/** Paths and queries with what `arbitraryOf` gives for each parameter. */
function target(
  { path, operation }: Entry,
  arbitraryOf: (schema: JsonSchema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<string> {
  const inPath = operation.parameters.filter((one) => one.in === 'path');
  const inQuery = operation.parameters.filter((one) => one.in === 'query');
  const fields = (list: typeof inPath, requiredKeys: string[]) =>
    fc.record(Object.fromEntries(list.map(({ name, schema }) => [name, arbitraryOf(schema)])), { requiredKeys });
  const names = inPath.map(({ name }) => name);
  return fc
    .tuple(
      fields(inPath, names),
      fields(
        inQuery,
        inQuery.filter((one) => one.required).map((one) => one.name),
      ),
    )
    .map(([ids, query]) => {
      const search = Object.entries(query)
        .map(([name, value]) => `${name}=${encode(value)}`)
        .join('&');
      const filled = path.replace(
        /\{(\w+)\}/g,
        (_, name: string) => encode((ids as Record<string, unknown>)[name]) || '%20',
      );
      return search === '' ? filled : `${filled}?${search}`;
    });
}

const bodySchema = ({ operation }: Entry): JsonSchema | undefined =>
  operation.requestBody?.content['application/json']?.schema;

async function tryAll(
  call: (
    entry: Entry,
  ) => fc.Arbitrary<
    readonly [method: string, path: string, headers: Record<string, string>, body?: string | undefined]
  >,
) {
  for (const entry of entries) {
    await fc.assert(
      fc.asyncProperty(call(entry), async ([method, path, headers, body]) => {
        const got = await ask(method, path, headers, body);
        judge(entry, method, got, `${method} ${path.slice(0, 300)} ${body?.slice(0, 500) ?? ''}`);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  }
}

test('whatever fits is answered as the document says', async () => {
  expect(entries.length).toBeGreaterThan(4);
  await tryAll((entry) => {
    const schema = bodySchema(entry);
    const body = schema ? fitting(schema, known).map((value) => JSON.stringify(value)) : fc.constant(undefined);
    const paths = target(entry, (one) => fitting(one, known));
    return fc.tuple(fc.constantFrom(...TOKENS()), paths, body).map(([token, path, text]) => {
      const headers = { 'x-auth-token': token, ...(text !== undefined && { 'content-type': 'application/json' }) };
      return [entry.method, path, headers, text] as const;
    });
  });
}, 60_000);

test('what does not fit is refused, and nothing falls', async () => {
  await tryAll((entry) => {
    const paths = target(entry, (one) => fc.oneof(oddText, fitting(one, known), fc.jsonValue({ maxDepth: 1 })));
    const schema = bodySchema(entry) ?? {};
    return fc.tuple(fc.constantFrom(...TOKENS()), paths, oddBody(schema, known)).map(([token, path, text]) => {
      const hasBody = !['GET', 'HEAD'].includes(entry.method);
      const headers = { 'x-auth-token': token, ...(hasBody && { 'content-type': 'application/json' }) };
      return [entry.method, path, headers, hasBody ? text : undefined] as const;
    });
  });
}, 60_000);

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
const NAMES = [
  'accept',
  'accept-encoding',
  'accept-language',
  'content-encoding',
  'content-type',
  'cookie',
  'expect',
  'host',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'last-event-id',
  'origin',
  'range',
  'x-csrf-token',
  'x-forwarded-for',
  'x-http-method-override',
  'x-openstack-request-id',
];
const VALUES = [
  '',
  '*',
  ',',
  'gzip',
  'identity;q=0',
  '"',
  'W/"',
  '"x", "y"',
  'application/json; charset=utf-16',
  'text/csv',
  'multipart/form-data; boundary=x',
  'bytes=0-',
  'xx-YY;q=9',
  'a=b; a=c; =',
  'é',
  '2'.repeat(300),
];

test('no header, method, type or encoding brings it down', async () => {
  await tryAll((entry) => {
    const headers = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(...VALUES), {
      minKeys: 1,
      maxKeys: 4,
      noNullPrototype: true,
    });
    const paths = target(entry, (one) => fitting(one, known));
    const parts = fc.tuple(
      fc.constantFrom(...METHODS),
      paths,
      headers,
      fc.constantFrom(...TOKENS(), 'nonsense', ''),
      fc.constantFrom(undefined, '{}', '\x1f\x8b\x08'),
    );
    return parts.map(([method, path, given, token, body]) => {
      const { expect: _, ...more } = given;
      const safe = Object.fromEntries(
        Object.entries(more).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
      );
      return [
        method,
        path,
        { ...safe, 'x-auth-token': token },
        ['GET', 'HEAD', 'TRACE'].includes(method) ? undefined : body,
      ] as const;
    });
  });
}, 60_000);

test.each([
  '/v1/../v1/instances',
  '//v1//instances',
  '/v1/instances/',
  '/V1/INSTANCES',
  '/v1/instances/%2e%2e%2fruns',
  '/v1/instances/%00',
  '/v1/instances/%ff',
  '/v1/instances/%',
  '/v1/instances;a=b',
  '/v1/instances?__proto__=1',
  '/v1/instances?limit=1&limit=2',
  '/v1/instances?limit[]=1',
  `/${'a/'.repeat(3_000)}`,
  `/v1/instances/${'a'.repeat(9_000)}`,
])('a path that is odd is an error in the form of all: %s', async (path) => {
  const { status, type, text } = await ask('GET', path, { 'x-auth-token': world.tokens.member });
  expect([status < 500, type], text.slice(0, 300)).toEqual([true, 'application/json; charset=utf-8']);
  expect(text).not.toMatch(LEAKS);
  if (status >= 400)
    expect(JSON.parse(text)).toMatchObject({ error: { code: status, request_id: expect.stringMatching(/^req-/) } });
});

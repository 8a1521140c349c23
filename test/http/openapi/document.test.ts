import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Operation } from '../../../daemon/http/api/server.ts';
import { describeApi } from '../../../daemon/http/openapi/document.ts';
import { renderApi } from '../../../daemon/http/openapi/page.ts';

const leaf = z.object({ a: z.string().default('x') }).meta({ id: 'TestLeaf' });
const tree = z.object({ leaf, of: z.array(leaf) }).meta({ id: 'TestTree' });
const plain = z.object({ n: z.int() }).meta({ id: 'TestPlain' });
const strict = z.strictObject({ plain: z.string() }).meta({ id: 'TestStrict' });

const operation = (over: Partial<Operation>): Operation => ({
  method: 'GET',
  url: '/v1/x',
  rule: 'run:read',
  schema: {},
  ...over,
});
const of = (...operations: readonly Partial<Operation>[]) => describeApi(operations.map(operation));

test('a schema that is sent as it is answered is one component, another two', () => {
  const { components, paths } = of({
    method: 'POST',
    schema: { body: z.strictObject({ tree, strict }), response: { 200: z.object({ tree, strict, plain }) } },
  });
  expect(Object.keys(components.schemas)).toEqual([
    'Error',
    'TestLeaf',
    'TestLeafInput',
    'TestPlain',
    'TestStrict',
    'TestTree',
    'TestTreeInput',
  ]);
  expect(components.schemas['TestTreeInput']).toMatchObject({
    properties: { leaf: { $ref: '#/components/schemas/TestLeafInput' } },
  });
  expect(JSON.stringify(paths)).toContain('"#/components/schemas/TestTreeInput"');
  expect(components.schemas['TestLeaf']).toMatchObject({ required: ['a'] });
});

test('what is only sent has its own name', () => {
  expect(Object.keys(of({ method: 'POST', schema: { body: leaf } }).components.schemas)).toEqual(['Error', 'TestLeaf']);
});

test('a query says of each parameter what it takes', () => {
  const querystring = z.strictObject({
    all: z.stringbool().default(false),
    limit: z.coerce.number().int().min(1).max(9).default(5).meta({ description: 'How many' }),
    at: z.iso.datetime().optional(),
  });
  const { parameters } =
    of({ url: '/v1/x/:id', schema: { querystring, params: z.object({ id: z.string() }) } }).paths['/v1/x/{id}']?.[
      'get'
    ] ?? {};
  expect(parameters).toEqual([
    { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
    { name: 'all', in: 'query', required: false, schema: { type: 'string', enum: ['true', 'false'] } },
    {
      name: 'limit',
      in: 'query',
      required: false,
      description: 'How many',
      schema: { type: 'integer', minimum: 1, maximum: 9, default: 5 },
    },
    { name: 'at', in: 'query', required: false, schema: { type: 'string', format: 'date-time' } },
  ]);
});

test('several types of an answer, none of one, a body that may be left out, and what nobody is asked for', () => {
  const csv = { description: 'Rows', content: { 'text/csv': { schema: z.string() } } };
  const { paths } = of(
    { url: '/v1/a', schema: { response: { 200: csv } } },
    { url: '/v1/b', method: 'DELETE', schema: { body: z.object({}).optional(), response: { 204: z.undefined() } } },
    { url: '/v1/c', rule: 'public' },
    { url: '/v1/d', schema: { hide: true } },
    { url: '/v1/a', method: 'HEAD' },
  );
  expect(Object.keys(paths)).toEqual(['/v1/a', '/v1/b', '/v1/c']);
  expect(paths['/v1/a']?.['get']?.responses['200']).toEqual({
    description: 'Done',
    content: { 'text/csv': { schema: { type: 'string' } } },
  });
  expect(paths['/v1/b']?.['delete']).toMatchObject({
    requestBody: { required: false },
    responses: { 204: { description: 'Done' } },
  });
  expect(paths['/v1/b']?.['delete']?.responses['204']?.content).toBeUndefined();
  expect(paths['/v1/c']?.['get']).toMatchObject({ security: [] });
  expect(paths['/v1/c']?.['get']?.responses).not.toHaveProperty('401');
});

test('the page shows what is written as text, whatever it is', () => {
  const description = `<img src=x onerror=alert(1)> & "quotes" 'too'`;
  const body = z.strictObject({
    kind: z.enum(['<a>', 'b']).meta({ description }),
    either: z.union([z.string().max(3), z.int().min(2)]).optional(),
    list: z.array(plain),
  });
  const page = renderApi(of({ method: 'POST', schema: { summary: description, description, tags: ['x'], body } }));
  expect(page).not.toContain('<img');
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quotes&quot; &#39;too&#39;');
  expect(page).toContain('<code>&quot;&lt;a&gt;&quot;</code>');
  expect(page).toContain('string, letters at most 3 or integer, at least 2');
  expect(page).toContain('array of <a href="#schema-TestPlain"><code>TestPlain</code></a>');
});

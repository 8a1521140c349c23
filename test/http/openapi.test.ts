import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenApi, OperationObject } from '../../daemon/http/openapi/document.ts';
import { type Daemon, openDaemon } from './daemon.ts';

let daemon: Daemon;
let document: OpenApi;
let operations: readonly (readonly [string, OperationObject])[];
beforeAll(async () => {
  daemon = await openDaemon();
  document = (await daemon.get('/v1/openapi.json')).body as OpenApi;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  );
});
afterAll(() => daemon.close());

test('every operation says what it does, who may, and how it fails', () => {
  expect(operations.length).toBeGreaterThan(4);
  for (const [name, { summary, tags, responses, security, operationId, ...operation }] of operations) {
    expect(summary, name).toMatch(/^[A-Z].{4,}/);
    expect(tags, name).toHaveLength(1);
    expect(
      Object.keys(responses).some((status) => /^[23]/.test(status)),
      name,
    ).toBe(true);
    expect(Object.keys(responses), name).toEqual(expect.arrayContaining(['400', '429', '500', 'default']));
    if (operation['x-rule'] === 'public') continue;
    expect(security, name).not.toEqual([]);
    expect(Object.keys(responses), name).toEqual(expect.arrayContaining(['401', '403', '503']));
    if (name.includes('{')) expect(Object.keys(responses), name).toContain('404');
  }
  const ids = operations.map(([, { operationId }]) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every parameter of a path is described, and no other', () => {
  for (const [name, { parameters }] of operations) {
    const inPath = parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
    expect(inPath.toSorted(), name).toEqual([...name.matchAll(/\{(\w+)\}/g)].map(([, id]) => id).toSorted());
  }
});

test('every schema that is referred to is there, and every one that is there is referred to', () => {
  const refs = new Set(
    [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, id]) => id),
  );
  expect([...refs].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted());
  expect(JSON.stringify(document)).not.toMatch(/\$defs|\?input|"~standard"/);
});

test('its server is found from where the document lies, also below a path of a proxy', () => {
  const [server] = document.servers;
  const at = (base: string) => new URL('v1/instances', new URL(server?.url ?? '', `${base}/v1/openapi.json`)).href;
  expect(at('https://api.example/backup')).toBe('https://api.example/backup/v1/instances');
  expect(at('https://api.example')).toBe('https://api.example/v1/instances');
});

test('the page to read has every operation, no script, and nothing of another origin', async () => {
  const { text, headers } = await daemon.get('/v1/docs');
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'; /);
  expect(text).not.toMatch(/<script|javascript:|\son\w+=|style=|https?:/);
  for (const [name, { operationId }] of operations) expect(text, name).toContain(`<details id="${operationId}">`);
  const anchors = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(anchors.filter((id) => !text.includes(`id="${id}"`))).toEqual([]);
  expect((await daemon.get('/v1/docs.css')).headers.get('content-type')).toBe('text/css; charset=utf-8');
});

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { builtPage } from './lab/built-page.ts';

const MOST_BYTES = 100_000;

let page = '';
let scripts: readonly string[] = [];
beforeAll(async () => {
  page = await builtPage();
  scripts = globSync('**/*.js', { cwd: page }).map((file) => readFileSync(join(page, file), 'utf8'));
});

test('the script is small enough to be there at once', () => {
  expect(scripts.length).toBeGreaterThan(0);
  const bytes = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

/** Words that survive minifying, each found in the library itself. */
test.each([
  { library: 'zod', file: 'zod/v4/core/errors.js', trace: 'ZodError' },
  { library: 'luxon', file: 'luxon/src/errors.js', trace: 'Invalid DateTime' },
])('$library does not come along ($trace)', ({ file, trace }) => {
  const source = readFileSync(join(import.meta.dirname, '../../node_modules', file), 'utf8');
  expect(source).toContain(trace);
  expect(scripts.filter((script) => script.includes(trace))).toEqual([]);
});

test('nothing lies inside the document: all of it is in files of its own, below wherever it is served', () => {
  const html = readFileSync(join(page, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<style|style=|<script[^>]*>[^<]|\son\w+="/);
  const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
  expect(addresses.length).toBeGreaterThan(2);
  expect(addresses.filter((address) => !address.startsWith('./'))).toEqual([]);
});

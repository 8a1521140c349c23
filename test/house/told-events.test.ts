import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHANGED_BY, kindOf } from '../../daemon/wiring/telling.ts';

/** What no page shows: the daemon's own affairs, and what is tried again before anything has changed. */
const NOTHING_TO_LOOK_AT =
  /^(api|bus|clock|cloud|config|daemon|http|message|note|points|project|reconcile|session|stop|store|supervisor|task|track|watch)\./;

const documented = (): readonly string[] => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/operating.md'), 'utf8');
  const table = text.slice(text.indexOf('| event | when |')).split('\n\n')[0] ?? '';
  return table
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z_.]+)`/g)].map((it) => it[1] ?? ''));
};

test('of every event it is known whether a page has to look again', () => {
  const names = documented();
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => kindOf(name) === null && !NOTHING_TO_LOOK_AT.test(name))).toEqual([]);
  const unused = Object.keys(CHANGED_BY).filter((begin) => !names.some((name) => name.startsWith(begin)));
  expect(unused).toEqual([]);
});

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const [, table = ''] = read('docs/retention.md').split('| `because.rule` |');
const told = new Set(
  (table.split('\n\n')[0] ?? '')
    .split('\n')
    .slice(2)
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([\w-]+)`/g)].map(([, rule]) => rule)),
);

const rulesIn = (text: string): readonly string[] =>
  [...text.matchAll(/because\('([\w-]+)'/g), ...text.matchAll(/'(quarantine|clock-was-wrong)'/g)].flatMap(
    ([, rule]) => rule ?? [],
  );
/** The files that decide against a deletion, and where a reason of theirs is none against it. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  'lib/core/fate.ts': [
    'kept-failed',
    'kept-no-point',
    'kept-running',
    'unwanted',
    'failed-on-unwanted',
    'left-by-instance',
  ],
  'lib/core/prune.ts': ['surplus-failed'],
  'daemon/engine/prune*.ts': [],
  'daemon/engine/deletions.ts': [],
  'daemon/engine/odd-rows.ts': [],
  'daemon/engine/retention.ts': [],
  'lib/core/clock-trust.ts': [],
  // A DELETE takes nothing of the quota.
  'daemon/cloud/errors.ts': ['quota-refused'],
};

test.each(Object.entries(SOURCES))('what %s may say against a deletion is in the table', (pattern, others) => {
  const files = globSync(pattern, { cwd: ROOT });
  expect(files.length).toBeGreaterThan(0);
  const rules = files.flatMap((file) => rulesIn(read(file))).filter((rule) => !others.includes(rule));
  expect([...new Set(rules)].filter((rule) => !told.has(rule))).toEqual([]);
});

test('the table names no rule that there is not', () => {
  const catalogue = read('lib/core/reason.ts');
  expect(told.size).toBeGreaterThan(20);
  expect([...told].filter((rule) => !new RegExp(`\\n  '?${rule}'?: `).test(catalogue))).toEqual([]);
});

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** The names of events are an interface: alerts and dashboards are built on them. The documents have the list. */
const ROOT = join(import.meta.dirname, '../..');

/** `run.${state}` and the like stand for these. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  'instance.${state}': ['instance.late', 'instance.unprotected'],
  'run.${state}': ['run.failed', 'run.aborted'],
  'schedule.${change.kind}': ['schedule.assigned', 'schedule.changed', 'schedule.orphaned', 'schedule.excluded'],
};

function said(): ReadonlySet<string> {
  const names = globSync('daemon/**/*.ts', { cwd: ROOT })
    .filter((file) => !file.startsWith('daemon/demo/'))
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      const calls = [...text.matchAll(/\blog\??\.(?:info|warn|error)\(\s*((?:[^,()]|\([^)]*\))+)/g)];
      return calls.flatMap(([, first = '']) =>
        [...first.matchAll(/['`]([a-z_]+\.[^'`]+)['`]/g)].map(([, name = '']) => name),
      );
    });
  return new Set(names.flatMap((name) => FAMILIES[name] ?? [name]));
}

function documented(): readonly string[] {
  const text = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
  const table = text.slice(text.indexOf('| event | when |')).split('\n\n')[0] ?? '';
  return table
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z_.]+)`/g)].map(([, name = '']) => name));
}

test('every event that the daemon says is in the table of docs/operating.md, and the table has no other', () => {
  const names = documented();
  expect(names.length).toBeGreaterThan(30);
  expect(new Set(names).size).toBe(names.length);
  expect([...said()].sort()).toEqual(names.toSorted());
});

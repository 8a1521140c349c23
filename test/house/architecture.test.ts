import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

/** Dependencies run downwards only. A row says what a part may import besides itself; what is not said is forbidden. */
const ROOT = join(import.meta.dirname, '../..');

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'lib/core': ['luxon', 'croner'],
  'lib/openstack/node': ['lib/openstack', 'yaml', 'node:'],
  'lib/openstack': ['zod'],
  'lib/notifications': [],
  'lib/simulator': [],
  'lib/index.ts': ['lib/core', 'lib/openstack', 'lib/notifications'],
  'daemon/ports': ['lib/core'],
  'daemon/exit.ts': [],
  'daemon/node-version.ts': [],
  'daemon/identity.ts': ['lib/core', 'daemon/exit.ts', 'node:'],
  'daemon/clock.ts': ['lib/core', 'daemon/ports', 'node:'],
  'daemon/tasks.ts': ['lib/core', 'daemon/ports', 'daemon/exit.ts'],
  'daemon/engine': ['lib/core', 'daemon/ports', 'daemon/identity.ts'],
  'daemon/store': ['lib/core', 'daemon/ports', 'daemon/exit.ts', 'better-sqlite3', 'node:'],
  'daemon/cloud': ['lib/core', 'lib/openstack', 'daemon/ports'],
  'daemon/intake': ['lib/notifications', 'daemon/ports', 'amqplib', 'node:'],
  'daemon/observe': ['lib/core', 'daemon/ports', 'pino', 'prom-client'],
  'daemon/http/contract': ['zod'],
  'daemon/http/auth': ['daemon/http', 'daemon/ports', 'lib/core', 'lib/openstack', 'fastify', 'node:'],
  'daemon/http': [
    'lib/core',
    'daemon/ports',
    'daemon/observe',
    'daemon/exit.ts',
    'fastify',
    'fastify-type-provider-zod',
    '@fastify',
    'prom-client',
    'zod',
    'node:',
  ],
  'daemon/web': ['daemon/http/contract', 'preact', '@preact', 'd3-scale', 'd3-shape', 'vite', 'node:'],
  'daemon/config': [
    'lib/core',
    'lib/openstack',
    'daemon/exit.ts',
    // The names of the rules, which an operator's file is held against; it imports nothing.
    'daemon/http/api/rules.ts',
    'leven',
    'yaml',
    'zod',
    'node:',
  ],
  'daemon/supervisor.ts': ['node:'],
  'daemon/lifecycle.ts': ['lib/core', 'daemon/ports'],
  'daemon/wiring': ['lib/openstack', 'daemon'],
  'daemon/app.ts': ['lib', 'daemon'],
  'daemon/cli': [
    'daemon/app.ts',
    'daemon/clock.ts',
    'daemon/config',
    'daemon/exit.ts',
    'daemon/supervisor.ts',
    'yargs',
    'node:',
  ],
  'daemon/main.ts': ['daemon/cli', 'daemon/node-version.ts', 'node:'],
  'daemon/demo': ['lib', 'daemon', 'amqplib', 'better-sqlite3', 'node:'],
};

const files = globSync('{lib,daemon}/**/*.{ts,tsx}', { cwd: ROOT }).filter((file) => !file.endsWith('.d.ts'));

const partOf = (file: string): string | undefined =>
  Object.keys(MAY_IMPORT).find((part) => file === part || file.startsWith(`${part}/`));

/** Relative imports as paths from the root, others as they stand. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const named = [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)[^;'"]*?from '([^']+)'|import\('([^']+)'\)|(?:^|\n)import '([^']+)'/g,
    ),
  ];
  return named.map(([, from, dynamic, bare]) => {
    const specifier = from ?? dynamic ?? bare ?? '';
    return specifier.startsWith('.') ? relative('.', join(dirname(file), specifier)) : specifier;
  });
}

test('there are files to judge, and each belongs to a part of the house', () => {
  expect(files.length).toBeGreaterThan(60);
  expect(files.filter((file) => partOf(file) === undefined)).toEqual([]);
});

test('the reading of imports sees static, type, dynamic and re-exporting ones', () => {
  expect(importsOf('daemon/main.ts')).toContain('daemon/cli/run.ts');
  expect(importsOf('lib/index.ts')).toContain('lib/core/index.ts');
  expect(importsOf('daemon/store/run-id.ts')).toEqual(['node:crypto', 'lib/core/index.ts']);
});

test.each(files)('%s imports only what lies below it', (file) => {
  const part = partOf(file) ?? '';
  const allowed = [part, ...(MAY_IMPORT[part] ?? [])];
  const forbidden = importsOf(file).filter(
    (target) => !allowed.some((may) => target === may || target.startsWith(may.endsWith(':') ? may : `${may}/`)),
  );
  expect(forbidden).toEqual([]);
});

test.each([
  { library: 'luxon', file: 'lib/core/zone.ts', does: 'tells zones' },
  { library: 'croner', file: 'lib/core/cron.ts', does: 'reads cron patterns' },
])('only $file imports $library, since it alone $does', ({ library, file }) => {
  expect(files.filter((candidate) => importsOf(candidate).includes(library))).toEqual([file]);
});

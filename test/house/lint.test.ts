import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A layer rule nobody has seen fire may be no rule: each is shown a planted fault, in a tree that is only planted. */
const ROOT = join(import.meta.dirname, '../..');
const importing = (from: string): string => `import { x } from '${from}';\nexport const y = x;\n`;

const FAULTS: readonly (readonly [file: string, fault: string, message: string])[] = [
  ['lib/core/a.ts', importing('../../daemon/app.ts'), 'lib never imports daemon'],
  ['lib/core/b.ts', importing('../openstack/index.ts'), 'pure and knows nothing but itself'],
  ['lib/core/c.ts', importing('node:fs'), 'no dependency but luxon'],
  ['lib/core/d.ts', importing('luxon'), 'luxon, in zone.ts'],
  ['lib/core/d2.ts', importing('croner'), 'croner, in cron.ts'],
  ['lib/core/zone.ts', importing('croner'), 'no dependency but luxon'],
  ['lib/core/cron.ts', importing('luxon'), 'no dependency but luxon'],
  ['lib/core/e.ts', 'export const y = Date.now();\n', 'never reads a clock'],
  ['lib/core/f.ts', 'export const y = new Date();\n', 'never reads a clock'],
  ['lib/core/g.ts', 'export const y = Math.random();\n', 'never reads a clock'],
  ['lib/core/h.ts', 'export const y = DateTime.now();\n', 'never reads a clock'],
  ['lib/core/i.ts', 'export const y = DateTime.local();\n', 'never reads a clock'],
  ['lib/core/j.ts', 'export const y = DateTime.utc();\n', 'never reads a clock'],
  ['lib/core/k.ts', 'export const y = globalThis.process;\n', 'never reads a clock'],
  ['lib/openstack/a.ts', importing('node:fs'), 'no node:* here'],
  ['lib/openstack/b.ts', importing('../core/index.ts'), 'Siblings of lib do not know each other'],
  ['lib/openstack/c.ts', importing('../../daemon/app.ts'), 'lib never imports daemon'],
  ['lib/openstack/d.ts', importing('./node/index.ts'), 'what runs anywhere does not know it'],
  ['lib/openstack/node/a.ts', importing('../../core/index.ts'), 'Siblings of lib do not know each other'],
  ['lib/openstack/node/b.ts', importing('../../../daemon/app.ts'), 'lib never imports daemon'],
  ['lib/notifications/a.ts', importing('node:fs'), 'no node:* here'],
  ['lib/notifications/b.ts', importing('../openstack/index.ts'), 'Siblings of lib do not know each other'],
  ['lib/simulator/a.ts', importing('node:fs'), 'no node:* here'],
  ['lib/simulator/b.ts', importing('../openstack/index.ts'), 'would share its mistakes'],
  ['daemon/ports/a.ts', importing('../store/index.ts'), "lib/core's words alone"],
  ['daemon/ports/b.ts', importing('better-sqlite3'), "lib/core's words alone"],
  ['daemon/engine/a.ts', importing('../store/index.ts'), 'through ports alone'],
  ['daemon/engine/b.ts', importing('../../lib/openstack/index.ts'), 'through ports alone'],
  ['daemon/engine/c.ts', importing('../../lib/simulator/index.ts'), 'Only the demo and tests'],
  ['daemon/store/a.ts', importing('../engine/submit.ts'), 'knows no sibling'],
  ['daemon/cloud/a.ts', importing('../store/index.ts'), 'knows no sibling'],
  ['daemon/intake/a.ts', importing('../../lib/openstack/index.ts'), 'knows no sibling'],
  ['daemon/http/a.ts', importing('../engine/submit.ts'), 'Only app.ts knows all'],
  ['daemon/observe/a.ts', importing('../cloud/index.ts'), 'Only app.ts knows all'],
  ['daemon/config/a.ts', importing('../app.ts'), 'Only app.ts knows all'],
];

interface Report {
  readonly diagnostics: readonly { readonly message: string; readonly location: { readonly path: string } }[];
}

let tree = '';
let report: Report = { diagnostics: [] };

function lint(): Report {
  const biome = join(ROOT, 'node_modules/.bin/biome');
  try {
    execFileSync(biome, ['lint', '--reporter=json', '--max-diagnostics=1000', '.'], { cwd: tree, stdio: 'pipe' });
  } catch (error) {
    return JSON.parse(String((error as { stdout: Buffer }).stdout)) as Report;
  }
  throw new Error('Biome found nothing wrong with the planted tree');
}

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'planted-'));
  for (const name of ['biome.json', '.gitignore', 'packaging/lint'])
    cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  for (const [file, fault] of FAULTS) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), fault);
  }
  report = lint();
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

test.each(FAULTS)('the fault planted in %s is found', (file, _fault, message) => {
  const found = report.diagnostics.filter(({ location }) => location.path === file).map((d) => d.message);
  expect(found.join('\n')).toContain(message);
});

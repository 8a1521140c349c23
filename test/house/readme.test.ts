import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test, vi } from 'vitest';
import { parseConfig } from '../../daemon/config/load.ts';
import { createRegion } from '../../lib/simulator/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const dir = mkdtempSync(join(tmpdir(), 'readme-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function block(language: string): string {
  const found = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readme)?.[1];
  if (found === undefined) throw new Error(`README has no block of ${language}`);
  return found;
}

test('the library example lists a project’s backups', async () => {
  const region = createRegion();
  region.seedStandardIdentities();
  const projectId = region.projects().find(({ name }) => name === 'demo')?.id ?? '';
  const { id } = region.createInstance({ projectId, name: 'orders' });
  const full = region.createBackup({ instanceId: id, name: 'monday' });
  region.createBackup({ instanceId: id, name: 'tuesday', parentId: full.id });
  vi.stubGlobal('fetch', region.fetch);
  const print = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const clouds = join(dir, 'clouds.yaml');
  const auth = { auth_url: region.authUrl, username: 'demo', password: 'demo', project_name: 'demo' };
  writeFileSync(clouds, JSON.stringify({ clouds: { mine: { auth } } }));
  vi.stubEnv('OS_CLIENT_CONFIG_FILE', clouds);
  const library = pathToFileURL(join(ROOT, 'lib')).href;
  const file = join(dir, 'example.ts');
  writeFileSync(file, block('ts').replace(/'trove-autobackup\/(.*)'/g, `'${library}/$1/index.ts'`));
  await import(pathToFileURL(file).href);
  expect(print.mock.calls.sort()).toEqual([
    ['monday', 'COMPLETED', 'full'],
    ['tuesday', 'COMPLETED', full.id],
  ]);
});

test('the configuration shown is one', () => {
  const config = parseConfig(block('yaml'), 'README.md');
  expect(config.policies.map(({ name }) => name)).toEqual(['daily']);
});

test('the sample configuration is one, and every file that README names is there', () => {
  const sample = 'packaging/examples/config.yaml';
  expect(parseConfig(readFileSync(join(ROOT, sample), 'utf8'), sample).mode).toBe('observe');
  for (const [, target = ''] of readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    expect(() => readFileSync(join(ROOT, target)), target).not.toThrow();
  }
});

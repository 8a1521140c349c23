import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';

const ROOT = join(import.meta.dirname, '../../..');
const WEB = join(ROOT, 'daemon/web');
const CACHE = join(ROOT, 'node_modules/.cache/web-pages');

function digest(salt: string): string {
  const hash = createHash('sha256').update(salt);
  for (const file of globSync('**/*', { cwd: WEB, withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    hash.update(path).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The page as it is published, built once for each state of its source, whoever asks first. */
export async function builtPage(plugin?: Plugin): Promise<string> {
  const folder = join(CACHE, `${plugin?.name ?? 'page'}-${digest(plugin?.name ?? '')}`);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const outDir = mkdtempSync(join(CACHE, 'building-'));
  try {
    const configFile = join(WEB, 'vite.config.ts');
    await build({ configFile, build: { outDir }, ...(plugin && { plugins: [plugin] }) });
    put(outDir, folder);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
  return folder;
}

/** Another process may have been faster. */
function put(made: string, folder: string): void {
  const ready = `${made}.ready`;
  cpSync(made, ready, { recursive: true });
  try {
    renameSync(ready, folder);
  } catch (error) {
    rmSync(ready, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}

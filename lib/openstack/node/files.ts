import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { CloudConfigError } from './error.ts';
import { isSection, type Section } from './section.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface FoundFile {
  readonly path: string;
  readonly content: Section;
}

const SUFFIXES = ['.yaml', '.yml', '.json'];

/** In this order. (openstacksdk: openstack/config/loader.py CONFIG_SEARCH_PATH) */
function folders(env: Environment): readonly string[] {
  const home = join(env['SNAP_REAL_HOME'] ?? env['HOME'] ?? homedir(), '.config');
  const own = env['XDG_CONFIG_HOME'] || home;
  const site = env['XDG_CONFIG_DIRS']?.split(':')[0] || '/etc/xdg';
  return [process.cwd(), ...[own, home, site].map((folder) => join(folder, 'openstack')), '/etc/openstack'];
}

/**
 * The first file of that name which is there and may be read. One that `named` names comes before all; unlike openstacksdk,
 * which would go on to the next without a word, it must be there. A file that is not YAML is an error here, too.
 */
export function findFile(name: string, named: string | undefined, env: Environment): FoundFile | undefined {
  if (named) return read(named, 'named');
  for (const folder of folders(env)) {
    for (const suffix of SUFFIXES) {
      const path = join(folder, name + suffix);
      const found = existsSync(path) ? read(path, 'looked for') : undefined;
      if (found) return found;
    }
  }
  return undefined;
}

function read(path: string, how: 'named' | 'looked for'): FoundFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // One of another user, as root's in /etc, is passed over as openstacksdk does.
    if (code === 'EACCES' && how === 'looked for') return undefined;
    throw new CloudConfigError(`${path} cannot be read (${code}); correct the path or its rights`, { cause: error });
  }
  const content = parsed(path, text);
  if (!isSection(content)) throw new CloudConfigError(`${path} is empty or no block of keys; it begins with "clouds:"`);
  return { path, content };
}

/** YAML 1.1, as Python reads it: `yes` is true, and `<<` merges. */
function parsed(path: string, text: string): unknown {
  try {
    return parse(text, { version: '1.1', logLevel: 'error' });
  } catch (error) {
    // Not a word of the file: the line may hold a password.
    const [at] = error instanceof YAMLParseError ? (error.linePos ?? []) : [];
    const where = at ? `, line ${at.line}, column ${at.col}` : '';
    throw new CloudConfigError(`${path}${where}: no YAML; check quotes and indentation there`);
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Region } from '../../region/region.ts';
import { examplesOf } from './blocks.ts';
import { openShell, type Shell } from './shell.ts';

const DOCUMENT = join(import.meta.dirname, '../../../docs/api.md');
/** What the document has its readers set, by the `openstack` command. */
const [{ script: SETTINGS } = { script: '' }] = examplesOf(readFileSync(DOCUMENT, 'utf8'));

/** Those of its lines that set this variable. */
export const linesFor = (name: string): string =>
  SETTINGS.split('\n')
    .filter((line) => line.startsWith(`${name}=`))
    .join('\n');

/** A terminal with an openrc file for a real region; `own` is what is somebody's own in it. It goes with the test. */
export function openTerminal({ authUrl }: Pick<Region, 'authUrl'>, own: Readonly<Record<string, string>>): Shell {
  const byName = 'OS_USERNAME' in own && { OS_USER_DOMAIN_NAME: 'Default' };
  const ofProject = 'OS_PROJECT_NAME' in own && { OS_PROJECT_DOMAIN_NAME: 'Default' };
  const all = { OS_AUTH_URL: authUrl, OS_REGION_NAME: 'RegionOne', OS_IDENTITY_API_VERSION: '3' };
  const shell = openShell({ env: { ...all, ...byName, ...ofProject, ...own } });
  onTestFinished(shell.close);
  return shell;
}

/** What a script says. @throws Error with its complaints, where it fails */
export async function told(shell: Shell, script: string): Promise<string> {
  const { code, output, complaints } = await shell.run(script);
  if (code !== 0) throw new Error(complaints);
  return output.trim();
}

/** A token, as the document says to get one. */
export const tokenIn = (shell: Shell): Promise<string> => told(shell, `${linesFor('TOKEN')}\necho "$TOKEN"`);

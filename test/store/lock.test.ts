import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ExitError } from '../../daemon/exit.ts';
import { openWorld, tempFolder } from './world.ts';

function refusal(path: string): ExitError {
  try {
    openWorld({ path });
  } catch (error) {
    if (error instanceof ExitError) return error;
    throw error;
  }
  throw new Error('the store was opened');
}

/** Another process that has the store open when this resolves. */
async function holderOf(path: string): Promise<ChildProcess> {
  const file = new URL('holder.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--no-warnings', file, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => [`exit ${code}`] as const),
  ]);
  expect(String(said)).toBe('open\n');
  return child;
}

test('a second daemon is turned away with 75, in this process as well', () => {
  const { path } = openWorld();
  const { code, message } = refusal(path);
  expect(code).toBe(75);
  expect(message).toBe(`another trove-autobackup is using ${path}; stop it, or give this one its own store`);
});

test('the store is free again after it was closed, and after an open that failed', () => {
  const { path, close } = openWorld();
  close();
  expect(() => openWorld({ path, owner: 'deadbeef' })).toThrow(/belongs to the key/);
  openWorld({ path });
});

test('another process is turned away from, but not after kill -9: nothing acknowledged is lost', async () => {
  const path = join(tempFolder(), 'autobackup.sqlite');
  const child = await holderOf(path);
  try {
    expect(refusal(path).code).toBe(75);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const world = openWorld({ path });
  expect(await world.notes.pendingNotes(10)).toEqual([{ instanceId: 'db-1', projectId: 'project-a', revision: 1 }]);
});

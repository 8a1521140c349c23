import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runOnLeash } from '../../daemon/demo/leash.ts';

const LEASH = new URL('../../daemon/demo/leash.ts', import.meta.url).href;

let home: string;
let beats: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'leash-'));
  beats = join(home, 'beats');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A command that starts another, which writes as long as it lives. */
const heart = (): string => `(while :; do echo >> ${beats}; sleep 0.02; done) & wait`;
const size = (): number => (existsSync(beats) ? statSync(beats).size : 0);
const stopped = async (): Promise<boolean> => {
  const before = size();
  await delay(200);
  return size() === before;
};

test('kill ends the command and all it started', async () => {
  const leash = runOnLeash('/bin/sh', ['-c', heart()], { ...process.env, HOME: home });
  await expect.poll(size).toBeGreaterThan(2);
  expect(leash.running()).toBe(true);
  await leash.kill();
  expect(leash.running()).toBe(false);
  expect(await stopped()).toBe(true);
});

test('a kill -9 of the owner ends them too', async () => {
  const args = JSON.stringify(['-c', heart()]);
  const script = `const { runOnLeash } = await import('${LEASH}');
    runOnLeash('/bin/sh', ${args}, { PATH: process.env.PATH, HOME: '${home}' });
    setInterval(() => undefined, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  await expect.poll(size, { timeout: 10_000 }).toBeGreaterThan(2);
  owner.kill('SIGKILL');
  await expect.poll(stopped, { timeout: 10_000 }).toBe(true);
});

test('a command that cannot be run has ended, and says why', async () => {
  const leash = runOnLeash('/no/such/command', [], { ...process.env, HOME: home });
  await leash.ended;
  expect(leash.output()).toContain('/no/such/command');
});

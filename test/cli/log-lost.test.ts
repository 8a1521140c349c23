import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configIn, folder } from './process.ts';

const MAIN = join(import.meta.dirname, '../../daemon/main.ts');

test('when nobody reads its log any more it goes on, is alive, is not ready and says why, and stops in order', async () => {
  const args = ['--no-warnings', MAIN, 'serve', '--config', configIn(folder())];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    while (!out.includes('"event":"daemon.started"')) await once(child.stdout, 'data');
    const ops = /"ops":"([^"]+)"/.exec(out)?.[1] ?? '';
    child.stdout.destroy();
    child.kill('SIGHUP'); // which is told, to nobody
    let parts: Record<string, { ok: boolean; detail: string }> = {};
    for (let tries = 0; tries < 50 && parts['log']?.ok !== false; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      ({ parts } = (await (await fetch(`${ops}/readyz`)).json()) as { parts: typeof parts });
    }
    expect(parts['log']).toEqual({ ok: false, detail: 'stdout cannot be written (EPIPE)' });
    expect((await fetch(`${ops}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${ops}/metrics`)).text()).toMatch(/^trove_autobackup_log_lines_lost_total [1-9]/m);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configIn, folder } from './process.ts';

const MAIN = join(import.meta.dirname, '../../daemon/main.ts');

test('however it is started, its young heap stays at what V8 begins with: a large region would make it 100 MiB', async () => {
  const args = ['--no-warnings', MAIN, 'serve', '--config', configIn(folder())];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let out = '';
    while (!out.includes('"event":"daemon.started"')) out += (await once(child.stdout, 'data'))[0];
    const ops = /"ops":"([^"]+)"/.exec(out)?.[1] ?? '';
    const metrics = await (await fetch(`${ops}/metrics`)).text();
    const bytes = /^trove_autobackup_nodejs_heap_space_size_total_bytes\{space="new"\} (\d+)$/m.exec(metrics)?.[1];
    expect(Number(bytes)).toBeGreaterThan(0);
    expect(Number(bytes)).toBeLessThanOrEqual(4 * 2 ** 20);
  } finally {
    child.kill('SIGKILL');
  }
});

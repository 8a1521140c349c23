import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findRabbit } from '../../daemon/demo/rabbitmq.ts';

const MAIN = new URL('../../daemon/demo/main.ts', import.meta.url).pathname;
/** The days take twelve seconds; on a busy machine time passes slower, and a RabbitMQ takes its own to come up. */
const RUN = ['--days', '2', '--minutes', '0.2'];
const TIME_LIMIT_MS = 240_000;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'demo-test-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** The demo as a process of its own, whose temporary files are all in `home`. */
function start(args: readonly string[]) {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, TMPDIR: home };
  const child = spawn(process.execPath, [MAIN, ...args], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, output: () => output };
}

test(
  'two days without a broker end with every check passed and nothing left behind',
  async () => {
    const { ended, output } = start([...RUN, '--no-bus']);
    expect(await ended, output()).toBe(0);
    expect(output()).toContain('bus: null');
    expect(output()).toMatch(/page is at http:\/\/127\.0\.0\.1:\d+\/ — sign in as shop/);
    expect(output()).toMatch(/shop\/prod-orders A user creates a mysql database/);
    expect(output()).toMatch(/shop\/prod-orders Full, because there is no backup of ours to build on\./);
    expect(output()).toMatch(/bank\/ledger Full, because incrementals of postgresql are not safe/);
    expect(output()).toMatch(/lab\/scratch The operator excluded project/);
    expect(output()).toMatch(/shop\/prod-copy It is a replica of prod-orders/);
    expect(output()).toMatch(/shop\/prod-orders Backup [0-9a-f]{8} carries this slot's marker and was adopted\./);
    expect(output()).toMatch(/✓ lab\/scratch +no backups, as it should be/);
    expect(output()).toContain('All checks hold.');
    expect(output()).not.toContain('\x1b');
    expect(readdirSync(home)).toEqual([]);
  },
  TIME_LIMIT_MS,
);

test(
  'two days with a real RabbitMQ: the daemon hears of new databases from it',
  async () => {
    expect(findRabbit(), 'rabbitmq-server is not installed: apt-get install rabbitmq-server').not.toBeNull();
    const { ended, output } = start(RUN);
    expect(await ended, output()).toBe(0);
    expect(output()).toMatch(/url: amqp:\/\/autobackup:autobackup@127\.0\.0\.1:\d+/);
    expect(output()).toMatch(/RabbitMQ told the daemon [1-9]\d* times where to look\./);
    expect(output()).toContain('All checks hold.');
    expect(readdirSync(home)).toEqual([]);
  },
  TIME_LIMIT_MS,
);

test(
  'Ctrl-C ends it in order',
  async () => {
    const { child, ended, output } = start(['--days', '30', '--minutes', '10', '--no-bus', '--language', 'vi']);
    await expect.poll(output, { timeout: 100_000 }).toContain('Người dùng tạo');
    child.kill('SIGINT');
    expect(await ended, output()).toBe(130);
    expect(output()).toContain('đối chiếu');
    expect(readdirSync(home)).toEqual([]);
  },
  TIME_LIMIT_MS,
);

test.each([
  [['--days', 'many'], '--days many: give a number above 0, at most 60'],
  [['--language', 'fr'], '--language fr: choose en or vi'],
  [['--fast'], '--fast'],
])('%s is refused with a sentence', async (args, sentence) => {
  const { ended, output } = start(args);
  expect(await ended).toBe(64);
  expect(output()).toContain(sentence);
});

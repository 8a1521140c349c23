import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { run } from '../../daemon/cli/run.ts';
import { configIn, folder, start } from './process.ts';

interface Refusal {
  readonly what: string;
  readonly args: (dir: string) => readonly string[];
  readonly code: number;
  readonly says: RegExp;
}

const serve = (config: string): readonly string[] => ['serve', '--config', config];
const key = (dir: string): string => join(dir, 'marker.key');
const HEX = `${'0a'.repeat(32)}\n`;

const REFUSALS: readonly Refusal[] = [
  { what: 'no command', args: () => [], code: 64, says: /^Say what to do: serve or check-config$/m },
  { what: 'an unknown command', args: () => ['backup'], code: 64, says: /^Unknown (command|argument): backup$/m },
  { what: 'no configuration', args: () => ['serve'], code: 64, says: /^Missing required argument: config$/m },
  {
    what: 'an unknown option',
    args: (dir) => [...serve(configIn(dir)), '--dry-run'],
    code: 64,
    says: /^Unknown arguments?: dry-run/m,
  },
  {
    what: 'a configuration that is not there',
    args: (dir) => serve(join(dir, 'none.yaml')),
    code: 78,
    says: /^trove-autobackup: the configuration \S+none\.yaml cannot be read \(ENOENT\); check --config$/m,
  },
  {
    what: 'a configuration with faults, each on a line of its own',
    args: (dir) => {
      const path = join(dir, 'config.yaml');
      writeFileSync(path, 'bus: null\nkeystone: { password: hunter2 }\npolicies: []\n');
      return serve(path);
    },
    code: 78,
    says: /config\.yaml cannot be used:\n( {2}\S.*\n){3,}$/,
  },
  {
    what: 'a key that others may read',
    args: (dir) => {
      writeFileSync(key(dir), HEX);
      chmodSync(key(dir), 0o640);
      return serve(configIn(dir));
    },
    code: 78,
    says: /^trove-autobackup: others may read the key \S+; run: chmod 600 \S+marker\.key$/m,
  },
  {
    what: 'a store whose key is gone',
    args: (dir) => {
      writeFileSync(join(dir, 'store.sqlite'), '');
      rmSync(key(dir), { force: true });
      return serve(configIn(dir));
    },
    code: 78,
    says: /^trove-autobackup: the key \S+ is missing, .*; restore it from a copy, or move the store \S+ away as well$/m,
  },
];

interface Answer {
  readonly code: number;
  readonly err: string;
}

/** The command line in this process, as main.ts runs it. */
async function runHere(args: readonly string[]): Promise<Answer> {
  let err = '';
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    err += String(chunk);
    return true;
  });
  const help = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    return { code: await run(args), err };
  } finally {
    write.mockRestore();
    help.mockRestore();
  }
}

test.each(REFUSALS)('$what: exit $code and a sentence that says what to do', async ({ args, code, says }) => {
  const { code: was, err } = await runHere(args(folder()));
  expect(was).toBe(code);
  expect(err).toMatch(says);
  expect(err).not.toMatch(/hunter2|\n\s+at /);
});

test('a port in use: the process ends with 78 and a sentence, and leaves the store free', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const { port } = holder.address() as { port: number };
  const config = configIn(folder(), { opsListen: `127.0.0.1:${port}` });
  const { code, out, err } = await start(...serve(config)).ended;
  expect([code, out]).toEqual([78, '']);
  expect(err).toMatch(
    /^trove-autobackup: http\.ops_listen 127\.0\.0\.1:\d+ cannot be opened \(EADDRINUSE\); choose .*\n$/,
  );
  expect((await runHere(serve(config))).code).toBe(78);
  holder.close();
});

test('--version and --help answer with 0', async () => {
  const [version, help] = await Promise.all([start('--version').ended, start('--help').ended]);
  expect([version.code, version.out]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  expect([help.code, help.out]).toEqual([0, expect.stringContaining('Run the daemon until SIGTERM or SIGINT')]);
});

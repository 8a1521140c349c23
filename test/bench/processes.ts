import { type ChildProcess, type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { stringify } from 'yaml';
import { benchFolder } from './fill.ts';
import { within } from './within.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Lines that are kept for whoever asks late. */
const KEPT = 20;
const LINE_MS = 5 * 60_000;
/** The daemon ends within ten seconds. */
const STOP_MS = 20_000;
const ENV = { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH']}` };
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export interface Program {
  readonly child: ChildProcess;
  /** Resolves with the next line of its output that fits; one of the last few counts, too. `what` it tells, should it not come. */
  line(what: string, fits: (line: string) => boolean): Promise<string>;
  stop(): Promise<void>;
}

const built = (() => {
  let done = false;
  return (): void => {
    if (!done) execFileSync('tsc', ['-b', 'lib/core', 'lib', 'daemon'], { cwd: ROOT, env: ENV });
    done = true;
  };
})();

/** The daemon as it is installed: built, and started by the line at its top. */
export function runDaemon(...args: readonly string[]): Program {
  const file = join(ROOT, 'dist/daemon/main.js');
  built();
  chmodSync(file, 0o755);
  return programOf(file, spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], env: ENV }));
}

export function run(file: string, ...args: readonly string[]): Program {
  return programOf(
    file,
    spawn(process.execPath, [join(ROOT, file), ...args], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

function programOf(file: string, child: ChildProcessByStdio<null, Readable, null>): Program {
  children.add(child);
  const recent: string[] = [];
  const waiting = new Set<(line: string | null) => void>();
  createInterface(child.stdout).on('line', (line) => {
    recent.push(line);
    if (recent.length > KEPT) recent.shift();
    for (const look of waiting) look(line);
  });
  child.once('exit', () => {
    for (const look of waiting) look(null);
  });
  const lines = (): string => `; the last that ${file} said:\n${recent.join('\n') || '(nothing)'}`;
  const next = (fits: (line: string) => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (line: string | null): void => {
        if (line !== null && !fits(line)) return;
        waiting.delete(look);
        if (line === null) reject(new Error(`${file} ended${lines()}`));
        else resolve(line);
      };
      const found = recent.find(fits);
      if (found !== undefined) resolve(found);
      else if (hasEnded(child)) look(null);
      else waiting.add(look);
    });
  return {
    child,
    line: (what, fits) => within(what, LINE_MS, next(fits), lines),
    async stop() {
      if (hasEnded(child)) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await within(`the end of ${file} after SIGTERM`, STOP_MS, exit, lines);
      children.delete(child);
    },
  };
}

/** The daemon's configuration for a region that listens at `authUrl`; nothing is due and no bus is asked for. */
export function writeConfig(
  authUrl: string,
  folder = benchFolder(),
  http: Readonly<Record<string, unknown>> = {},
): string {
  const path = join(folder, 'config.yaml');
  const keystone = { auth_url: authUrl, username: 'autobackup', password: 'autobackup', project_name: 'service' };
  const store = { path: join(folder, 'autobackup.sqlite'), key_file: join(folder, 'marker.key') };
  const policies = [{ name: 'daily', select: {}, every: 'day', first_within: '7d' }];
  const config = {
    mode: 'observe',
    keystone,
    bus: null,
    store,
    http: { ops_listen: '127.0.0.1:0', ...http },
    policies,
  };
  writeFileSync(path, stringify(config));
  return path;
}

/** The most memory that a process ever had, in MiB. Linux: Documentation/filesystems/proc.rst, VmHWM */
export function peakRssMib({ pid }: ChildProcess): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

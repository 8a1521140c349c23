import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const MAIN = join(import.meta.dirname, '../../daemon/main.ts');
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0).toReversed()) clean();
});

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  /** The first line of the log with this event, or the nth. */
  said(event: string, nth?: number): Promise<Readonly<Record<string, unknown>>>;
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** `trove-autobackup …` as an operator starts it. */
export const start = (...args: readonly string[]): Running => startIn({}, ...args);

/** The same with more in its environment. */
export function startIn(env: Readonly<Record<string, string>>, ...args: readonly string[]): Running {
  const child: ChildProcess = spawn(process.execPath, ['--no-warnings', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  cleanups.push(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  const waiting = new Set<() => void>();
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk;
    for (const look of waiting) look();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, out, err }));
  return {
    ended,
    pid: child.pid ?? 0,
    signal: (name) => void child.kill(name),
    said: (event, nth = 1) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const lines = out.split('\n').filter((text) => text.endsWith('}') && text.includes(`"event":"${event}"`));
          const line = lines[nth - 1];
          if (line === undefined) return;
          waiting.delete(look);
          resolve(JSON.parse(line) as Record<string, unknown>);
        };
        waiting.add(look);
        look();
        ended.then((end) => reject(new Error(`it ended before "${event}": ${JSON.stringify(end)}`)));
      }),
  };
}

/** A folder of the test's own, gone after it. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'autobackup-cli-'));
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Writes a configuration without a bus, its store in `dir`; the path of the file. */
export function configIn(dir: string, over: { readonly authUrl?: string; readonly opsListen?: string } = {}): string {
  const { authUrl = 'http://127.0.0.1:9/identity/v3', opsListen = '127.0.0.1:0' } = over;
  const path = join(dir, 'config.yaml');
  const text = `keystone: { auth_url: "${authUrl}", username: autobackup, password: autobackup, project_name: service }
bus: null
store: { path: ${join(dir, 'store.sqlite')}, key_file: ${join(dir, 'marker.key')} }
http: { ops_listen: "${opsListen}" }
policies: [{ name: often, every: 1h, first_within: 1s }]
`;
  writeFileSync(path, text);
  return path;
}

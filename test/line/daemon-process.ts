import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One line of the daemon's log. */
export interface LogLine {
  readonly event: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly [fact: string]: unknown;
}

const MAIN = join(import.meta.dirname, '../../daemon/main.ts');

/** The real daemon as a process of its own, as an operator starts it; it can be killed as a machine kills it. */
export class DaemonProcess {
  readonly #config: string;
  #child: ChildProcess | null = null;
  #other = '';
  /** Of all its lives. */
  readonly lines: LogLine[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(configPath: string) {
    this.#config = configPath;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN, 'serve', '--config', this.#config], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.#read(line));
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#other += `${line}\n`;
    });
    const from = this.lines.length;
    await Promise.race([
      this.event('daemon.started', { from, timeoutMs: 20_000 }),
      once(child, 'exit').then(() => {
        throw new Error(`the daemon ended at its start: ${this.#other}`);
      }),
    ]);
  }

  #read(line: string): void {
    const parsed = JSON.parse(line) as { time: string; event: string };
    this.lines.push({ ...parsed, atMs: Date.parse(parsed.time) });
    for (const wake of this.#waiting) wake();
  }

  /** The first line with this event after the line number `from` that fits; lines already there count too. */
  async event(
    name: string,
    options: { readonly from?: number; readonly timeoutMs?: number; readonly where?: (line: LogLine) => boolean } = {},
  ): Promise<LogLine> {
    const { from = 0, timeoutMs = 30_000, where = () => true } = options;
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = this.lines.slice(from).find((line) => line.event === name && where(line));
      if (found) return found;
      const left = deadline - performance.now();
      if (left <= 0) {
        const heard = this.lines.slice(-15).map((line) => JSON.stringify(line));
        throw new Error(`no "${name}" within ${timeoutMs} ms; the last lines:\n${heard.join('\n')}\n${this.#other}`);
      }
      await this.#nextLine(left);
    }
  }

  #nextLine(withinMs: number): Promise<void> {
    return new Promise((done) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        done();
      };
      const timer = setTimeout(wake, withinMs);
      this.#waiting.add(wake);
    });
  }

  /** Has it read its configuration anew. */
  reload(): void {
    this.#child?.kill('SIGHUP');
  }

  /** `kill -9`, or a polite end; resolves to the exit code once it is gone (null after kill -9). */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';

/**
 * The first process waits for the end of a pipe that only we hold open, so a kill -9 of ours ends the whole group too;
 * the second becomes the command. A group of its own keeps the terminal's Ctrl-C away from it.
 */
const SCRIPT = 'exec 3<&0; (read -r _ <&3; kill -KILL 0) & exec "$@" 3<&- </dev/null';

export interface Leash {
  /** When the command itself has ended. */
  readonly ended: Promise<void>;
  running(): boolean;
  /** What it wrote, the last part of it. */
  output(): string;
  /** Asks it to end by itself. */
  terminate(): Promise<void>;
  /** Ends it and all it started, at once. */
  kill(): Promise<void>;
}

/** Runs a command that cannot outlive this process, however this process ends. */
export function runOnLeash(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Leash {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', command, ...args], { detached: true, env, cwd: env['HOME'] });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-8_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.stdin.on('error', () => undefined); // the group may be gone before the pipe
  let running = true;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      running = false;
      child.stdin.destroy();
      resolve();
    };
    child.once('exit', end);
    child.once('error', (error) => {
      output += String(error);
      end();
    });
  });
  return {
    ended,
    running: () => running,
    output: () => output,
    async terminate() {
      child.kill('SIGTERM');
      await ended;
    },
    async kill() {
      killGroup(child);
      await ended;
    },
  };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

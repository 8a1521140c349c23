import { execFile } from 'node:child_process';

/** The service manager that started this process; says nothing where there is none. */
export interface Supervisor {
  ready(): void;
  /** What follows is a reload, until `ready`. */
  reloading(): void;
  stopping(): void;
  /** Tells again and again that the event loop turns, where systemd watches for it; ends with the returned function. */
  watch(): () => void;
  /** Resolves when all of it is told. */
  told(): Promise<void>;
}

const TOOL = 'systemd-notify';
const TELL_MS = 10_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** How often to tell, as sd_watchdog_enabled(3) advises; null where nobody listens. */
function beatMs({ WATCHDOG_USEC: usec, WATCHDOG_PID: pid }: Environment): number | null {
  const ms = Number(usec ?? 0) / 1000;
  const forUs = pid === undefined || Number(pid) === process.pid;
  return ms > 0 && forUs ? ms / 2 : null;
}

/**
 * sd_notify(3). Node has no datagram sockets of Unix, so systemd's own tool sends each message; it ends when systemd has
 * read it, and so lives as long as systemd needs to see of which unit it is.
 */
export function createSupervisor(env: Environment, onFault: (error: Error) => void): Supervisor {
  const isListening = (env['NOTIFY_SOCKET'] ?? '') !== '';
  let last: Promise<void> = Promise.resolve();

  const send = (words: readonly string[]): Promise<void> =>
    new Promise((resolve) => {
      execFile(TOOL, words, { timeout: TELL_MS }, (error) => {
        if (error) onFault(error);
        resolve();
      });
    });
  /** One after the other: a READY that overtook its RELOADING would be taken for another's. */
  function tell(...words: readonly string[]): void {
    if (isListening) last = last.then(() => send(words));
  }

  return {
    ready: () => tell('READY=1'),
    reloading: () => tell('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    stopping: () => tell('STOPPING=1'),
    watch() {
      const everyMs = isListening ? beatMs(env) : null;
      if (everyMs === null) return () => undefined;
      const beat = setInterval(() => tell('WATCHDOG=1'), everyMs);
      return () => clearInterval(beat);
    },
    told: () => last,
  };
}

import type { DurationMs, Instant } from '../lib/core/index.ts';
import { ExitError } from './exit.ts';
import { type Clock, sleep } from './ports/clock.ts';
import type { Log } from './ports/log.ts';

const RESTARTS = 3;
const WITHIN_MS: DurationMs = 10 * 60_000;

export interface Tasks {
  /** Starts a loop that runs until the signal; one that throws is started again after a pause. */
  run(name: string, loop: (signal: AbortSignal) => Promise<void>): void;
  /** Rejects with the error of the loop that could not be kept running; resolves when all have ended. */
  readonly ended: Promise<void>;
  /** Resolves when no loop runs any more, however each ended. */
  settled(): Promise<void>;
  /** For health: false while a loop is down. */
  check(): { readonly ok: boolean; readonly detail: string };
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'));
}

/** No promise without an owner: every loop has a name here, and a failing one ends the daemon rather than be missed. */
export function createTasks(clock: Clock, log: Log, signal: AbortSignal): Tasks {
  const names = new Set<string>();
  const down = new Set<string>();
  const running = new Set<Promise<void>>();
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  ended.catch(() => undefined);

  async function keep(name: string, loop: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const failures: Instant[] = [];
    while (!signal.aborted) {
      try {
        await loop(signal);
        if (!signal.aborted) throw new Error('the loop ended by itself');
      } catch (error) {
        if (isAbort(error, signal)) return;
        failures.push(clock.monotonicMs());
        log.error('task.failed', { task: name, failures: failures.length, err: error });
        const recent = failures.filter((at) => clock.monotonicMs() - at < WITHIN_MS);
        // What says its exit code itself does not go away by another try.
        if (error instanceof ExitError || recent.length > RESTARTS) throw error;
        down.add(name);
        await sleep(clock, 1_000 * 2 ** recent.length, signal).catch(() => undefined);
        down.delete(name);
      }
    }
  }

  return {
    ended,
    settled: async () => {
      await Promise.allSettled(running);
    },
    check: () => ({
      ok: down.size === 0,
      detail: down.size === 0 ? `${names.size} run` : `down: ${[...down].join(', ')}`,
    }),
    run(name, loop) {
      names.add(name);
      const kept = keep(name, loop);
      running.add(kept);
      kept
        .finally(() => names.delete(name))
        .then(() => {
          if (names.size === 0) resolve();
        }, reject);
    },
  };
}

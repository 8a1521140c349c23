import type { DurationMs } from '../lib/core/index.ts';
import { type Clock, sleep } from './ports/clock.ts';
import type { Log } from './ports/log.ts';

/** Also with no time left each stop is begun, and a quick one is not called hung: the last one closes the store. */
const MOMENT_MS: DurationMs = 50;

export interface Lifecycle {
  /** Whoever starts something says here at once how it is stopped. */
  onStop(part: string, stop: () => Promise<void> | void): void;
  /** Runs the stops, last started first. All of them together have one limit; what hangs is named and left behind. */
  stop(): Promise<void>;
}

/** The same whether a start failed half-way or a signal came. */
export function createLifecycle(clock: Clock, log: Log, limitMs: DurationMs): Lifecycle {
  const stops: { readonly part: string; readonly stop: () => Promise<void> | void }[] = [];

  async function run(endMs: number): Promise<void> {
    for (let next = stops.pop(); next; next = stops.pop()) {
      const { part, stop } = next;
      const over = new AbortController();
      const late = sleep(clock, Math.max(MOMENT_MS, endMs - clock.monotonicMs()), over.signal).then(
        () => log.error('stop.hung', { part, hint: 'it is left behind; what it had under way is in the store' }),
        () => undefined,
      );
      const ended = (async () => stop())().catch((error: unknown) => log.error('stop.failed', { part, err: error }));
      await Promise.race([ended, late]);
      over.abort();
    }
  }

  let stopped: Promise<void> | null = null;
  return {
    onStop: (part, stop) => void stops.push({ part, stop }),
    stop: () => {
      stopped ??= run(clock.monotonicMs() + limitMs);
      return stopped;
    },
  };
}

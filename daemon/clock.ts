import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import type { Instant } from '../lib/core/index.ts';
import type { Clock } from './ports/clock.ts';

/** No single sleep is longer: so a jump of the wall clock, or a suspend, is noticed soon. */
const LONGEST_SLEEP_MS = 30_000;
/** The wall clock was set back when it fell behind the monotonic one by more than adjusting does. */
const SET_BACK_MS = 1_000;

export interface Ticker {
  nowUtc(): Instant;
  monotonicMs(): number;
  /** How long a real timer has to run for so much of this clock's time. */
  realMs(ms: number): number;
}

export function clockOf({ nowUtc, monotonicMs, realMs }: Ticker): Clock {
  return {
    nowUtc,
    monotonicMs,
    async sleepUntil(instant, signal) {
      const drift = (): number => nowUtc() - monotonicMs();
      const before = drift();
      // At least one turn of the event loop: a caller whose instants are always past must not starve the sockets.
      signal.throwIfAborted();
      await turn();
      for (;;) {
        signal.throwIfAborted();
        const left = realMs(instant - nowUtc());
        if (left <= 0 || drift() < before - SET_BACK_MS) return;
        await delay(Math.min(left, LONGEST_SLEEP_MS), undefined, { signal });
      }
    },
  };
}

export const systemClock: Clock = clockOf({
  nowUtc: () => Date.now(),
  monotonicMs: () => performance.now(),
  realMs: (ms) => ms,
});

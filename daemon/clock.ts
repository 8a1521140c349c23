import { setTimeout as delay } from 'node:timers/promises';
import type { Instant } from '../lib/core/index.ts';
import type { Clock } from './ports/clock.ts';

/** No single sleep is longer: so a jump of the wall clock, or a suspend, is noticed soon. */
const LONGEST_SLEEP_MS = 30_000;

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
      for (;;) {
        signal.throwIfAborted();
        const left = realMs(instant - nowUtc());
        if (left <= 0) return;
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

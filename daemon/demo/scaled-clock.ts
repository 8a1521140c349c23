import { setTimeout as delay } from 'node:timers/promises';
import type { RegionClock } from '../../lib/simulator/index.ts';
import { clockOf } from '../clock.ts';
import type { Clock } from '../ports/clock.ts';

export interface ScaledClock {
  /** For the daemon. */
  readonly clock: Clock;
  /** For the region: the same time. */
  readonly regionClock: RegionClock;
  start(): void;
}

export interface ScaledClockOptions {
  readonly startUtc: number;
  /** Seconds that pass in one of ours. */
  readonly scale: number;
  /** Real milliseconds, as `performance.now()` counts them. */
  readonly realMs?: () => number;
}

/**
 * In real time: every sleep of the daemon takes so long at least. Polls meant for every two seconds would come 4,000
 * times a second, and one that is over before it began would never let the sockets have their turn.
 */
const SHORTEST_SLEEP_MS = 15;
/**
 * In real time: between two looks at the clock no more passes. A machine that is busy elsewhere for a second would
 * otherwise take hours of the simulated day, and all that were due in them would be late.
 */
const LONGEST_STEP_MS = 50;

/** One clock that runs fast, seen by two: days pass in minutes. It stands until it is started. */
export function scaledClock(options: ScaledClockOptions): ScaledClock {
  const { startUtc, scale, realMs = () => performance.now() } = options;
  let lookedMs: number | null = null;
  let passedMs = 0;
  const monotonicMs = (): number => {
    if (lookedMs === null) return passedMs;
    const nowMs = realMs();
    passedMs += Math.min(nowMs - lookedMs, LONGEST_STEP_MS) * scale;
    lookedMs = nowMs;
    return passedMs;
  };
  const nowUtc = (): number => Math.floor(startUtc + monotonicMs());
  const clock = clockOf({ nowUtc, monotonicMs, realMs: (ms) => ms / scale });
  return {
    clock: {
      ...clock,
      async sleepUntil(instant, signal) {
        signal.throwIfAborted();
        await delay(SHORTEST_SLEEP_MS, undefined, { signal });
        await clock.sleepUntil(instant, signal);
      },
    },
    regionClock: {
      nowUtc,
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs / scale).unref();
        return () => clearTimeout(timer);
      },
    },
    start: () => {
      lookedMs ??= realMs();
    },
  };
}

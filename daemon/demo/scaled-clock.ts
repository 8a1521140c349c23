import type { RegionClock } from '../../lib/simulator/index.ts';
import { clockOf } from '../clock.ts';
import type { Clock } from '../ports/clock.ts';

export interface ScaledClock {
  /** For the daemon. */
  readonly clock: Clock;
  /** For the region: the same time. */
  readonly regionClock: RegionClock;
}

export interface ScaledClockOptions {
  readonly startUtc: number;
  /** Seconds that pass in one of ours. */
  readonly scale: number;
  /** No sleep of the daemon is shorter, in real time: polls meant for every two seconds would come 4,000 times a second. */
  readonly shortestMs?: number;
}

const SHORTEST_MS = 15;

/** One clock that runs fast, seen by two: days pass in minutes. */
export function scaledClock({ startUtc, scale, shortestMs = SHORTEST_MS }: ScaledClockOptions): ScaledClock {
  const beganMs = performance.now();
  const passedMs = (): number => (performance.now() - beganMs) * scale;
  const nowUtc = (): number => Math.floor(startUtc + passedMs());
  return {
    clock: clockOf({
      nowUtc,
      monotonicMs: passedMs,
      realMs: (ms) => (ms <= 0 ? ms : Math.max(ms / scale, shortestMs)),
    }),
    regionClock: {
      nowUtc,
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs / scale).unref();
        return () => clearTimeout(timer);
      },
    },
  };
}

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
  /** Calls again and again, about so many real milliseconds apart. */
  readonly every?: (ms: number, run: () => void) => void;
}

/**
 * In real time: every sleep of the daemon takes so long at least. Polls meant for every two seconds would come 4,000
 * times a second, and one that is over before it began would never let the sockets have their turn.
 */
const SHORTEST_SLEEP_MS = 15;
/** In real time: the clock goes on from beat to beat, of which no more is counted than a beat that comes a little late. */
const BEAT_MS = 20;
const LONGEST_BEAT_MS = 30;
const SLOWEST = 1 / 32;

const unheld = (ms: number, run: () => void): unknown => setInterval(run, ms).unref();

/**
 * One clock that runs fast, seen by two: days pass in minutes. It stands until it is started. A machine that is busy
 * elsewhere would otherwise take hours of the simulated day for what takes seconds there, and all that was due in them
 * would be late: beats come late then, and the later one came, the slower time passes until the next.
 */
export function scaledClock(options: ScaledClockOptions): ScaledClock {
  const { startUtc, scale, realMs = () => performance.now(), every = unheld } = options;
  let beatMs: number | null = null;
  let pace = 1;
  let passedMs = 0;
  const sinceBeatMs = (): number => (beatMs === null ? 0 : realMs() - beatMs);
  const monotonicMs = (): number => passedMs + Math.min(sinceBeatMs(), LONGEST_BEAT_MS) * pace * scale;
  function beat(): void {
    const tookMs = sinceBeatMs();
    passedMs = monotonicMs();
    beatMs = realMs();
    pace = tookMs <= LONGEST_BEAT_MS ? 1 : Math.max(BEAT_MS / tookMs, SLOWEST);
  }
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
        const untilMs = monotonicMs() + delayMs;
        const wait = (leftMs: number): NodeJS.Timeout => setTimeout(look, leftMs / scale).unref();
        function look(): void {
          const leftMs = untilMs - monotonicMs();
          if (leftMs > 0) timer = wait(leftMs);
          else run();
        }
        let timer = wait(delayMs);
        return () => clearTimeout(timer);
      },
    },
    start() {
      if (beatMs !== null) return;
      beatMs = realMs();
      every(BEAT_MS, beat);
    },
  };
}

import type { DurationMs } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';

const LONGEST_MS: DurationMs = 24 * 60 * 60_000;

interface Told {
  readonly size: number;
  readonly waitMs: DurationMs;
  readonly againMs: number;
}

/** What goes on is told ever more rarely, once a day at least, and at once when it grows. */
export interface Repeats {
  isDue(key: string, size: number, everyMs: DurationMs): boolean;
  /** What is none of these is over: it would be told anew. */
  keep(keys: ReadonlySet<string>): void;
}

export function createRepeats(clock: Clock): Repeats {
  const told = new Map<string, Told>();
  return {
    isDue(key, size, everyMs) {
      const before = told.get(key);
      const nowMs = clock.monotonicMs();
      if (before && size <= before.size && nowMs < before.againMs) return false;
      const hasGrown = before === undefined || size > before.size;
      const waitMs = hasGrown ? everyMs : Math.min(before.waitMs * 2, LONGEST_MS);
      told.set(key, { size, waitMs, againMs: nowMs + waitMs });
      return true;
    },
    keep(keys) {
      for (const key of told.keys()) if (!keys.has(key)) told.delete(key);
    },
  };
}

import type { Instant } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';

/** Wakes a loop early. A poke while nobody waits is kept for the next wait. */
export interface Poke {
  poke(): void;
  /** Resolves at a poke or at the instant, whichever comes first; rejects when the signal aborts. */
  wait(untilUtc: Instant, signal: AbortSignal): Promise<void>;
}

export function createPoke(clock: Clock): Poke {
  let pending = false;
  let wake: (() => void) | null = null;
  return {
    poke() {
      pending = true;
      wake?.();
    },
    async wait(untilUtc, signal) {
      if (!pending) {
        const early = new AbortController();
        const poked = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const slept = clock.sleepUntil(untilUtc, AbortSignal.any([signal, early.signal]));
        try {
          await Promise.race([poked, slept]);
        } finally {
          wake = null;
          early.abort();
          await slept.catch(() => undefined);
        }
      }
      // Also where a poke is kept: a loop that is stopped takes no further round.
      signal.throwIfAborted();
      pending = false;
    },
  };
}

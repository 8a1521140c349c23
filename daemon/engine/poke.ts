import type { Instant } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';

/** Wakes a loop early. A poke while nobody waits is kept for the next wait. */
export interface Poke {
  poke(): void;
  /** Resolves at a poke or at the instant, whichever comes first; rejects when the signal aborts. */
  wait(untilUtc: Instant, signal: AbortSignal): Promise<void>;
}

/** Given, so that no wait makes an exception with its stack. */
const POKED = 'poked';

export function createPoke(clock: Clock): Poke {
  let pending = false;
  let wake: (() => void) | null = null;

  /** Sleeps until the instant, a poke or the signal. */
  async function sleep(untilUtc: Instant, signal: AbortSignal): Promise<void> {
    const early = new AbortController();
    const end = (): void => early.abort(POKED);
    // Not `AbortSignal.any`, whose signals cost more than all else that a wait does.
    signal.addEventListener('abort', end, { once: true });
    wake = end;
    try {
      await clock.sleepUntil(untilUtc, early.signal);
    } catch (error) {
      if (!early.signal.aborted) throw error;
    } finally {
      wake = null;
      signal.removeEventListener('abort', end);
    }
  }

  return {
    poke() {
      pending = true;
      wake?.();
    },
    async wait(untilUtc, signal) {
      if (!pending && !signal.aborted) await sleep(untilUtc, signal);
      // Also where a poke is kept: a loop that is stopped takes no further round.
      signal.throwIfAborted();
      pending = false;
    },
  };
}

import { ExitError } from '../exit.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { UpkeepPort } from '../ports/upkeep.ts';

const EVERY_MS = 500;
const HINT = 'nothing is lost; until it succeeds the daemon copies the journal itself, and is slower';

/** Keeps the store's journal short from beside the daemon's work. One that fails is told once, until one succeeds. */
export function checkpoints(upkeep: UpkeepPort, clock: Clock, log: Log): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    for (let failed = false; ; ) {
      try {
        await upkeep.checkpoint();
        failed = false;
      } catch (error) {
        if (error instanceof ExitError) throw error;
        if (!failed && !signal.aborted) log.error('store.checkpoint_failed', { err: error, hint: HINT });
        failed = true;
      }
      await sleep(clock, EVERY_MS, signal);
    }
  };
}

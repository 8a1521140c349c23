import { type Clock, sleep } from '../ports/clock.ts';
import type { Store } from '../store/index.ts';

const EVERY_MS = 5_000;

/** Looks whether the store's file is still ours, also where nothing is being written: what is written later would be lost. */
export function vigil(store: Pick<Store, 'assertThere'>, clock: Clock): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    for (;;) {
      store.assertThere();
      await sleep(clock, EVERY_MS, signal);
    }
  };
}

import { systemClock } from '../../daemon/clock.ts';
import type { Log } from '../../daemon/ports/log.ts';
import { type Store, sqliteStore } from '../../daemon/store/index.ts';
import { checkpoints } from '../../daemon/wiring/checkpoints.ts';
import { OWNER } from './fill.ts';

/** A failing checkpoint is a fault of the bench. */
const complaints: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (event, facts) => {
    throw new Error(event, { cause: facts });
  },
};

/** A store with all that the daemon runs beside it. */
export interface DaemonStore {
  readonly store: Store;
  close(): Promise<void>;
}

export function openAsDaemon(path: string, nowUtc: number): DaemonStore {
  const store = sqliteStore({ path, owner: OWNER, nowUtc, readerThread: true });
  const stopping = new AbortController();
  const upkeep = checkpoints(
    store.upkeep,
    systemClock,
    complaints,
  )(stopping.signal).catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    store,
    async close() {
      stopping.abort();
      await upkeep;
      store.close();
    },
  };
}

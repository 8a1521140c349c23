import type { ReadModelPort } from '../ports/read-model.ts';
import type { UpkeepPort } from '../ports/upkeep.ts';
import type { Place } from './place.ts';
import { besides, createThread } from './thread.ts';

export interface ReadThread {
  readonly readModel: ReadModelPort;
  readonly upkeep: UpkeepPort;
  close(): void;
}

/** The read model and the upkeep on connections and a thread of their own. */
export function readThread(place: Place): ReadThread {
  const { ask, close } = createThread(besides('./reader', import.meta.url), place);
  return {
    readModel: {
      overview: (nowUtc) => ask('overview', nowUtc),
      protection: (nowUtc, atMost) => ask('protection', nowUtc, atMost),
    },
    upkeep: { checkpoint: () => ask('checkpoint') },
    close,
  };
}

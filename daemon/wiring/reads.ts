import { createReads, type Reads } from '../http/reads.ts';
import { plain } from '../store/guard.ts';
import { listingStore } from '../store/listing.ts';
import { openPlace, type Place } from '../store/place.ts';
import { identityOf } from '../store/presence.ts';
import { besides, createThread } from '../store/thread.ts';

type Closing = { close(): void };

/**
 * What is found by its id is read here, on a connection that begins with the first question: the way to a thread and back
 * takes longer.
 */
function readsHere(place: Place): Pick<Reads, 'instance' | 'run'> & Closing {
  let opened: (Reads & Closing) | null = null;
  function open(): Reads & Closing {
    const db = openPlace(place, { readonly: true });
    return { ...createReads(listingStore(db)), close: () => db.close() };
  }
  async function ask<T>(question: (reads: Reads) => Promise<T>): Promise<T> {
    try {
      opened ??= open();
      return await question(opened);
    } catch (error) {
      throw plain(error, place.path);
    }
  }
  return {
    instance: (...given) => ask((reads) => reads.instance(...given)),
    run: (...given) => ask((reads) => reads.run(...given)),
    close: () => opened?.close(),
  };
}

/** What is looked for among many, on a thread that begins with the first question. */
function readsThere(place: Place): Omit<Reads, 'instance' | 'run'> & Closing {
  const { ask, close } = createThread(besides('./reads-worker', import.meta.url), place);
  return {
    instances: (...given) => ask('instances', ...given),
    runs: (...given) => ask('runs', ...given),
    overview: (...given) => ask('overview', ...given),
    region: (...given) => ask('region', ...given),
    runsExceed: (...given) => ask('runsExceed', ...given),
    runsCsv: (...given) => ask('runsCsv', ...given),
    close,
  };
}

/** What the web service shows of an open store. */
export function readsOf(path: string): Reads & Closing {
  const place = { path, identity: identityOf(path) };
  const [here, there] = [readsHere(place), readsThere(place)];
  return {
    ...here,
    ...there,
    close() {
      here.close();
      there.close();
    },
  };
}

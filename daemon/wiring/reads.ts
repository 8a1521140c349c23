import type { Reads } from '../http/reads.ts';
import { identityOf } from '../store/presence.ts';
import { besides, createThread } from '../store/thread.ts';

/** What the web service shows of an open store, on a thread that begins with the first question. */
export function readsThread(path: string): Reads & { close(): void } {
  const place = { path, identity: identityOf(path) };
  const { ask, close } = createThread(besides('./reads-worker', import.meta.url), place);
  return {
    instances: (...given) => ask('instances', ...given),
    instance: (...given) => ask('instance', ...given),
    runs: (...given) => ask('runs', ...given),
    run: (...given) => ask('run', ...given),
    overview: (...given) => ask('overview', ...given),
    region: (...given) => ask('region', ...given),
    runsExceed: (...given) => ask('runsExceed', ...given),
    runsCsv: (...given) => ask('runsCsv', ...given),
    close,
  };
}

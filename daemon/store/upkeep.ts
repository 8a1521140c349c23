import type { Database } from 'better-sqlite3';
import type { UpkeepPort } from '../ports/upkeep.ts';

/** Pages in the journal that are worth two syncs; SQLite's own measure. */
const WORTHWHILE = 1_000;

/**
 * 64 MiB of journal: from there on each commit copies itself until the journal begins anew, whatever became of the thread
 * that should. Below it no claim, intent or note waits for pages that earlier ones wrote.
 */
export const MOST_PAGES = 16_384;

interface Progress {
  readonly log: number;
  readonly checkpointed: number;
}

export function upkeepStore(db: Database): UpkeepPort {
  function left(mode: 'NOOP' | 'PASSIVE'): number {
    const [progress] = db.pragma(`wal_checkpoint(${mode})`) as readonly Progress[];
    return progress ? progress.log - progress.checkpointed : 0;
  }
  return {
    async checkpoint() {
      const waiting = left('NOOP');
      return waiting < WORTHWHILE ? waiting : left('PASSIVE');
    },
  };
}

import { because, type DurationMs, type Reason } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { OddRow } from '../ports/cloud.ts';
import type { Log } from '../ports/log.ts';
import { createRepeats } from './repeats.ts';

const HOUR_MS: DurationMs = 60 * 60_000;
/** Rows that are told between two looks at the region; what is odd in all of a list is told by some of them. */
const MOST_TOLD = 20;

/** Rows that cannot be read: each is told, ever more rarely, and counted for as long as lists have it. */
export interface OddRows {
  /** To be given to what reads a list; what it was told is in `rows`. */
  listen(): { readonly onOdd: (row: OddRow) => void; readonly rows: readonly OddRow[] };
  /** After a look at the region: who was not in any list for an hour, or two looks, is not odd any more. */
  settle(everyMs: DurationMs): void;
}

export interface OddRowsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly onOddRows: (count: number) => void;
}

export function createOddRows({ clock, log, onOddRows }: OddRowsDeps): OddRows {
  const repeats = createRepeats(clock);
  const seenMs = new Map<string, number>();
  let told = 0;

  function tell({ kind, id, projectId: project, field, problem }: OddRow): void {
    const key = `${kind} ${id} ${field.replace(/\[\d+\]/, '')}`;
    seenMs.set(key, clock.monotonicMs());
    if (told >= MOST_TOLD || !repeats.isDue(key, 1, HOUR_MS)) return;
    told++;
    const hint = 'left alone, with what depends on it; see why Trove shows it so';
    log.warn('cloud.odd_row', { [kind]: id, project, field, problem, hint });
  }

  return {
    listen() {
      const rows: OddRow[] = [];
      const onOdd = (row: OddRow): void => {
        rows.push(row);
        tell(row);
      };
      return { onOdd, rows };
    },
    settle(everyMs) {
      const sinceMs = clock.monotonicMs() - Math.max(HOUR_MS, 2 * everyMs);
      for (const [key, ms] of seenMs) if (ms < sinceMs) seenMs.delete(key);
      repeats.keep(new Set(seenMs.keys()));
      told = 0;
      onOddRows(seenMs.size);
    },
  };
}

/** Why nothing is deleted in a project: one of these may be what forbids it. */
export function oddReason([row]: readonly OddRow[]): Reason | null {
  return row ? because('odd-row', { what: row.kind, id: row.id ?? '?', field: row.field }) : null;
}

import type { DurationMs } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';

/**
 * Trove shows a backup as COMPLETED until its task manager has deleted it, and gives a unit of the quota back for each
 * DELETE. What users had deleted through this service is remembered for so long.
 */
const REMEMBERED_MS: DurationMs = 60 * 60_000;

/** Backups that users had deleted through this service. Not kept over a restart. */
export interface Departures {
  add(backupIds: readonly string[]): void;
  /** These and those that are remembered. */
  with(backupIds: readonly string[]): ReadonlySet<string>;
}

export function createDepartures(clock: Pick<Clock, 'monotonicMs'>): Departures {
  const until = new Map<string, number>();
  function forget(): void {
    for (const [id, untilMs] of until) if (untilMs <= clock.monotonicMs()) until.delete(id);
  }
  return {
    add(backupIds) {
      forget();
      for (const id of backupIds) until.set(id, clock.monotonicMs() + REMEMBERED_MS);
    },
    with(backupIds) {
      forget();
      return new Set([...backupIds, ...until.keys()]);
    },
  };
}

import type { Database } from 'better-sqlite3';
import type { DurationMs, Instant } from '../../lib/core/index.ts';
import type { HourOfStarts, Scope } from '../ports/listing.ts';
import type { At } from './listing-counts.ts';

const HOUR: DurationMs = 3_600_000;
const MINUTE: DurationMs = 60_000;
/** Reckoned anew so often: over a project of 100,000 it is no work for every answer. */
const REMEMBERED_MS: DurationMs = MINUTE;
const MOST_REMEMBERED = 1_000;

interface Slots {
  readonly hour: number;
  readonly intervalMs: DurationMs;
  readonly n: number;
}

/** What comes after the next slot of each is reckoned by its interval. */
export function startsOf(slots: readonly Slots[], nowUtc: Instant, hours: number): readonly HourOfStarts[] {
  const first = Math.floor(nowUtc / HOUR);
  const starts = new Array<number>(hours).fill(0);
  for (const { hour, intervalMs, n } of slots) {
    // What is due already begins as soon as there is a place.
    const next = Math.max(hour, first);
    for (let at = next * HOUR; at < (first + hours) * HOUR; at += Math.max(intervalMs, MINUTE)) {
      const index = Math.floor(at / HOUR) - first;
      starts[index] = (starts[index] ?? 0) + n;
    }
  }
  return starts.map((n, index) => ({ hourUtc: (first + index) * HOUR, starts: n }));
}

/** How many backups begin in which of the next hours. */
export function startsStore(db: Database, scope: Scope, hours: number): (at: At) => readonly HourOfStarts[] {
  const order = scope === null ? 'listing_all_by_next' : 'listing_by_next';
  const slots = db.prepare<[At & { untilUtc: Instant }], Slots>(
    `SELECT next_slot_utc / ${HOUR} AS hour, interval_ms AS intervalMs, count(*) AS n FROM listing INDEXED BY ${order}
     WHERE ${scope === null ? '' : 'project_id = @projectId AND'} is_gone = 0 AND next_slot_utc < @untilUtc GROUP BY 1, 2`,
  );
  return (at) => startsOf(slots.all({ ...at, untilUtc: at.nowUtc + hours * HOUR }), at.nowUtc, hours);
}

/** Of each scope as it was found within the last minute and hour. */
export function remembering(read: (at: At) => readonly HourOfStarts[]): typeof read {
  const known = new Map<Scope, { readonly atUtc: Instant; readonly starts: readonly HourOfStarts[] }>();
  return (at) => {
    const before = known.get(at.projectId);
    const agoMs = at.nowUtc - (before?.atUtc ?? 0);
    const isSameHour = before?.starts[0]?.hourUtc === Math.floor(at.nowUtc / HOUR) * HOUR;
    if (before && isSameHour && agoMs >= 0 && agoMs < REMEMBERED_MS) return before.starts;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const starts = read(at);
    known.set(at.projectId, { atUtc: at.nowUtc, starts });
    return starts;
  };
}

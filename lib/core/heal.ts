import { shortestGapMs } from './cadence.ts';
import type { Instant } from './model.ts';
import type { Policy } from './policy.ts';
import type { Reason } from './reason.ts';
import { firstSlot, followingSlot, nextSlot } from './recurrence.ts';

/** Where a schedule stands, in a store that a wrong clock may have written to. */
export interface Cursor {
  readonly policy: Policy;
  readonly instanceId: string;
  readonly nextUtc: Instant;
  /** Why the slots begin where they do, while the first of them has not come; null after. */
  readonly begins: Reason | null;
  /** The newest slot up to now that has its row; null if none has. */
  readonly lastUtc: Instant | null;
  /** Whether slots that are to come had rows, which are gone now. */
  readonly freed: boolean;
  readonly nowUtc: Instant;
}

/** The first slot as it would be set now; null where it was no first slot's rule that set it. */
function beginsAgain({ policy, instanceId, begins, nowUtc }: Cursor): Instant | null {
  const input = { instanceId, nowUtc, storeBornUtc: nowUtc };
  if (begins?.rule === 'first-within') {
    return firstSlot(policy, { ...input, createdUtc: nowUtc, enrolOverMs: 0 }).slotUtc;
  }
  if (begins?.rule !== 'enrolled-over') return null;
  const enrolOverMs = begins.params.overMs;
  return firstSlot(policy, { ...input, createdUtc: Number.NEGATIVE_INFINITY, enrolOverMs }).slotUtc;
}

/** No clock that was right can have put the cursor on a later slot. */
function furthest({ policy, instanceId, begins, nowUtc }: Cursor): Instant {
  const { cadence } = policy;
  if (begins?.rule === 'first-within') return nowUtc + begins.params.withinMs;
  if (begins?.rule === 'enrolled-over') return nextSlot(cadence, instanceId, nowUtc + begins.params.overMs);
  return nextSlot(cadence, instanceId, nowUtc + Math.floor(shortestGapMs(cadence) / 4));
}

/**
 * Where a cursor belongs that a clock which was ahead has moved too far; null where it may stay. It goes back behind the
 * newest slot that has come and has its row: so none is passed over, and one that has its row already is not run again.
 */
export function healedSlot(cursor: Cursor): Instant | null {
  const { policy, instanceId, nextUtc, lastUtc, freed, nowUtc } = cursor;
  if (!freed && nextUtc <= furthest(cursor)) return null;
  const { cadence } = policy;
  const right =
    beginsAgain(cursor) ??
    (cursor.begins === null && lastUtc !== null
      ? followingSlot(cadence, instanceId, lastUtc)
      : nextSlot(cadence, instanceId, nowUtc));
  return right < nextUtc ? right : null;
}

import { type Advance, because, type Instant, type Policy, type Reason } from '../../lib/core/index.ts';
import type { ClaimRequest } from '../ports/schedule.ts';

const DAY = 86_400_000;

export interface Onward extends Advance {
  /** Why the slot cannot run; null where it can. */
  readonly unusable: Reason | null;
}

/** A policy that cannot be gone by, as text says or what it throws. */
const unusable = (detail: string): Reason => because('policy-unusable', { detail });

/** The policy of a row, or why it is none. */
export function storedPolicy(text: string | undefined): Policy | Reason {
  try {
    const policy = JSON.parse(text ?? 'null') as Policy | null;
    return policy?.cadence ? policy : unusable('it has no cadence');
  } catch (error) {
    return unusable(String(error));
  }
}

/**
 * Where a due schedule goes on. Its policy was usable when it was stored, but a newer Node may refuse a zone or a pattern
 * of it: that costs the one instance its slot of each day, and no other anything.
 */
export function onward(
  advance: ClaimRequest['advance'],
  row: { readonly instance_id: string; readonly next_slot_utc: Instant },
  text: string | undefined,
  nowUtc: Instant,
): Onward {
  const { instance_id: id, next_slot_utc: cursor } = row;
  const stop = (reason: Reason): Onward => {
    const days = Math.max(0, Math.floor((nowUtc - cursor) / DAY)) + 1;
    return { missed: [], due: cursor, nextUtc: cursor + days * DAY, unusable: reason };
  };
  const policy = storedPolicy(text);
  if ('rule' in policy) return stop(policy);
  try {
    const advanced = advance(id, policy, cursor);
    if (!(advanced.nextUtc > cursor)) return stop(unusable('it has no next slot'));
    return { ...advanced, unusable: null };
  } catch (error) {
    return stop(unusable(String(error)));
  }
}

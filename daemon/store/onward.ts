import type { GoingOn, Instant, Reason } from '../../lib/core/index.ts';
import type { ClaimRequest } from '../ports/schedule.ts';
import { storedPolicy, unusable } from './stored-policy.ts';

const DAY = 86_400_000;

/** A schedule whose slot has come. */
export interface Due {
  readonly instance_id: string;
  readonly project_id: string;
  readonly next_slot_utc: Instant;
  readonly newest_point_utc: Instant | null;
}

export interface Onward extends GoingOn {
  /** Why the slot cannot run; null where it can. */
  readonly unusable: Reason | null;
}

/** Where a due schedule goes on. A policy that cannot be gone by costs the one instance its slot of each day, and no other anything. */
export function onward(advance: ClaimRequest['advance'], row: Due, text: string | undefined, nowUtc: Instant): Onward {
  const { instance_id: id, next_slot_utc: cursor, newest_point_utc: newestPointUtc } = row;
  const stop = (reason: Reason): Onward => {
    const days = Math.max(0, Math.floor((nowUtc - cursor) / DAY)) + 1;
    return { missed: [], due: cursor, nextUtc: cursor + days * DAY, unusable: reason };
  };
  const policy = storedPolicy(text);
  if ('rule' in policy) return stop(policy);
  try {
    const advanced = advance(id, policy, cursor, newestPointUtc);
    if (!(advanced.nextUtc > cursor)) return stop(unusable('it has no next slot'));
    return { ...advanced, unusable: null };
  } catch (error) {
    return stop(unusable(String(error)));
  }
}

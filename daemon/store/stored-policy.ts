import { because, intervalMs, nextSlot, type Policy, type Reason, shortestGapMs } from '../../lib/core/index.ts';

/** Texts whose reading is kept: a fleet has few policies, and each is read at every claim. */
const MOST = 500;
const read = new Map<string, Policy | Reason>();

/** A policy that cannot be gone by, as text says or what it throws. */
export const unusable = (detail: string): Reason => because('policy-unusable', { detail });

function reading(text: string): Policy | Reason {
  try {
    const policy = JSON.parse(text) as Policy | null;
    if (!policy?.cadence) return unusable('it has no cadence');
    const { cadence } = policy;
    if (!(nextSlot(cadence, policy.name, 0) > 0)) return unusable('it has no next slot');
    if (!(intervalMs(cadence) > 0 && shortestGapMs(cadence) > 0)) return unusable('it has no interval');
    return policy;
  } catch (error) {
    return unusable(String(error));
  }
}

/**
 * The policy of a row, or why it is none. It was usable when it was stored, but a newer Node may refuse a zone or a pattern
 * of it: whoever gets a policy from here can go by it.
 */
export function storedPolicy(text: string | undefined): Policy | Reason {
  const key = text ?? 'null';
  const known = read.get(key);
  if (known) return known;
  if (read.size >= MOST) read.clear();
  const found = reading(key);
  read.set(key, found);
  return found;
}

import { shortestGapMs } from './cadence.ts';
import { asOfUtc, type DurationMs, type Instant, isManaged, type ManagedBackup, type OwnedBackup } from './model.ts';
import type { Policy } from './policy.ts';
import { because, type Reason } from './reason.ts';

/** What the ledger knows of the runs before a slot. */
export interface RecentRuns {
  /** Runs that ended failed since the last that completed; what was skipped in between does not count. */
  readonly failuresInARow: number;
  /** The slot of the newest of them. */
  readonly lastFailedUtc: Instant | null;
  /** A slot was credited since the last that completed and whose recovery point is there. */
  readonly credited?: boolean;
}

const FAILURES = 3;
const DAY: DurationMs = 86_400_000;

/**
 * After three failures in a row one try a day until one succeeds: each try costs a database the work of a backup, and a
 * project a unit of its quota. A slot that is nearer to the end of that day than the next one is that day's.
 */
export function backingOff(policy: Policy, slotUtc: Instant, recent: RecentRuns): Reason | null {
  const { failuresInARow, lastFailedUtc } = recent;
  if (failuresInARow < FAILURES || lastFailedUtc === null) return null;
  const untilUtc = lastFailedUtc + DAY;
  if (slotUtc >= untilUtc - shortestGapMs(policy.cadence) / 2) return null;
  return because('backing-off', { failures: failuresInARow, untilUtc });
}

/** The time by which the ledger knows its run; one made on demand may have been asked for long before it was made. */
const askedUtc = (backup: ManagedBackup): Instant =>
  backup.ownership.origin === 'on_demand' ? backup.ownership.slotUtc : asOfUtc(backup);

/** With the failures that Trove shows and the ledger has not heard of yet: a slot may come right after. */
export function withFailuresSeen(recent: RecentRuns, backups: readonly OwnedBackup[]): RecentRuns {
  const ours = backups.filter(isManaged);
  const slotsOf = (wanted: string): readonly Instant[] => ours.filter(({ status }) => status === wanted).map(askedUtc);
  const knownUtc = Math.max(recent.lastFailedUtc ?? Number.NEGATIVE_INFINITY, ...slotsOf('COMPLETED'));
  const unheard = slotsOf('FAILED').filter((slotUtc) => slotUtc > knownUtc);
  if (unheard.length === 0) return recent;
  return { ...recent, failuresInARow: recent.failuresInARow + unheard.length, lastFailedUtc: Math.max(...unheard) };
}

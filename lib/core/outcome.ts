import { type DurationMs, type EndState, type Instant, isManaged, isRunning, type OwnedBackup } from './model.ts';
import { because, type Reason } from './reason.ts';

/** A run whose backup may exist: what tracking follows to its end. */
export interface TrackedRun {
  readonly id: string;
  readonly state: 'unknown' | 'running';
  readonly backupId: string | null;
  readonly intentUtc: Instant;
  /** Since when its instance is known to be gone. */
  readonly instanceGoneUtc: Instant | null;
}

export type Verdict =
  | { readonly kind: 'adopt'; readonly backupId: string }
  | { readonly kind: 'end'; readonly state: EndState; readonly backupId: string | null; readonly because: Reason }
  /** Not in the list: ask for the backup itself before believing it. */
  | { readonly kind: 'look'; readonly backupId: string }
  | { readonly kind: 'still' };

/** After this a lost answer is given up; a backup that appears later is adopted all the same. */
export const UNKNOWN_FOR_MS: DurationMs = 24 * 3_600_000;

/** A deleted instance's run whose backup nobody can be shown is given up after this. */
export const ORPHAN_FOR_MS: DurationMs = 24 * 3_600_000;

const abort = (backupId: string | null): Verdict => ({
  kind: 'end',
  state: 'aborted',
  backupId,
  because: because('instance-gone', {}),
});

/** The end of a run that cannot be looked at and whose instance is gone for so long; null before that. */
export function judgeOrphan({ instanceGoneUtc, backupId }: TrackedRun, nowUtc: Instant): Verdict | null {
  if (instanceGoneUtc === null || nowUtc - instanceGoneUtc < ORPHAN_FOR_MS) return null;
  return abort(backupId);
}

function judgeUnknown(run: TrackedRun, backups: readonly OwnedBackup[], nowUtc: Instant): Verdict {
  const found = backups.find((backup) => isManaged(backup) && backup.ownership.runId === run.id);
  if (found) return { kind: 'adopt', backupId: found.id };
  if (nowUtc - run.intentUtc < UNKNOWN_FOR_MS) return { kind: 'still' };
  const reason = because('outcome-unknown', { afterMs: UNKNOWN_FOR_MS });
  return { kind: 'end', state: 'failed', backupId: null, because: reason };
}

/** What a complete list of the project's backups says of a run. */
export function judgeRun(run: TrackedRun, backups: readonly OwnedBackup[], nowUtc: Instant): Verdict {
  if (run.state === 'unknown' || run.backupId === null) return judgeUnknown(run, backups, nowUtc);
  const { backupId } = run;
  const backup = backups.find(({ id }) => id === backupId);
  if (!backup) return { kind: 'look', backupId };
  if (backup.status === 'COMPLETED') {
    return { kind: 'end', state: 'completed', backupId, because: because('backup-completed', {}) };
  }
  // The guest that made it is no more, so nobody is left to end it: it stays as it is for days, or for ever.
  if (run.instanceGoneUtc !== null) return abort(backupId);
  if (isRunning(backup)) return { kind: 'still' };
  const reason = because('backup-failed', { status: backup.status });
  return { kind: 'end', state: 'failed', backupId, because: reason };
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** How soon to look at a run again: often while it is young, since small databases are done in seconds. */
export function lookAgainMs(ageMs: DurationMs): DurationMs {
  if (ageMs < MINUTE) return 2 * SECOND;
  if (ageMs < 10 * MINUTE) return 10 * SECOND;
  return ageMs < 60 * MINUTE ? 30 * SECOND : MINUTE;
}

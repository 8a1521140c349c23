import type { RecentRuns } from './back-off.ts';
import { shortestGapMs } from './cadence.ts';
import { chooseKind, recoveryPoints } from './chain.ts';
import { asOfUtc, type Instance, type Instant, type OwnedBackup } from './model.ts';
import type { Policy } from './policy.ts';
import { because, type ReasonOf } from './reason.ts';

/** What Trove names the backups that it makes for replicas, and deletes again. Trove: trove/instance/models.py */
const SNAPSHOT = /^Replication snapshot for /;
/** A marker of ours, or a copy of one: of what carries it nobody can say what it is. */
const MARKED = /^trove-autobackup\//;

export interface CreditInput {
  readonly slotUtc: Instant;
  readonly instance: Instance;
  readonly policy: Policy;
  /** All of the instance's backups in its project. */
  readonly backups: readonly OwnedBackup[];
  readonly recent: RecentRuns;
  /** Backups under a delete intent. */
  readonly gone: ReadonlySet<string>;
}

/** The backup that satisfies a slot, and when it was begun: from then on it is as old as it is. */
export interface Credit {
  readonly backupId: string;
  readonly pointUtc: Instant;
  readonly because: ReasonOf<'credited'>;
}

/** Whether a restore of it needs nothing else, and it is what its user made of this instance. */
function isUsersFull(backup: OwnedBackup, { id, projectId }: Instance): boolean {
  return (
    backup.ownership.kind === 'foreign' &&
    backup.status === 'COMPLETED' &&
    backup.parentId === null &&
    backup.instanceId === id &&
    backup.projectId === projectId &&
    !SNAPSHOT.test(backup.name) &&
    !MARKED.test(backup.description ?? '') &&
    !backup.location?.startsWith('cinder://')
  );
}

/**
 * A user's own full that was finished within half an interval before a slot makes the slot needless, and saves a unit of the
 * project's quota. It stays the user's: nothing is built upon it and no floor counts it. So a slot that is due for a full is
 * never credited, nor one before our own floor is there, nor two in a row: our chain must not fall behind.
 */
export function creditFor({ slotUtc, instance, policy, backups, recent, gone }: CreditInput): Credit | null {
  const finishedFromUtc = slotUtc - shortestGapMs(policy.cadence) / 2;
  const [newest] = backups
    .filter(({ updatedUtc }) => finishedFromUtc <= updatedUtc && updatedUtc <= slotUtc)
    .filter((backup) => isUsersFull(backup, instance))
    .sort((one, other) => other.createdUtc - one.createdUtc || (one.id < other.id ? -1 : 1));
  if (!newest || recent.credited === true) return null;
  const points = recoveryPoints(instance, backups, gone);
  const [ours] = points;
  const fulls = points.filter(({ length }) => length === 0).length;
  if (!ours || asOfUtc(ours.tip) >= newest.createdUtc || fulls < (policy.retention?.minimumFulls ?? 1)) return null;
  if (chooseKind(instance, policy, slotUtc, backups, recent, gone).kind === 'full') return null;
  const { id: backupId, createdUtc: pointUtc, updatedUtc: finishedUtc } = newest;
  return { backupId, pointUtc, because: because('credited', { backup: backupId, finishedUtc }) };
}

import {
  asOfUtc,
  type Backup,
  type Instance,
  type Instant,
  isManaged,
  type ManagedBackup,
  type OwnedBackup,
} from './model.ts';
import { because, type Reason } from './reason.ts';

/** A backup that is to go, and why. */
export interface Pruned {
  readonly backup: ManagedBackup;
  readonly because: Reason;
}

/** The order in which backups go; of two made in one second it must not hang on the list's. */
export const oldestFirst = (a: ManagedBackup, b: ManagedBackup): number =>
  asOfUtc(a) - asOfUtc(b) || a.createdUtc - b.createdUtc || (a.id < b.id ? -1 : 1);

/**
 * Failed backups of ours of one instance that only hold quota: all but the newest, which tells its owner that something
 * is wrong. Oldest first.
 */
export function surplusFailed(backups: readonly OwnedBackup[]): readonly Pruned[] {
  const failed = backups.filter(isManaged).filter(({ status }) => status === 'FAILED');
  const surplus = failed.toSorted(oldestFirst);
  const kept = surplus.pop();
  return kept ? surplus.map((backup) => ({ backup, because: because('surplus-failed', { kept: kept.id }) })) : [];
}

export interface DeletionScene {
  readonly backup: ManagedBackup;
  readonly nowUtc: Instant;
  /** Every backup of the region, read right before: children may lie on other instances and in other projects. */
  readonly region: readonly Backup[];
  /** The backups of its instance among them, each with whose it is. */
  readonly ofInstance: readonly OwnedBackup[];
  /** All instances of its project. */
  readonly instances: readonly Instance[];
  /** Its instance is taken for gone. */
  readonly isOfGone: boolean;
  readonly observe: boolean;
}

/** An instance that is built for longer than this reads no backup any more. */
const RESTORE_MS = 24 * 3_600_000;

/** 0: Trove did not say when it was created. */
const mayRead = (createdUtc: Instant, nowUtc: Instant): boolean => createdUtc === 0 || createdUtc > nowUtc - RESTORE_MS;

/** What forbids a deletion now, or null. Trove's DELETE takes every child along, whoever made it, and says only 202. */
export function deletionBlocked(scene: DeletionScene): Reason | null {
  const { backup, region, ofInstance, instances, nowUtc } = scene;
  const child = region.find(({ parentId }) => parentId === backup.id);
  if (child) return because('has-child', { child: child.id, project: child.projectId });
  for (const { id, ownership } of ofInstance) {
    if (ownership.kind === 'conflict') return because('owner-conflict', { backup: id, owner: ownership.owner });
  }
  const building = instances.find(({ status, createdUtc }) => status === 'BUILD' && mayRead(createdUtc, nowUtc));
  if (building) return because('restore-may-read', { instance: building.id });
  // One that is back is to be judged by its policy again, not as what is left of it.
  if (scene.isOfGone && instances.some(({ id }) => id === backup.instanceId)) {
    return because('seen-again', { instance: backup.instanceId ?? '' });
  }
  return scene.observe ? because('observing-deletion', {}) : null;
}

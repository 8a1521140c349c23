import type { DurationMs, Hold, Instant, Mark, Policy, Reason, Standstill } from '../../lib/core/index.ts';

/** What is known of an instance whose backups may be pruned. */
export interface Tended {
  /** As its schedule holds it. */
  readonly policy: Policy;
  readonly goneUtc: Instant | null;
  readonly holds: readonly Hold[];
  readonly marks: readonly Mark[];
  /** Of the instance and of the whole service. */
  readonly standstills: readonly Standstill[];
  /** Deletions of ours with which more went than was to go. */
  readonly cascades: readonly Cascade[];
  /** How long backups made on demand are kept, by the ids of their runs; others of them stay. */
  readonly demandedKeeps: Readonly<Record<string, DurationMs>>;
}

/** What it is, or would be if nothing stood against that it is pruned. */
export interface Prospect extends Tended {
  readonly isTended: boolean;
}

export interface Cascade {
  readonly backupId: string;
  /** Ids of what went with it. */
  readonly taken: readonly string[];
}

/** Whose backup it is that is marked or held. */
export interface OfInstance {
  readonly backupId: string;
  readonly instanceId: string;
  readonly projectId: string;
}

export type OfProject = Omit<OfInstance, 'instanceId'>;

/** Its DELETE has been asked for, and may be carried out at any moment. */
export type TooLate = 'going';

export interface MarkChange {
  readonly mark: readonly (OfInstance & { readonly because: Reason })[];
  readonly lift: readonly string[];
}

/** Ids of backups. */
export interface NotedMarks {
  readonly marked: ReadonlySet<string>;
  readonly lifted: ReadonlySet<string>;
}

/** What stays and what may go. Every call is one transaction, durable when it resolves. */
export interface RetentionPort {
  /** null for one that is paused or excluded, or whose policy is gone: nothing of it is pruned. */
  tended(instanceId: string, nowUtc: Instant): Promise<Tended | null>;
  /** Of many at once; without those that never had a schedule. */
  prospects(instanceIds: readonly string[], nowUtc: Instant): Promise<ReadonlyMap<string, Prospect>>;
  /** What is marked already keeps its time. Gives what is new, since two lists of one project may be read at once. */
  noteMarks(change: MarkChange, nowUtc: Instant): Promise<NotedMarks>;
  /** In the place of an earlier one; a mark on the backup is lifted by the next plan. */
  hold(hold: Hold & OfInstance, nowUtc: Instant): Promise<'held' | TooLate>;
  /** Whether there was one. */
  release(backup: OfProject): Promise<boolean>;
  /** Takes a mark back, and holds its backup until then, or for as long as it is held already. */
  undo(backup: OfProject, by: Omit<Hold, 'backupId'>, nowUtc: Instant): Promise<'undone' | 'unmarked' | TooLate>;
  /** Takes away holds that ended before an instant, and gives them. */
  endHolds(beforeUtc: Instant): Promise<readonly (Hold & OfInstance)[]>;
  /** Projects that have instances which are gone, and none with a schedule; in pages, in the order of their ids. */
  projectsOfGone(limit: number, after: string): Promise<readonly string[]>;
}

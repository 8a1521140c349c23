import type { Hold, Instant, Mark, Policy, Reason } from '../../lib/core/index.ts';

/** What is known of an instance whose backups may be pruned. */
export interface Tended {
  /** As its schedule holds it. */
  readonly policy: Policy;
  readonly goneUtc: Instant | null;
  readonly holds: readonly Hold[];
  readonly marks: readonly Mark[];
}

/** Whose backup it is that is marked or held. */
export interface OfInstance {
  readonly backupId: string;
  readonly instanceId: string;
  readonly projectId: string;
}

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
  tended(instanceId: string): Promise<Tended | null>;
  /** What is marked already keeps its time. Gives what is new, since two lists of one project may be read at once. */
  noteMarks(change: MarkChange, nowUtc: Instant): Promise<NotedMarks>;
  /** In the place of an earlier one; a mark on the backup is lifted by the next plan. */
  hold(hold: Hold & OfInstance, nowUtc: Instant): Promise<void>;
  /** Whether there was one. */
  release(backupId: string): Promise<boolean>;
  /** Takes a mark back, and holds its backup until an instant. False where there is no mark. */
  undo(backupId: string, by: Pick<Hold, 'owner' | 'note' | 'untilUtc'>, nowUtc: Instant): Promise<boolean>;
  /** Projects that have instances which are gone, and none with a schedule; in pages, in the order of their ids. */
  projectsOfGone(limit: number, after: string): Promise<readonly string[]>;
}

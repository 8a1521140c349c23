import type { Instant, Reason } from '../../lib/core/index.ts';

/** A DELETE that may have gone out: from then on its backup is neither a recovery point nor a parent. */
export interface Deletion {
  readonly backupId: string;
  readonly instanceId: string;
  readonly projectId: string;
  readonly because: Reason;
  readonly intentUtc: Instant;
}

/** That the clock was wrong, whenever that was last. */
export interface WrongClock {
  /** Since when it is right again; null while nobody has found it so. */
  readonly rightSinceUtc: Instant | null;
}

/** What is to go from Trove. Every call is one transaction, durable when it resolves. */
export interface PrunePort {
  /** Synced before it resolves. Only then may the DELETE go out; false where somebody holds the backup by now. */
  intend(deletion: Deletion): Promise<boolean>;
  /** The DELETE surely had no effect: the backup is what it was before. */
  withdraw(backupId: string, because: Reason, nowUtc: Instant): Promise<void>;
  /** These were seen to stand on it while its DELETE was under way: they go with it. */
  noteChildren(backupId: string, children: readonly string[]): Promise<void>;
  /** Trove shows it no more. Gives what went with it. */
  gone(backupId: string, nowUtc: Instant): Promise<readonly string[]>;
  /** Those whose end was not seen yet. */
  openDeletions(): Promise<readonly Deletion[]>;
  /** Ids of what goes from a project: by these, or because its owner had it deleted through this service. */
  going(projectId: string): Promise<ReadonlySet<string>>;
  /** null where it never was. */
  wrongClock(): Promise<WrongClock | null>;
  noteWrongClock(wrong: WrongClock): Promise<void>;
}

import type { Instant, Reason } from '../../lib/core/index.ts';

/** A DELETE that may have gone out: from then on its backup is neither a recovery point nor a parent. */
export interface Deletion {
  readonly backupId: string;
  readonly instanceId: string;
  readonly projectId: string;
  readonly because: Reason;
  readonly intentUtc: Instant;
}

/** What is to go from Trove. Every call is one transaction, durable when it resolves. */
export interface PrunePort {
  /** Synced before it resolves. Only then may the DELETE go out. */
  intend(deletion: Deletion): Promise<void>;
  /** The DELETE surely had no effect: the backup is what it was before. */
  withdraw(backupId: string, because: Reason, nowUtc: Instant): Promise<void>;
  /** Trove shows it no more. */
  gone(backupId: string, nowUtc: Instant): Promise<void>;
  /** Those whose end was not seen yet. */
  openDeletions(): Promise<readonly Deletion[]>;
}

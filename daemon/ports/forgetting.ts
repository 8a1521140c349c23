import type { Instant } from '../../lib/core/index.ts';

/** Which instances a complete list of a project's backups shows backups of, whoever made them. */
export interface Left {
  readonly projectId: string;
  readonly instanceIds: readonly string[];
}

export interface Forgotten {
  readonly instanceId: string;
  /** Its history is long: there is more of it to take away. */
  readonly isMore: boolean;
}

/** Takes away what would else be kept for ever of what has come and gone. Every call is one transaction. */
export interface ForgettingPort {
  /** Notes of which instances that are gone nothing is left; resolves to whether the project has any that is gone. */
  noteLeft(left: Left, nowUtc: Instant): Promise<boolean>;
  /**
   * Takes away all that is known of one instance of the project of which nothing has been left since before; null where there
   * is none. What is said of it goes with it. The audit stays.
   */
  forget(projectId: string, beforeUtc: Instant): Promise<Forgotten | null>;
  /** Takes away what ended before: keys of restores, deletions, failures by day. Resolves to whether there is more. */
  trimEnded(beforeUtc: Instant): Promise<boolean>;
}

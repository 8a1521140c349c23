import type { Instant, RecordedDecision, StoredDecision } from '../../lib/core/index.ts';

/** Whose: of an instance, or of all of a project. */
export type DecisionsOf = { readonly instanceId: string } | { readonly projectId: string };

export interface DecisionsPage {
  readonly decisions: readonly StoredDecision[];
  /** Policies and lists of backups that they name, by digest. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Where the next part begins; null after the last. */
  readonly next: number | null;
}

/** What was decided, and on what: kept for a week, and no more than so many, the newest. */
export interface DecisionsPort {
  /**
   * Durable with whatever is written next. One that says the same as the last of its kind about its instance is left out
   * for a day.
   */
  record(decisions: readonly RecordedDecision[]): Promise<void>;
  /** From an instant up to another, oldest first. */
  recorded(of: DecisionsOf, fromUtc: Instant, toUtc: Instant, after: number | null): Promise<DecisionsPage>;
  /** Takes a part of what is too old away. False when there is no more. */
  trim(nowUtc: Instant): Promise<boolean>;
}

import type { Instant } from '../../lib/core/index.ts';

/** What somebody asked for, written before anything of it is done. */
export interface AuditIntent {
  readonly projectId: string;
  readonly userId: string;
  readonly userName: string;
  /** The rule that allowed it. */
  readonly action: string;
  readonly targetId: string;
  /** As it was; null where there was nothing. */
  readonly before: unknown;
  readonly requestId: string;
}

/** `ended` is null while it goes on, and of what the service did not live to see the end of. */
export interface AuditEntry extends AuditIntent {
  readonly id: string;
  readonly atUtc: Instant;
  readonly ended: { readonly outcome: 'done' | 'refused' | 'failed'; readonly after: unknown } | null;
}

export interface AuditQuery {
  /** null: of all projects. */
  readonly projectId: string | null;
  readonly targetId: string | null;
  readonly limit: number;
  /** Older than this entry. */
  readonly before: string | null;
}

/** Who changed what. Nothing of it is ever changed or taken away. Every call is one transaction, durable when it resolves. */
export interface AuditPort {
  /** The id of the entry. */
  begin(intent: AuditIntent, nowUtc: Instant): Promise<string>;
  end(id: string, outcome: 'done' | 'refused' | 'failed', after: unknown): Promise<void>;
  /** The newest first. */
  entries(query: AuditQuery): Promise<readonly AuditEntry[]>;
}

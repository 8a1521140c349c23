import type { Hold, Instant, Reason, Standstill } from '../../lib/core/index.ts';
import type { OfInstance } from './retention.ts';

/** A backup that goes when its grace has ended. */
export interface Marked extends OfInstance {
  readonly markedUtc: Instant;
  readonly because: Reason;
  /** In which its grace does not pass. */
  readonly standstills: readonly Standstill[];
}

export interface MarksQuery {
  /** null: of all projects. */
  readonly projectId: string | null;
  readonly limit: number;
  /** Older than this mark. */
  readonly before: Pick<Marked, 'markedUtc' | 'backupId'> | null;
}

export type Held = Hold & OfInstance;

/** What was said of backups, by the policy and by people; for who looks at them. */
export interface MarksPort {
  /** Marks whose DELETE has not been asked for, the newest first. */
  marks(query: MarksQuery, nowUtc: Instant): Promise<readonly Marked[]>;
  marksOf(instanceId: string, nowUtc: Instant): Promise<readonly Marked[]>;
  /** Those of a project that last. */
  holds(projectId: string, nowUtc: Instant): Promise<readonly Held[]>;
  hold(projectId: string, backupId: string, nowUtc: Instant): Promise<Held | null>;
}

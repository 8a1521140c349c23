import type { DurationMs, Instant, Reason } from '../../lib/core/index.ts';

/** A backup that runs for far too long, whoever made it. */
export interface StuckBackup {
  readonly backupId: string;
  readonly instanceId: string;
  readonly projectId: string;
  readonly because: Reason;
  /** When it was told last, and how often in all. */
  readonly toldUtc: Instant;
  readonly times: number;
}

/** `told`: new, or told again; `over`: those that are stuck no more. */
export interface StuckChange {
  readonly told: readonly StuckBackup[];
  readonly over: readonly StuckBackup[];
}

export interface Usual {
  /** How long its last backups took, from the request to the look that saw them completed. */
  readonly tookMs: readonly DurationMs[];
  readonly isGone: boolean;
}

/** Which backups are stuck. Every call is one transaction, durable when it resolves. */
export interface StuckPort {
  usual(instanceId: string): Promise<Usual>;
  /** Of a project, or of one instance in it. */
  stuckOf(projectId: string, instanceId: string | null): Promise<readonly StuckBackup[]>;
  /** Gives what of it is new, since two lists of one project may be read at once. */
  noteStuck(change: StuckChange): Promise<StuckChange>;
}

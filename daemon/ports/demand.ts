import type { BackupKind, Demand, Instant, Reason, RunState } from '../../lib/core/index.ts';
import type { EndedRun } from './schedule.ts';

/** A request for a backup now. */
export interface DemandRequest extends Demand {
  readonly projectId: string;
  readonly instanceId: string;
  /** The asker's own, unique in the project: the same request that comes again makes no second backup. */
  readonly key: string;
}

/** `known`: it came before, and this is its run. */
export type DemandAnswer =
  | { readonly kind: 'accepted' | 'known'; readonly runId: string }
  | { readonly kind: 'refused'; readonly because: Reason };

/** A request and what became of it. */
export interface DemandedRun extends DemandRequest {
  readonly runId: string;
  readonly requestedUtc: Instant;
  readonly state: RunState;
  /** How it ended, or what holds it now; null while nothing was tried. */
  readonly because: Reason | null;
  /** What was made of it; null before. */
  readonly made: BackupKind | null;
  readonly backupId: string | null;
}

/** Backups that somebody asks for. Every call is one transaction, durable when it resolves. */
export interface DemandPort {
  request(request: DemandRequest, nowUtc: Instant): Promise<DemandAnswer>;
  /** Of a project, the newest first, before a run. */
  list(projectId: string, limit: number, beforeRunId: string | null): Promise<readonly DemandedRun[]>;
  /** False where it is none of the project's, or something was asked for already. */
  cancel(projectId: string, runId: string, because: Reason, nowUtc: Instant): Promise<boolean>;
  /** Ends those of which nothing could be made since an instant, each with what held it. */
  expire(requestedBeforeUtc: Instant, nowUtc: Instant): Promise<readonly EndedRun[]>;
}

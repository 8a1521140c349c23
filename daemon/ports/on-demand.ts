import type { BackupKind, Demand } from '../../lib/core/index.ts';
import type { DemandAnswer, DemandedRun, DemandRequest } from './demand.ts';

/** A request as it comes: `kind` left out is a full where the backup is kept for ever, else an incremental if that may be. */
export type BackUpNow = Omit<DemandRequest, keyof Demand> &
  Omit<Demand, 'kind'> & { readonly kind?: BackupKind | undefined };

export interface OnDemand {
  /**
   * Durable when it resolves as `accepted`; the backup is made as a slot's is, as soon as it may be.
   * @throws InvalidInput
   */
  backUpNow(request: BackUpNow): Promise<DemandAnswer>;
  /** Of a project, the newest first. */
  list(projectId: string, limit: number, beforeRunId?: string): Promise<readonly DemandedRun[]>;
  /** Before anything was asked for; false where it is too late. */
  cancel(projectId: string, runId: string, by: string): Promise<boolean>;
}

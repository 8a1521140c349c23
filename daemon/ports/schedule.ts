import type { Advance, BackupKind, Instant, Policy, Reason, RecentRuns } from '../../lib/core/index.ts';

/** A run whose slot has come and whose backup is not asked for yet. */
export interface Claim {
  readonly runId: string;
  readonly instanceId: string;
  readonly projectId: string;
  readonly slotUtc: Instant;
}

/** One whose time to be tried has come, with what its plan goes by. */
export interface ClaimedRun extends Claim {
  /** The policy as the schedule holds it, or why it cannot be read. */
  readonly policy: Policy | Reason;
  readonly recent: RecentRuns;
}

export interface Caps {
  readonly concurrent: number;
  readonly perProject: number;
}

export interface ClaimRequest {
  readonly nowUtc: Instant;
  readonly limit: number;
  readonly caps: Caps;
  /** Where a due schedule goes on; pure, called inside the transaction. */
  readonly advance: (instanceId: string, policy: Policy, cursor: Instant) => Advance;
}

export interface ClaimResult {
  readonly claimed: readonly Claim[];
  /** Slots passed while nobody was there, each with its row: how many of which instance. */
  readonly missed: readonly MissedSlots[];
  /** Runs that had waited for a try until their next slot came: `expired`. */
  readonly ended: readonly EndedRun[];
  /** Slots whose stored policy cannot be gone by: `skipped`. */
  readonly unusable: readonly EndedRun[];
  /** Much was written, and there may be more to do: to be called again at once. */
  readonly more: boolean;
}

export interface ReadyRequest {
  readonly nowUtc: Instant;
  readonly caps: Caps;
  /** Ids of runs whose try is under way: each takes a place before its intent does. */
  readonly trying: readonly string[];
  /** Projects that cannot be asked for anything more now. */
  readonly closed: ReadonlySet<string>;
}

export interface MissedSlots {
  readonly instanceId: string;
  readonly projectId: string;
  readonly slots: number;
}

/** A run that ended without a try. */
export interface EndedRun extends Claim {
  readonly because: Reason;
}

export interface NextDue {
  /** Something is due already: it waits for a place, or is being tried. */
  readonly waiting: boolean;
  /** When something more falls due; null if never. */
  readonly nextUtc: Instant | null;
}

/** Which slots are due. The row of a run is written with the cursor that moves past it, or neither is. */
export interface SchedulePort {
  claimDue(request: ClaimRequest): Promise<ClaimResult>;
  /** Claimed runs whose time to try has come, no more than the caps leave places for and at most one a project. */
  readyRuns(request: ReadyRequest): Promise<readonly ClaimedRun[]>;
  nextDue(nowUtc: Instant): Promise<NextDue>;
}

/** What goes into the request and must survive a crash. */
export interface Intent {
  readonly kind: BackupKind;
  readonly parentId: string | null;
  readonly because: Reason;
}

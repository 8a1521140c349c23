import type { BackupKind, GoingOn, Instant, Policy, Reason, RecentRuns } from '../../lib/core/index.ts';

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
  /** Why the quota has no room for its backups; null where it has. */
  readonly refused: Reason | null;
  readonly recent: RecentRuns;
  /** Why nothing is to be made for it now, whatever its plan would say; null where it may. */
  readonly paused: Reason | null;
  /** What a request asks for; null of a slot. */
  readonly demanded: BackupKind | null;
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
  readonly advance: (instanceId: string, policy: Policy, cursor: Instant, newestPointUtc: Instant | null) => GoingOn;
  /** The same of one whose run had no start in its window. */
  readonly makeUp: MakeUp;
}

/** What there is of an instance whose last slot left no recovery point. */
export interface Left {
  readonly instanceId: string;
  readonly policy: Policy;
  readonly newestPointUtc: Instant | null;
  readonly lastSlotUtc: Instant;
  readonly nextSlotUtc: Instant;
}

/** A slot sooner than its next, or null. */
export type MakeUp = (left: Left) => Instant | null;

/** A schedule that goes on sooner than it would have. */
export interface Hastened {
  readonly instanceId: string;
  readonly projectId: string;
  readonly nextSlotUtc: Instant;
  readonly because: Reason;
}

export interface ClaimResult {
  readonly claimed: readonly Claim[];
  /** Slots passed while nobody was there, each with its row: how many of which instance. */
  readonly missed: readonly MissedSlots[];
  /** Runs that had waited for a try until their window ended, or their next slot came: `expired`. */
  readonly ended: readonly EndedRun[];
  /** What makes up for slots that passed. */
  readonly hastened: readonly Hastened[];
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
  /** When something more falls due, or a run that waits is to end without a try; null if never. May have passed. */
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

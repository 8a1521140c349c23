import type { EndState, Instant, LedgerEntry, Reason, TrackedRun } from '../../lib/core/index.ts';
import type { Caps, Intent, MakeUp } from './schedule.ts';

/** A run that tracking follows. */
export interface OpenRun extends TrackedRun {
  readonly instanceId: string;
  readonly projectId: string;
  readonly slotUtc: Instant;
}

export type RecoveredRun = Pick<OpenRun, 'id' | 'instanceId' | 'projectId' | 'slotUtc'>;

export interface RunEnd {
  readonly state: EndState;
  readonly because: Reason;
  readonly backupId?: string | null;
  /** When the user's backup was begun that a slot is credited to. */
  readonly pointUtc?: Instant;
}

/** Where the schedule goes on sooner than it would have; null where it stays as it is. */
export interface Passed {
  readonly nextSlotUtc: Instant | null;
}

/** `skipped`: its schedule had ended while the try was under way, and why. `overtaken`: the run itself had. */
export type Postponed =
  | { readonly kind: 'waiting' | 'overtaken' }
  | { readonly kind: 'skipped'; readonly because: Reason };

/** What became of each slot: exactly one row each. Every call is one transaction, durable when it resolves. */
export interface RunLedgerPort {
  /** Synced before it resolves. Only after `intended` may anything be sent. */
  recordIntent(
    runId: string,
    intent: Intent,
    nowUtc: Instant,
    caps: Caps,
  ): Promise<'intended' | 'capped' | 'overtaken'>;
  /** The backup is known from Trove's answer. */
  recordBackup(runId: string, backupId: string, because: Reason, nowUtc: Instant): Promise<void>;
  /** The backup is known by its marker. False if the run has ended meanwhile, or has its backup already. */
  adopt(runId: string, backupId: string, because: Reason, nowUtc: Instant): Promise<boolean>;
  /** The request may have arrived. */
  recordUnknown(runId: string, because: Reason, nowUtc: Instant): Promise<void>;
  /** Nothing was or will be made by the last try: again at `untilUtc`, if its schedule still stands. */
  postpone(runId: string, untilUtc: Instant, because: Reason, nowUtc: Instant): Promise<Postponed>;
  /** False if the run has ended already: its first end stands. */
  end(runId: string, end: RunEnd, nowUtc: Instant): Promise<boolean>;
  /** Ends a run that had no start, and makes up for it in the same transaction. Null if it has ended already. */
  pass(runId: string, end: RunEnd, nowUtc: Instant, makeUp: MakeUp): Promise<Passed | null>;
  /** Runs whose backup may exist. */
  openRuns(): Promise<readonly OpenRun[]>;
  /** Intents that a stopped process left behind become `unknown`: their requests may have arrived. */
  recoverIntents(because: Reason): Promise<readonly RecoveredRun[]>;
  ledger(runIds: readonly string[]): Promise<ReadonlyMap<string, LedgerEntry>>;
  /** A run that was given up and whose backup appeared after all; false if it is not such a run. */
  revive(runId: string, backupId: string, nowUtc: Instant): Promise<boolean>;
}

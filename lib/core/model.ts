/**
 * The plain data that decisions are made of. All readonly; every instant is epoch milliseconds UTC, every duration
 * milliseconds. Nothing here knows HTTP, SQL or the bus.
 */

/** Epoch milliseconds, UTC. */
export type Instant = number;
/** Elapsed milliseconds. */
export type DurationMs = number;

/** A database engine and its version by name, as Trove shows both on instances and backups. */
export interface Datastore {
  readonly type: string;
  readonly version: string;
}

/** A Trove instance as far as deciding about its backups needs it. */
export interface Instance {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly datastore: Datastore;
  /** ACTIVE, BACKUP, BUILD, …; unknown values pass through. */
  readonly status: string;
  readonly replicaOf: string | null;
  readonly clusterId: string | null;
  readonly createdUtc: Instant;
}

/** A Trove backup, whoever made it. */
export interface Backup {
  readonly id: string;
  readonly projectId: string;
  /** null for a backup registered from another region. */
  readonly instanceId: string | null;
  readonly parentId: string | null;
  /** Given by who made it; Trove's own for what it makes itself. */
  readonly name: string;
  readonly description: string | null;
  /** NEW, BUILDING, SAVING, COMPLETED, FAILED, …; unknown values pass through. */
  readonly status: string;
  readonly createdUtc: Instant;
  readonly updatedUtc: Instant;
  readonly location: string | null;
  readonly datastore: Datastore | null;
}

/** What a run is for: a slot of a schedule, or somebody's request. */
export type Origin = 'scheduled' | 'on_demand';

/** Who made a backup, as far as its marker and our ledger prove it. */
export type Ownership =
  | { readonly kind: 'managed'; readonly origin: Origin; readonly runId: string; readonly slotUtc: Instant }
  | { readonly kind: 'foreign' }
  /** Another owner's marker, or ours with a run we never made: two services think the instance theirs. */
  | { readonly kind: 'conflict'; readonly owner: string };

export type OwnedBackup = Backup & { readonly ownership: Ownership };
export type ManagedBackup = Backup & { readonly ownership: Extract<Ownership, { kind: 'managed' }> };

export type BackupKind = 'full' | 'incremental';

/** What became of a slot. The ends are final, but `failed → completed` when a lost backup appears after all. */
export type RunState =
  | 'claimed'
  | 'intent'
  | 'unknown'
  | 'running'
  | 'completed'
  | 'failed'
  | 'skipped'
  | 'credited'
  | 'missed'
  | 'expired'
  | 'aborted';

export const OPEN_STATES = ['claimed', 'intent', 'unknown', 'running'] as const satisfies readonly RunState[];
export type EndState = Exclude<RunState, (typeof OPEN_STATES)[number]>;

/** Trove's states of a backup that is still being made. Trove: trove/backup/state.py. */
const RUNNING_STATUSES: ReadonlySet<string> = new Set(['NEW', 'BUILDING', 'SAVING']);

export const isRunning = (backup: Backup): boolean => RUNNING_STATUSES.has(backup.status);
export const isManaged = (backup: OwnedBackup): backup is ManagedBackup => backup.ownership.kind === 'managed';

/** Clocks of ours and Trove's that are right are no further apart. */
const APART_MS: DurationMs = 5 * 60_000;

/**
 * What a backup of ours counts as of: its slot; but when Trove made it, where it was asked for on demand and may have waited,
 * or by a clock that was ahead. Else one of days to come would be the newest for so long, and every incremental go on it.
 */
export function asOfUtc({ ownership, createdUtc }: ManagedBackup): Instant {
  if (ownership.origin === 'on_demand') return createdUtc;
  return ownership.slotUtc - createdUtc > APART_MS ? createdUtc : ownership.slotUtc;
}

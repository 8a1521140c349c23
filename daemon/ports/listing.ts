import type {
  BackupKind,
  Instance,
  InstanceOverrides,
  Instant,
  Origin,
  Policy,
  Protection,
  ProtectionState,
  Reason,
  RunState,
} from '../../lib/core/index.ts';
import type { LayersShown } from './overrides.ts';
import type { Pause } from './standstills.ts';

/** Whose rows: the id of a project; null: of all. */
export type Scope = string | null;

export type InstanceSort = 'name' | 'created' | 'next' | 'point';

export interface InstancesQuery {
  readonly scope: Scope;
  readonly sort: InstanceSort;
  readonly descending: boolean;
  /** Part of a name or an id, whatever the case of its letters from a to z. */
  readonly name: string | null;
  readonly state: ProtectionState | null;
  /** Its type, such as `mysql`. */
  readonly datastore: string | null;
  readonly policy: string | null;
  /** Those that are gone, and no others. */
  readonly gone: boolean;
  readonly limit: number;
  /** The id of an instance, or what a page gave as `next`: that goes on from where the row was, should it have moved since. */
  readonly marker: string | null;
}

/** `next`: the marker of the page behind; null where there is none. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

export interface ListedInstance {
  /** As it was seen last. */
  readonly instance: Instance;
  readonly goneUtc: Instant | null;
  readonly protection: Protection;
  /** The name of its policy; null where none is gone by. */
  readonly policy: string | null;
  readonly nextSlotUtc: Instant | null;
  readonly newestPointUtc: Instant | null;
  /** Of its newest slot or request. */
  readonly lastRun: { readonly id: string; readonly slotUtc: Instant; readonly state: RunState } | null;
}

/** A full and what stands on it, of recovery points that are there. */
export interface ChainSummary {
  readonly fullBackupId: string;
  /** Slots of its full and of the newest on it. */
  readonly startedUtc: Instant;
  readonly newestUtc: Instant;
  readonly incrementals: number;
}

export interface InstanceFacts extends ListedInstance {
  /** null where it has none, or none that can be gone by. */
  readonly schedule: {
    readonly configured: Policy;
    readonly policy: Policy;
    readonly adapted: readonly Reason[];
    readonly because: readonly Reason[];
    /** null where its values are the operator's, and nothing is said of them. */
    readonly layers: LayersShown | null;
    /** What its project says of the instance itself. */
    readonly said: InstanceOverrides | null;
    readonly revision: number;
  } | null;
  /** Why no backup of it is made: the quota holds no more. */
  readonly refused: Reason | null;
  readonly pause: Pause | null;
  /** The newest first. */
  readonly chains: readonly ChainSummary[];
  readonly quota: { readonly limit: number | null; readonly short: Reason | null };
  readonly holds: number;
  readonly marks: number;
}

export interface RunsQuery {
  readonly scope: Scope;
  readonly instanceId: string | null;
  readonly state: RunState | null;
  readonly origin: Origin | null;
  /** Slots from the one to before the other. */
  readonly sinceUtc: Instant | null;
  readonly untilUtc: Instant | null;
  readonly limit: number;
  /** The id of the run that the page begins after. */
  readonly marker: string | null;
}

/** What became of a slot or a request. */
export interface ListedRun {
  readonly id: string;
  readonly instanceId: string;
  readonly projectId: string;
  readonly origin: Origin;
  readonly slotUtc: Instant;
  readonly state: RunState;
  readonly because: Reason | null;
  readonly kind: BackupKind | null;
  readonly kindBecause: Reason | null;
  readonly backupId: string | null;
  readonly parentId: string | null;
  readonly askedUtc: Instant | null;
  readonly endedUtc: Instant | null;
  readonly requestedBy: string | null;
  readonly note: string | null;
  readonly keepMs: number | null;
}

export type Counts = Readonly<Record<ProtectionState, number>>;

/** Starts in the hour that begins then. */
export interface HourOfStarts {
  readonly hourUtc: Instant;
  readonly starts: number;
}

export interface ScopeOverview {
  readonly instances: number;
  readonly counts: Counts;
  /** Late and unprotected ones, the worst first; no more than twenty. */
  readonly attention: readonly ListedInstance[];
  /** Of those with a schedule, the ten whose newest recovery point is the oldest. */
  readonly oldest: readonly ListedInstance[];
  /** Of the next 24 hours, this one the first. */
  readonly starts: readonly HourOfStarts[];
  /** Of the last seven days by rule, the most first; each with the newest reason of its rule. */
  readonly failures: readonly { readonly because: Reason; readonly runs: number }[];
  /** Projects whose quota does not hold what their policies make; no more than a hundred. */
  readonly short: readonly { readonly projectId: string; readonly because: Reason }[];
  /** Types, such as `mysql`, and names of policies that its instances have, in their order. */
  readonly datastores: readonly string[];
  readonly policies: readonly string[];
}

export interface RegionView {
  readonly projects: readonly {
    readonly projectId: string;
    readonly instances: number;
    readonly counts: Counts;
    readonly oldestPointUtc: Instant | null;
  }[];
  /** Of the next seven days, this hour the first. */
  readonly starts: readonly HourOfStarts[];
}

/** What the web service shows of the store. Each call sees one state of it. */
export interface ListingPort {
  /** null where no instance of the scope has the marker's id. */
  instances(query: InstancesQuery, nowUtc: Instant): Promise<Page<ListedInstance> | null>;
  /** null where there is none in the scope. */
  instance(id: string, scope: Scope, nowUtc: Instant): Promise<InstanceFacts | null>;
  /** The newest slot first; null where no run of the scope has the marker's id. */
  runs(query: RunsQuery): Promise<Page<ListedRun> | null>;
  run(id: string, scope: Scope): Promise<ListedRun | null>;
  /** Whether a query finds more than so many runs, whatever its limit. */
  runsExceed(query: RunsQuery, most: number): Promise<boolean>;
  overview(scope: Scope, nowUtc: Instant): Promise<ScopeOverview>;
  region(nowUtc: Instant): Promise<RegionView>;
}

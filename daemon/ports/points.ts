import type { Instant } from '../../lib/core/index.ts';
import type { Left } from './schedule.ts';

/** The newest recovery point of an instance, as Trove shows it. */
export interface Point {
  readonly instanceId: string;
  /** The run that made it, which knows when it was asked for; one of before this store has only Trove's word. */
  readonly runId: string;
  readonly createdUtc: Instant;
}

export interface PointsSeen {
  readonly projectId: string;
  /** null: a complete list of the project. */
  readonly instanceId: string | null;
  /** When the list was asked for: what has completed since is not in it. */
  readonly askedUtc: Instant;
  /** An instance that lacks here has none. */
  readonly points: readonly Point[];
  /** Ids of all backups in the list. */
  readonly backups: readonly string[];
}

/** A recovery point of ours, or a user's backup that a slot was credited to, that may be gone. */
export interface Suspect {
  readonly runId: string;
  readonly instanceId: string;
  readonly projectId: string;
  readonly slotUtc: Instant;
  readonly backupId: string;
}

/** What there is left of an instance whose recovery point, or the user's backup that its last slot was credited to, is gone. */
export interface LeftOver extends Left {
  readonly wasCredit: boolean;
}

export interface Loss {
  /** A user's backup that a slot was credited to; `counted`: nothing has come since that stands for it. */
  readonly credit: 'none' | 'counted' | 'past';
  /** Whether we have deleted it. */
  readonly byUs: boolean;
  /** Whether its owner had it deleted through this service. */
  readonly byOwner: boolean;
  readonly newestPointUtc: Instant | null;
  /** Where the schedule goes on sooner than it would have; null where it stays as it is. */
  readonly nextSlotUtc: Instant | null;
}

/** Which recovery points there are is Trove's to say: an owner may delete them. */
export interface PointsPort {
  /** Resolves to whether points of ours lack in the list: they are suspects from then on. */
  pointsSeen(seen: PointsSeen): Promise<boolean>;
  /** Somebody says that these backups are gone; durable when it resolves, to whether any of them is a point of ours. */
  suspect(backupIds: readonly string[]): Promise<boolean>;
  /** In the order of their runs' ids, after one. */
  suspects(limit: number, afterRunId: string): Promise<readonly Suspect[]>;
  /** Trove shows it still. */
  acquit(runId: string): Promise<void>;
  /**
   * Trove shows it no more, and the instance's list was read since. `makeUp` is pure, called inside the transaction where
   * no run of the instance is under way: a slot sooner than its next, or null. Null if it is no suspect any more.
   */
  lost(runId: string, makeUp: (left: LeftOver) => Instant | null): Promise<Loss | null>;
  /** Projects with schedules, in the order of their ids, after one. */
  projects(limit: number, after: string): Promise<readonly string[]>;
}

import type { Instant } from '../../lib/core/index.ts';

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
}

/** Which recovery points there are is Trove's to say: an owner may delete them. */
export interface PointsPort {
  pointsSeen(seen: PointsSeen): Promise<void>;
}

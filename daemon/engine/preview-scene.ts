import type { Instance, Instant, Policy, Reason } from '../../lib/core/index.ts';
import type { ProjectOutlook } from '../ports/outlook.ts';
import type { Seen } from './outlook-input.ts';

/** Of one instance. */
export interface PolicyTurn {
  readonly instance: Instance;
  /** What it would go by, or why it would get no backups. */
  readonly to: Policy | Reason;
  readonly nextSlotUtc: Instant;
  /** null where it would not be paused. */
  readonly pausedUntilUtc: Instant | null;
}

export const isPolicy = (to: Policy | Reason): to is Policy => 'cadence' in to;

/** A project as it is, before anything is changed. */
export interface Scene {
  readonly seen: Required<Seen>;
  readonly known: ProjectOutlook;
  readonly nowUtc: Instant;
}

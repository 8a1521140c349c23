import type { Instant } from './model.ts';

/** Somebody's word that a recovery point, with all that it stands on, is not pruned. It binds this service alone. */
export interface Hold {
  readonly backupId: string;
  /** Who asked for it. */
  readonly owner: string;
  /** Why, in the owner's words. */
  readonly note: string;
  /** null for as long as nobody lifts it. */
  readonly untilUtc: Instant | null;
}

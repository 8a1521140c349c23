import type { Backup, Fate, Instant, OwnedBackup, Reason } from '../../lib/core/index.ts';
import type { Held } from './marks.ts';

/** A backup and what is known of it here. */
export interface Inspected<B extends Backup = Backup> {
  readonly backup: B & OwnedBackup;
  /** What it counts as of. */
  readonly asOfUtc: Instant;
  /** Why nothing can be restored from it; null: it is a recovery point. */
  readonly unusable: Reason | null;
  readonly hold: Held | null;
  /** Its deletion was asked for, by this service or through it. */
  readonly isGoing: boolean;
}

export interface Judgement {
  /** null where nothing of the instance is pruned now. */
  readonly fate: Fate | null;
  readonly mark: { readonly markedUtc: Instant; readonly goesUtc: Instant; readonly because: Reason } | null;
}

/** What an instance's backups are to become, by their ids; of those that are not ours nothing is said. */
export interface Judged {
  readonly backups: ReadonlyMap<string, Judgement>;
  /** Why nothing of it is pruned now; then there are only marks that wait. */
  readonly untended: Reason | null;
}

export interface Inspect {
  /** `backups` is a complete list of the project. In the same order. */
  project<B extends Backup>(projectId: string, backups: readonly B[]): Promise<readonly Inspected<B>[]>;
  /** One decision for all of an instance's; `inspected` as `project` gave it. */
  judge(
    of: { readonly instanceId: string; readonly projectId: string },
    inspected: readonly Inspected[],
  ): Promise<Judged>;
}

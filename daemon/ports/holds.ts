import { type Hold, type Instant, InvalidInput } from '../../lib/core/index.ts';
import type { OfProject } from './retention.ts';

/**
 * Why somebody's word on a backup is not taken: there is none such (`absent`), it is not ours to delete (`foreign`), its
 * deletion has been asked for already (`going`), it has no hold (`unheld`), or no mark (`unmarked`).
 */
export type HoldProblem = 'absent' | 'foreign' | 'going' | 'unheld' | 'unmarked';

export class HoldRefused extends InvalidInput {
  readonly problem: HoldProblem;

  constructor(problem: HoldProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

type Who = Pick<Hold, 'owner' | 'note'>;

/** What people say of single backups. Each call throws HoldRefused, InvalidInput, which says what to do, or CloudUnavailable. */
export interface Holds {
  /** Holds a backup of ours, with all that it stands on; in the place of an earlier hold. */
  hold(request: OfProject & Omit<Hold, 'backupId'>, signal: AbortSignal): Promise<void>;
  release(backup: OfProject): Promise<void>;
  /** Takes the mark of a backup back within its grace; gives until when it is held, so that it is not marked again. */
  undo(request: OfProject & Who): Promise<Instant>;
}

import { InvalidInput } from './errors.ts';
import type { DurationMs, Instant } from './model.ts';

/** Somebody's word that a backup of ours, with all that it stands on, is not pruned. It binds this service alone. */
export interface Hold {
  readonly backupId: string;
  /** Who asked for it. */
  readonly owner: string;
  /** Why, in the owner's words. */
  readonly note: string;
  /** null for as long as nobody lifts it. */
  readonly untilUtc: Instant | null;
}

/** So long a backup is held whose mark was taken back, unless it is said otherwise: the next plan would mark it again. */
export const UNDO_HOLD_MS: DurationMs = 7 * 24 * 60 * 60_000;

const LONGEST_TEXT = 255;

/**
 * Refuses a hold that says not who, why, or until when in days to come.
 * @throws InvalidInput
 */
export function checkHold({ owner, note, untilUtc }: Omit<Hold, 'backupId'>, nowUtc: Instant): void {
  for (const [name, text] of Object.entries({ owner, note })) {
    if (text.trim() !== '' && text.length <= LONGEST_TEXT) continue;
    throw new InvalidInput(`${name}: has ${text.length} characters; give 1 to ${LONGEST_TEXT} that are not all blank`);
  }
  if (untilUtc !== null && untilUtc <= nowUtc) {
    const until = new Date(untilUtc).toISOString();
    throw new InvalidInput(
      `until: ${until} has passed; give an instant to come, or none to hold it until it is released`,
    );
  }
}

import { InvalidInput } from './errors.ts';
import { duration } from './explain/format.ts';
import { CENTURY_MS } from './keep.ts';
import type { BackupKind, DurationMs } from './model.ts';

/** Somebody's word that an instance is to be backed up now. */
export interface Demand {
  /** Who asks, as shall be told. */
  readonly requestedBy: string;
  /** Why, in his words; may be empty. */
  readonly note: string;
  /** `incremental`: as a slot would now, where the chain allows it; else a full, which says why. */
  readonly kind: BackupKind;
  /** For how long the backup is kept from when it was made; null: until somebody decides. */
  readonly keepMs: DurationMs | null;
}

/** A request that nothing could be made of for so long ends as `expired`. */
export const DEMAND_WAITS_MS: DurationMs = 24 * 3_600_000;

const LEAST_KEPT_MS: DurationMs = 3_600_000;
const LONGEST_TEXT = 255;

/**
 * What is kept for ever is a full by itself: an incremental would keep all that it stands on.
 * @throws InvalidInput
 */
export function checkDemand(asked: Omit<Demand, 'kind'> & { readonly kind?: BackupKind | undefined }): Demand {
  const { requestedBy, note, keepMs } = asked;
  const length = requestedBy.trim().length;
  if (length === 0 || length > LONGEST_TEXT) {
    throw new InvalidInput(`requestedBy: give 1 to ${LONGEST_TEXT} characters that say who`);
  }
  if (note.length > LONGEST_TEXT) throw new InvalidInput(`note: give ${LONGEST_TEXT} characters at most that say why`);
  if (keepMs !== null && !(keepMs >= LEAST_KEPT_MS && keepMs <= CENTURY_MS)) {
    throw new InvalidInput(
      `keep: ${duration(keepMs)} is not from ${duration(LEAST_KEPT_MS)} to ${duration(CENTURY_MS)}; leave it out to keep the backup`,
    );
  }
  return { requestedBy, note, keepMs, kind: asked.kind ?? (keepMs === null ? 'full' : 'incremental') };
}

const LONGEST_PATIENCE_MS: DurationMs = 2 * 60_000;

/** How long to leave a request alone that something holds: half as long again as it has waited, 1 s to 2 min. */
export const demandPatienceMs = (waitedMs: DurationMs): DurationMs =>
  Math.max(1_000, Math.min(LONGEST_PATIENCE_MS, Math.floor(waitedMs / 2)));

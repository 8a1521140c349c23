import type { Fate } from './fate.ts';
import { type DurationMs, type Instant, isManaged, type ManagedBackup, type OwnedBackup } from './model.ts';
import { oldestFirst, type Pruned } from './prune.ts';
import { because, type Reason } from './reason.ts';
import { agedUntil, type Standstill } from './standstill.ts';

/** That a backup is to go when its grace has ended, unless something wants it again or somebody says no. */
export interface Mark {
  readonly backupId: string;
  readonly markedUtc: Instant;
}

export interface MarksInput {
  readonly backups: readonly OwnedBackup[];
  readonly fates: ReadonlyMap<string, Fate>;
  readonly marks: readonly Mark[];
  /** Backups under a delete intent: their marks have had their effect. */
  readonly gone: ReadonlySet<string>;
  readonly graceMs: DurationMs;
  /** In which no grace passes: nobody could take a mark back. */
  readonly standstills?: readonly Standstill[];
  readonly nowUtc: Instant;
}

/** What to do about an instance's backups now. */
export interface PruneStep {
  /** What nothing wants, and was not marked yet. */
  readonly mark: readonly Pruned[];
  /** Marks that no longer hold, and why. */
  readonly lift: readonly { readonly backupId: string; readonly because: Reason }[];
  /** Leaves whose grace has ended, the first to go first; if the last look before it finds nothing against it. */
  readonly ripe: readonly Pruned[];
  /** When the grace of the next mark ends. */
  readonly nextUtc: Instant | null;
}

/** A failed backup is no recovery point: nobody can want it back. */
const needsGrace = ({ status }: ManagedBackup): boolean => status !== 'FAILED';

function whyLift(fate: Fate | undefined): Reason | null {
  if (!fate) return because('gone-already', {});
  const by = fate.kind === 'kept' ? fate.because[0] : undefined;
  return by ? because('wanted-again', { by }) : null;
}

/**
 * Pruning in two phases. First everything that nothing wants is marked; when the grace of a mark has ended and nothing
 * wants its backup still, it goes, leaf first, one at a time. What is blocked keeps its mark: nothing wants it.
 */
export function pruneStep(input: MarksInput): PruneStep {
  const { backups, fates, marks, gone, graceMs, standstills = [], nowUtc } = input;
  const marked = new Map(marks.map(({ backupId, markedUtc }) => [backupId, markedUtc]));
  const parents = new Set(backups.map(({ parentId }) => parentId));
  const removable = backups
    .filter(isManaged)
    .flatMap((backup) => {
      const fate = fates.get(backup.id);
      return fate?.kind === 'removable' ? [{ backup, because: fate.because }] : [];
    })
    .sort((a, b) => oldestFirst(a.backup, b.backup));
  const endsUtc = ({ backup }: Pruned): Instant =>
    needsGrace(backup) ? agedUntil(marked.get(backup.id) ?? nowUtc, graceMs, standstills, nowUtc) : nowUtc;
  const leaves = removable.filter(({ backup }) => !parents.has(backup.id));
  const waiting = removable.map(endsUtc).filter((endUtc) => endUtc > nowUtc);
  return {
    mark: removable.filter(({ backup }) => needsGrace(backup) && !marked.has(backup.id)),
    lift: marks.flatMap(({ backupId }) => {
      const reason = gone.has(backupId) ? null : whyLift(fates.get(backupId));
      return reason ? [{ backupId, because: reason }] : [];
    }),
    ripe: leaves.filter((pruned) => endsUtc(pruned) <= nowUtc),
    nextUtc: waiting.length === 0 ? null : Math.min(...waiting),
  };
}

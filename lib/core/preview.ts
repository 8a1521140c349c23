import { baseOf, cadenceZone, intervalMs, shortestGapMs } from './cadence.ts';
import { DAY_MS } from './civil.ts';
import { type Fate, fates } from './fate.ts';
import { type Freeze, frozen } from './freeze.ts';
import { foresee } from './future.ts';
import type { Keep } from './keep.ts';
import { asOfUtc, type DurationMs, type Instance, type Instant, isManaged, type OwnedBackup } from './model.ts';
import type { Policy } from './policy.ts';
import { because, type LintReason, type Reason, type RuleName } from './reason.ts';
import type { PruneInput } from './record.ts';
import { localText, whyThen } from './slot-time.ts';
import { agedUntil } from './standstill.ts';

/** A slot to come, and what it makes if nothing fails until then. */
export interface SlotAhead {
  readonly slotUtc: Instant;
  /** As clocks of the zone show it. */
  readonly local: string;
  readonly zone: string;
  readonly kind: 'full' | 'incremental';
  readonly because: Reason;
  /** What clocks and freezes do to it. */
  readonly notes: readonly Reason[];
}

export interface AheadInput {
  readonly instance: Instance;
  readonly policy: Policy;
  readonly nextSlotUtc: Instant;
  readonly backups: readonly OwnedBackup[];
  readonly freezes: readonly Freeze[];
}

const NOTED: ReadonlySet<RuleName> = new Set([
  'slot-skipped-time',
  'slot-doubled-time',
  'slot-out-of-turn',
  'slot-stretched',
]);

/** The next slots of a schedule. */
export function slotsAhead(
  { instance, policy, nextSlotUtc, backups, freezes }: AheadInput,
  count: number,
): readonly SlotAhead[] {
  const zone = cadenceZone(policy.cadence);
  const found: SlotAhead[] = [];
  for (const { slotUtc, choice } of foresee(instance, policy, nextSlotUtc, backups)) {
    if (found.length === count) break;
    const then = whyThen({ instanceId: instance.id, policy, slotUtc, isFirst: false, firstBecause: null });
    const ice = frozen(freezes, zone, [slotUtc]);
    const notes = [...then.filter(({ rule }) => NOTED.has(rule)), ...(ice ? [ice] : [])];
    found.push({ slotUtc, local: localText(zone, slotUtc), zone, kind: choice.kind, because: choice.because, notes });
  }
  return found;
}

/** A backup of ours that would go, or stay, other than as things are. */
export interface FateChange {
  readonly backupId: string;
  readonly name: string;
  readonly asOfUtc: Instant;
  /** At the earliest; null where something blocks it. */
  readonly goesUtc: Instant | null;
  readonly because: Reason;
}

/** What is decided on, or why nothing of the instance goes. */
export type PruneView = PruneInput | Reason;
const isReason = (pruned: PruneView): pruned is Reason => 'rule' in pruned;

type Fates = (id: string) => Fate;
function fatesOf(pruned: PruneView): Fates {
  if (isReason(pruned)) return () => ({ kind: 'kept', because: [pruned] });
  const found = fates(pruned);
  return (id) => found.get(id) ?? { kind: 'kept', because: [because('gone-already', {})] };
}

function goesUtc(pruned: PruneView, id: string): Instant | null {
  if (isReason(pruned)) return null;
  const { marks, graceMs, standstills = [], nowUtc } = pruned;
  const markedUtc = marks.find(({ backupId }) => backupId === id)?.markedUtc ?? nowUtc;
  return Math.max(nowUtc, agedUntil(markedUtc, graceMs, standstills, nowUtc));
}

const reasonOf = (fate: Fate): Reason =>
  fate.kind === 'kept' ? (fate.because[0] ?? because('kept-newest', {})) : fate.because;

/**
 * Of the backups there are, which would go that stay as things are, and the reverse. Those that go now are exactly those that
 * are marked when the change is made.
 */
export function fateChanges(
  backups: readonly OwnedBackup[],
  before: PruneView,
  after: PruneView,
): { readonly deletions: readonly FateChange[]; readonly kept: readonly FateChange[] } {
  const [was, is] = [fatesOf(before), fatesOf(after)];
  const goes = (from: Fate, to: Fate): boolean =>
    (to.kind === 'removable' && from.kind !== 'removable') || (to.kind === 'blocked' && from.kind === 'kept');
  const rows = backups.filter(isManaged).map((backup) => ({ backup, from: was(backup.id), to: is(backup.id) }));
  const change = ({ backup, to }: (typeof rows)[number], goesAt: Instant | null): FateChange => ({
    backupId: backup.id,
    name: backup.name,
    asOfUtc: asOfUtc(backup),
    goesUtc: goesAt,
    because: reasonOf(to),
  });
  return {
    deletions: rows
      .filter(({ from, to }) => goes(from, to))
      .map((row) => change(row, row.to.kind === 'removable' ? goesUtc(after, row.backup.id) : null)),
    kept: rows
      .filter(({ from, to }) => goes(to, from))
      .map((row) => change(row, row.from.kind === 'removable' ? goesUtc(before, row.backup.id) : null)),
  };
}

/** So far a policy is looked ahead. */
export const PREVIEW_MS: DurationMs = 90 * DAY_MS;
/** Slots of one instance that are looked ahead at once: nothing else is done meanwhile. */
const MOST_SLOTS = 5_000;

/** How far one looks ahead: in whole days, and fewer where slots come every few seconds. */
export function previewMs(policies: Iterable<Pick<Policy, 'cadence'>>): DurationMs {
  const shortest = Math.min(PREVIEW_MS, ...[...policies].map(({ cadence }) => intervalMs(cadence)));
  const days = Math.floor((MOST_SLOTS * shortest) / DAY_MS);
  return Math.min(PREVIEW_MS, Math.max(1, days) * DAY_MS);
}

/** For how long a keep keeps anything, but for what stands on it. */
function keptMs(keep: Keep, interval: DurationMs): DurationMs {
  const count = (number = 0, lengthMs: DurationMs): DurationMs => number * Math.max(interval, lengthMs);
  return Math.max(
    keep.withinMs ?? 0,
    count(keep.last, interval),
    count(keep.daily, DAY_MS),
    count(keep.weekly, 7 * DAY_MS),
    count(keep.monthly, 31 * DAY_MS),
    count(keep.yearly, 366 * DAY_MS),
  );
}

/** What somebody may not have meant: the field of it, and why. */
export interface PolicyLint {
  readonly field: 'keep' | 'window';
  readonly because: LintReason;
}

/** What is to be seen to in a policy by itself. */
export function lintPolicy({ cadence, retention, fullEveryMs, maxIncrementals }: Policy): readonly PolicyLint[] {
  const lint: PolicyLint[] = [];
  const interval = intervalMs(cadence);
  const base = baseOf(cadence);
  if (base.kind === 'elapsed' && base.within && interval > 2 * base.everyMs) {
    lint.push({ field: 'window', because: because('window-gap', { everyMs: base.everyMs, longestMs: interval }) });
  }
  if (!retention) return lint;
  const kept = keptMs(retention.keep, interval);
  if (kept > PREVIEW_MS) {
    lint.push({ field: 'keep', because: because('keeps-beyond', { keptMs: kept, horizonMs: PREVIEW_MS }) });
  }
  const chainMs = Math.min(fullEveryMs, (maxIncrementals + 1) * shortestGapMs(cadence));
  const { withinMs } = retention.keep;
  if (withinMs !== undefined && maxIncrementals > 0 && chainMs > withinMs) {
    lint.push({ field: 'keep', because: because('chain-outlasts', { withinMs, chainMs }) });
  }
  return lint;
}

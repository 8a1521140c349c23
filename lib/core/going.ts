import { type Fate, fates } from './fate.ts';
import { foresee, type SlotToCome } from './future.ts';
import type { Instance, Instant, OwnedBackup } from './model.ts';
import type { Policy } from './policy.ts';
import type { Reason, RuleName } from './reason.ts';
import type { PruneInput } from './record.ts';
import { agedUntil } from './standstill.ts';

export type Going =
  /** No rule keeps it from `unwantedUtc` on; it goes as soon as possible after the grace. */
  | { readonly kind: 'at'; readonly atUtc: Instant; readonly unwantedUtc: Instant }
  /** No rule keeps it, or none will, and this forbids that it goes. */
  | { readonly kind: 'blocked'; readonly because: Reason }
  /** Until somebody decides otherwise. */
  | { readonly kind: 'never'; readonly because: Reason }
  /** Farther off than is looked ahead. */
  | { readonly kind: 'later'; readonly thanUtc: Instant };

export interface GoingInput {
  readonly prune: PruneInput;
  readonly instance: Instance;
  readonly policy: Policy;
  readonly nextSlotUtc: Instant;
}

const LOOKED_AHEAD = 3_000;
const ENDLESS: ReadonlySet<RuleName> = new Set(['kept-on-demand', 'kept-without-rule', 'kept-failed', 'kept-no-point']);
const isEndless = (reason: Reason): boolean =>
  ENDLESS.has(reason.rule) || (reason.rule === 'kept-held' && reason.params.untilUtc === null);

/** What keeps a backup for ever: itself, or what stands on it. */
function endless(id: string, backups: readonly OwnedBackup[], found: ReadonlyMap<string, Fate>): Reason | null {
  const parents = new Map(backups.map((backup) => [backup.id, backup.parentId]));
  for (const [above, fate] of found) {
    const reason = fate.kind === 'kept' ? fate.because.find(isEndless) : undefined;
    let link: string | null = reason ? above : null;
    for (let depth = 0; link !== null && depth <= parents.size; depth++) {
      if (link === id && reason) return reason;
      link = parents.get(link) ?? null;
    }
  }
  return null;
}

/** The first instant of (kept, unkept] at which a backup that only grows older is kept no more. */
function firstUnkept(kept: Instant, unkept: Instant, isKept: (nowUtc: Instant) => boolean): Instant {
  let [low, high] = [kept, unkept];
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2);
    if (isKept(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/** When a backup of ours goes, or why it does not: the slots to come are taken as the policy says, and none of them to fail. */
export function whenGone(backupId: string, { prune, instance, policy, nextSlotUtc }: GoingInput): Going {
  const { nowUtc, marks, graceMs, standstills = [] } = prune;
  const fateAt = (backups: readonly OwnedBackup[], atUtc: Instant): Fate | undefined =>
    fates({ ...prune, backups, nowUtc: atUtc }).get(backupId);
  const goes = (fate: Fate | undefined, unwantedUtc: Instant): Going => {
    if (fate?.kind === 'blocked') return { kind: 'blocked', because: fate.because };
    const markedUtc = marks.find((mark) => mark.backupId === backupId)?.markedUtc ?? unwantedUtc;
    const endUtc = agedUntil(markedUtc, graceMs, standstills, unwantedUtc);
    return { kind: 'at', atUtc: Math.max(nowUtc, endUtc), unwantedUtc };
  };
  const found = fates(prune);
  const fate = found.get(backupId);
  if (fate?.kind !== 'kept') return goes(fate, nowUtc);
  const forEver = endless(backupId, prune.backups, found);
  if (forEver) return { kind: 'never', because: forEver };
  if (prune.goneUtc !== null) return afterInstance();

  /** What goes meanwhile keeps nothing, and is wanted by nothing. */
  const thin = ({ backups, slotUtc }: SlotToCome): readonly OwnedBackup[] => {
    const then = fates({ ...prune, backups, nowUtc: slotUtc });
    return backups.filter(({ id }) => id === backupId || then.get(id)?.kind !== 'removable');
  };
  let [backups, fromUtc] = [prune.backups, nowUtc];
  const start = Math.max(nowUtc, nextSlotUtc);
  let looked = 0;
  for (const foreseen of foresee(instance, policy, start, prune.backups, thin)) {
    const before = foreseen.slotUtc - 1;
    const isKept = (atUtc: Instant): boolean => fateAt(backups, atUtc)?.kind === 'kept';
    if (before > fromUtc && !isKept(before)) {
      const atUtc = firstUnkept(fromUtc, before, isKept);
      return goes(fateAt(backups, atUtc), atUtc);
    }
    const then = fateAt(foreseen.backups, foreseen.slotUtc);
    if (then?.kind !== 'kept') return goes(then, foreseen.slotUtc);
    backups = thin(foreseen);
    fromUtc = foreseen.slotUtc;
    looked += 1;
    if (looked === LOOKED_AHEAD) break;
  }
  return { kind: 'later', thanUtc: fromUtc };

  /** Of an instance that is gone only time goes by. */
  function afterInstance(): Going {
    const { retention, holds } = prune;
    const goneUtc = prune.goneUtc ?? nowUtc;
    const ends = holds.flatMap(({ untilUtc }) => (untilUtc === null ? [] : [untilUtc]));
    const endUtc = Math.max(
      nowUtc + 1,
      ...ends,
      agedUntil(goneUtc, retention?.onDelete.lastChainMs ?? 0, standstills, nowUtc),
    );
    const isKept = (atUtc: Instant): boolean => fateAt(prune.backups, atUtc)?.kind === 'kept';
    if (isKept(endUtc)) return { kind: 'later', thanUtc: endUtc };
    const atUtc = firstUnkept(nowUtc, endUtc, isKept);
    return goes(fateAt(prune.backups, atUtc), atUtc);
  }
}

import { cadenceZone } from './cadence.ts';
import { type Chain, recoveryPoints } from './chain.ts';
import { InvalidInput } from './errors.ts';
import { duration } from './explain/format.ts';
import type { Hold } from './hold.ts';
import { type Candidate, CENTURY_MS, checkKeep, type Keep, keptBy } from './keep.ts';
import { asOfUtc, type DurationMs, type Instance, type Instant, type OwnedBackup } from './model.ts';
import type { Policy } from './policy.ts';
import { because, type Reason } from './reason.ts';
import { agedUntil, type Standstill } from './standstill.ts';

/** What a policy says of how long backups are kept. */
export interface Retention {
  readonly keep: Keep;
  /** So many fulls that are recovery points are kept whatever the rules say; at least 1. */
  readonly minimumFulls: number;
  readonly onDelete: OnDelete;
  /** Whether weeks, months and years whose points are kept begin with a full, so that the rest can go. */
  readonly anchor: boolean;
}

/** Of an instance that is gone: how long its backups stay, and how long the newest with all that it stands on. */
export interface OnDelete {
  readonly keepMs: DurationMs;
  readonly lastChainMs: DurationMs;
}

const MOST_FULLS = 1_000;

/**
 * Refuses a retention that keeps nothing, or for ever.
 * @throws InvalidInput
 */
export function checkRetention({ keep, minimumFulls, onDelete }: Retention): void {
  checkKeep(keep);
  if (!Number.isInteger(minimumFulls) || minimumFulls < 1 || minimumFulls > MOST_FULLS) {
    throw new InvalidInput(
      `minimum_fulls: ${minimumFulls} is not a whole number from 1 to ${MOST_FULLS}; the last full is never deleted`,
    );
  }
  const { keepMs, lastChainMs } = onDelete;
  if (keepMs > lastChainMs || lastChainMs > CENTURY_MS) {
    throw new InvalidInput(
      `on_delete: keep, ${duration(keepMs)}, is longer than last_chain, ${duration(lastChainMs)}, ` +
        `or that is longer than ${duration(CENTURY_MS)}; the last chain goes last`,
    );
  }
}

export interface RetentionInput {
  readonly instance: Pick<Instance, 'id' | 'projectId'>;
  /** When the instance was found to be gone; null while it lives. */
  readonly goneUtc: Instant | null;
  /** null where the policy says nothing of it: all points are kept. */
  readonly retention: Retention | null;
  readonly policy: Pick<Policy, 'cadence'>;
  /** All backups of the instance, whoever made them. */
  readonly backups: readonly OwnedBackup[];
  readonly holds: readonly Hold[];
  /** How long those made on demand are kept from when they were made, by the ids of their runs; others of them stay. */
  readonly demandedKeeps?: Readonly<Record<string, DurationMs>>;
  /** Backups under a delete intent: neither recovery points nor wanted any more. */
  readonly gone: ReadonlySet<string>;
  /** In which nothing of the instance could be pruned: what is kept for a time is kept for so much longer. */
  readonly standstills?: readonly Standstill[];
  readonly nowUtc: Instant;
}

/** Whether a recovery point of ours is kept, and by which rules. */
export type Wanted = ReadonlyMap<string, readonly Reason[]>;

/** The recovery points of an instance, newest first. */
interface Points {
  readonly all: readonly Candidate[];
  /** Those that the rules of the policy choose among. */
  readonly ofSlots: readonly Candidate[];
  readonly onDemand: readonly Demanded[];
}
interface Demanded extends Candidate {
  readonly runId: string;
}

const candidate = ({ tip, length }: Chain): Demanded => ({
  id: tip.id,
  atUtc: asOfUtc(tip),
  isFull: length === 0,
  runId: tip.ownership.runId,
});

function add(wanted: Map<string, Reason[]>, id: string, reason: Reason): void {
  const reasons = wanted.get(id);
  if (reasons) reasons.push(reason);
  else wanted.set(id, [reason]);
}

/** The chains of an instance, newest first. */
function pointsOf(chains: readonly Chain[]): Points {
  const all = chains.map(candidate);
  const isDemanded = (_: Candidate, index: number): boolean => chains[index]?.tip.ownership.origin === 'on_demand';
  const onDemand = all.filter(isDemanded);
  return { all, ofSlots: all.filter((it, index) => !isDemanded(it, index)), onDemand };
}

/**
 * Of a living instance: its newest point and its floor of fulls, and what the rules of its policy want. Those made on
 * demand count for the floor only where slots made too few: they may be kept for a shorter time.
 */
function living(points: Points, retention: Retention, input: RetentionInput): Map<string, Reason[]> {
  const { policy, nowUtc, standstills } = input;
  const { all, ofSlots, onDemand } = points;
  const zone = cadenceZone(policy.cadence);
  const byRules = keptBy(ofSlots, retention.keep, zone, nowUtc, standstills);
  const wanted = new Map([...byRules].map(([id, reasons]) => [id, [...reasons]]));
  const [newest] = all;
  if (newest) add(wanted, newest.id, because('kept-newest', {}));
  const fulls = [...ofSlots, ...onDemand].filter(({ isFull }) => isFull).slice(0, retention.minimumFulls);
  for (const { id } of fulls) add(wanted, id, because('kept-floor', { fulls: retention.minimumFulls }));
  return wanted;
}

/** Of one that is gone, whatever its policy was: all for a while, the newest for longer. */
function remains(
  { all, ofSlots }: Points,
  goneUtc: Instant,
  onDelete: OnDelete,
  { nowUtc, standstills = [] }: RetentionInput,
): Map<string, Reason[]> {
  const wanted = new Map<string, Reason[]>();
  const keptUntilUtc = agedUntil(goneUtc, onDelete.keepMs, standstills, nowUtc);
  const lastUntilUtc = agedUntil(goneUtc, onDelete.lastChainMs, standstills, nowUtc);
  if (nowUtc < keptUntilUtc) {
    for (const { id } of ofSlots) add(wanted, id, because('kept-after-delete', { untilUtc: keptUntilUtc }));
  }
  const [newest] = all;
  if (newest && nowUtc < lastUntilUtc) {
    add(wanted, newest.id, because('kept-last-chain', { untilUtc: lastUntilUtc }));
  }
  return wanted;
}

function byPolicy(points: Points, input: RetentionInput): Map<string, Reason[]> {
  const { retention, goneUtc } = input;
  if (retention === null) return new Map(points.all.map(({ id }) => [id, [because('kept-without-rule', {})]]));
  if (goneUtc === null) return living(points, retention, input);
  return remains(points, goneUtc, retention.onDelete, input);
}

/** Whatever the policy says, and after its instance is gone: for as long as was said when it was asked for. */
function demandedReason({ runId, atUtc }: Demanded, input: RetentionInput): Reason | null {
  const { demandedKeeps = {}, nowUtc, standstills = [] } = input;
  const keepMs = demandedKeeps[runId];
  if (keepMs === undefined) return because('kept-on-demand', {});
  const untilUtc = agedUntil(atUtc, keepMs, standstills, nowUtc);
  return nowUtc < untilUtc ? because('kept-demanded-until', { untilUtc }) : null;
}

/** What a wanted point stands on is wanted as well. */
function withAncestors(wanted: Map<string, Reason[]>, byId: ReadonlyMap<string, OwnedBackup>): void {
  for (const id of [...wanted.keys()]) {
    let parentId = byId.get(id)?.parentId ?? null;
    for (let depth = 0; parentId !== null && depth < byId.size; depth++) {
      if (!wanted.has(parentId)) wanted.set(parentId, [because('kept-ancestor', { of: id })]);
      parentId = byId.get(parentId)?.parentId ?? null;
    }
  }
}

/**
 * Every recovery point of ours that is to stay, and what else is held, with all the reasons. What is not in it, no rule wants.
 * @param chains the recovery points of `input`, where the caller has them already
 */
export function wantedPoints(
  input: RetentionInput,
  chains: readonly Chain[] = recoveryPoints(input.instance, input.backups, input.gone),
): Wanted {
  const { backups, nowUtc } = input;
  const byId = new Map(backups.map((backup) => [backup.id, backup]));
  const points = pointsOf(chains);
  const wanted = byPolicy(points, input);
  const isThere = (backupId: string): boolean => !input.gone.has(backupId) && byId.has(backupId);
  for (const { backupId, untilUtc, owner, note } of input.holds) {
    // Whatever it is worth: one that failed, too, may be wanted by who looks for the fault.
    if (!isThere(backupId) || (untilUtc !== null && untilUtc <= nowUtc)) continue;
    add(wanted, backupId, because('kept-held', { owner, note, untilUtc }));
  }
  for (const demanded of points.onDemand) {
    const reason = demandedReason(demanded, input);
    if (reason) add(wanted, demanded.id, reason);
  }
  withAncestors(wanted, byId);
  return wanted;
}

import { cadenceZone } from './cadence.ts';
import { type Chain, recoveryPoints } from './chain.ts';
import { InvalidInput } from './errors.ts';
import { duration } from './explain/format.ts';
import type { Hold } from './hold.ts';
import { type Candidate, CENTURY_MS, checkKeep, type Keep, keptBy } from './keep.ts';
import { asOfUtc, type DurationMs, type Instance, type Instant, type OwnedBackup } from './model.ts';
import type { Policy } from './policy.ts';
import { because, type Reason } from './reason.ts';

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
  /** Backups made on demand that were given no rule of their own: they are kept until somebody decides. */
  readonly onDemand: ReadonlySet<string>;
  /** Backups under a delete intent: neither recovery points nor wanted any more. */
  readonly gone: ReadonlySet<string>;
  readonly nowUtc: Instant;
}

/** Whether a recovery point of ours is kept, and by which rules. */
export type Wanted = ReadonlyMap<string, readonly Reason[]>;

const candidate = ({ tip, length }: Chain): Candidate => ({
  id: tip.id,
  atUtc: asOfUtc(tip),
  isFull: length === 0,
});

function add(wanted: Map<string, Reason[]>, id: string, reason: Reason): void {
  const reasons = wanted.get(id);
  if (reasons) reasons.push(reason);
  else wanted.set(id, [reason]);
}

/** Of a living instance: its newest point and its floor of fulls, and what the rules of its policy want. */
function living(points: readonly Candidate[], retention: Retention, input: RetentionInput): Map<string, Reason[]> {
  const { policy, nowUtc } = input;
  const zone = cadenceZone(policy.cadence);
  const byRules = keptBy(points, retention.keep, zone, nowUtc);
  const wanted = new Map([...byRules].map(([id, reasons]) => [id, [...reasons]]));
  const [newest] = points;
  if (newest) add(wanted, newest.id, because('kept-newest', {}));
  const fulls = points.filter(({ isFull }) => isFull).slice(0, retention.minimumFulls);
  for (const { id } of fulls) add(wanted, id, because('kept-floor', { fulls: retention.minimumFulls }));
  return wanted;
}

/** Of one that is gone, whatever its policy was: all for a while, the newest for longer. */
function remains(
  points: readonly Candidate[],
  goneUtc: Instant,
  onDelete: OnDelete,
  nowUtc: Instant,
): Map<string, Reason[]> {
  const wanted = new Map<string, Reason[]>();
  const keptUntilUtc = goneUtc + onDelete.keepMs;
  const lastUntilUtc = goneUtc + onDelete.lastChainMs;
  if (nowUtc < keptUntilUtc) {
    for (const { id } of points) add(wanted, id, because('kept-after-delete', { untilUtc: keptUntilUtc }));
  }
  const [newest] = points;
  if (newest && nowUtc < lastUntilUtc) {
    add(wanted, newest.id, because('kept-last-chain', { untilUtc: lastUntilUtc }));
  }
  return wanted;
}

function byPolicy(points: readonly Candidate[], input: RetentionInput): Map<string, Reason[]> {
  const { retention, goneUtc, nowUtc } = input;
  if (retention === null) return new Map(points.map(({ id }) => [id, [because('kept-without-rule', {})]]));
  if (goneUtc === null) return living(points, retention, input);
  return remains(points, goneUtc, retention.onDelete, nowUtc);
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

/** Every recovery point of ours that is to stay, with all the reasons. What is not in it, no rule wants. */
export function wantedPoints(input: RetentionInput): Wanted {
  const { instance, backups, nowUtc } = input;
  const points = recoveryPoints(instance, backups, input.gone).map(candidate);
  const wanted = byPolicy(points, input);
  const isPoint = new Set(points.map(({ id }) => id));
  for (const { backupId, untilUtc, owner, note } of input.holds) {
    if (!isPoint.has(backupId) || (untilUtc !== null && untilUtc <= nowUtc)) continue;
    add(wanted, backupId, because('kept-held', { owner, note, untilUtc }));
  }
  for (const id of input.onDemand) if (isPoint.has(id)) add(wanted, id, because('kept-on-demand', {}));
  withAncestors(wanted, new Map(backups.map((backup) => [backup.id, backup])));
  return wanted;
}

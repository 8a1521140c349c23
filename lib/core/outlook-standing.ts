import { recoveryPoints } from './chain.ts';
import type { Standing } from './course.ts';
import type { Hold } from './hold.ts';
import type { Mark } from './marks.ts';
import {
  asOfUtc,
  type Instance,
  type Instant,
  isManaged,
  isRunning,
  type ManagedBackup,
  type OwnedBackup,
} from './model.ts';
import { surplusFailed } from './prune.ts';

export interface StandingInput {
  readonly instance: Pick<Instance, 'id' | 'projectId'>;
  /** All backups of its project, whoever made them. */
  readonly backups: readonly OwnedBackup[];
  readonly marks: readonly Mark[];
  readonly holds: readonly Hold[];
  /** Backups under a delete intent. */
  readonly gone: ReadonlySet<string>;
  readonly nowUtc: Instant;
}

const isDemanded = ({ ownership }: ManagedBackup): boolean => ownership.origin === 'on_demand';

/**
 * The backups of its slots of an instance as a course begins with them, oldest first: its recovery points, and what is being
 * made, which will be one. What somebody holds, or anything else stands on, stays. What was made on demand is left out, as no
 * rule chooses among it.
 */
export function standingPoints(input: StandingInput): readonly Standing[] {
  const { instance, backups, gone, nowUtc } = input;
  const ours = backups.filter((backup) => backup.instanceId === instance.id);
  const points = recoveryPoints(instance, ours, gone).map(({ tip, length }) => ({ tip, length }));
  const making = ours.filter(isManaged).filter((backup) => isRunning(backup) && !gone.has(backup.id));
  const all = [...points, ...making.map((tip) => ({ tip, length: Number.POSITIVE_INFINITY }))]
    .filter(({ tip }) => !isDemanded(tip))
    .sort((a, b) => asOfUtc(a.tip) - asOfUtc(b.tip) || a.length - b.length);
  const known = new Set(all.map(({ tip }) => tip.id));
  const strangers = backups.filter(({ id, parentId }) => parentId !== null && !known.has(id) && !gone.has(id));
  const held = new Map<string, Instant>();
  for (const { parentId } of strangers) if (parentId !== null) held.set(parentId, Number.POSITIVE_INFINITY);
  for (const { backupId, untilUtc } of input.holds) {
    held.set(backupId, Math.max(held.get(backupId) ?? 0, untilUtc ?? Number.POSITIVE_INFINITY));
  }
  const marked = new Map(input.marks.map(({ backupId, markedUtc }) => [backupId, markedUtc]));
  return all.map(({ tip }) => ({
    id: tip.id,
    parentId: tip.parentId,
    atUtc: asOfUtc(tip),
    markedUtc: marked.get(tip.id) ?? null,
    heldUntilUtc: (held.get(tip.id) ?? 0) > nowUtc ? (held.get(tip.id) ?? null) : null,
  }));
}

/** What goes soon whatever happens: what is being deleted, and failed ones that have no grace to wait for. */
export function leavingSoon(backups: readonly OwnedBackup[], gone: ReadonlySet<string>): ReadonlySet<string> {
  const byInstance = Map.groupBy(backups, ({ instanceId }) => instanceId);
  const surplus = [...byInstance.values()].flatMap((rows) => surplusFailed(rows).map(({ backup }) => backup.id));
  return new Set([...surplus, ...backups.map(({ id }) => id).filter((id) => gone.has(id))]);
}

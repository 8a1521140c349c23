import { type Instant, isRunning } from '../../../lib/core/index.ts';
import type { OddRow } from '../../ports/cloud.ts';
import type { ApiError } from '../api/error.ts';
import { refusal } from '../refusals/index.ts';
import { originOf, type Shown } from '../views/backup.ts';

/** A backup that somebody wants to delete, first, and all that stands on it. */
export type Doomed = readonly [Shown, ...Shown[]];

/** What Trove would take along: children and theirs, on whatever instance of the project they are. */
export function doomedBy(backup: Shown, rows: readonly Shown[]): Doomed {
  const children = Map.groupBy(rows, (row) => row.backup.parentId);
  const found = new Set<Shown>();
  const visit = (row: Shown): void => {
    for (const child of children.get(row.backup.id) ?? []) {
      if (child === backup || found.has(child)) continue;
      found.add(child);
      visit(child);
    }
  };
  visit(backup);
  return [backup, ...found];
}

export const viewDoomed = (row: Shown) => ({
  id: row.backup.id,
  name: row.backup.name,
  instance_id: row.backup.instanceId,
  status: row.backup.status,
  origin: originOf(row),
  held: row.hold !== null,
});

/** What cannot be read may stand on any of them. */
function oddOne(doomed: Doomed, odd: readonly OddRow[]): OddRow | undefined {
  const ids = new Set<string | null>(doomed.map(({ backup }) => backup.id));
  return odd.find(({ parentId }) => parentId === undefined || ids.has(parentId));
}

/** What no confirmation helps against. */
export function whyNotDeleted(doomed: Doomed, odd: readonly OddRow[], isCascade: boolean): ApiError | null {
  const [{ backup }, ...descendants] = doomed;
  const unread = oddOne(doomed, odd);
  if (unread) return refusal('unreadable', { backup: unread.id ?? '?', field: unread.field });
  if (descendants.length > 0 && !isCascade) {
    const details = { descendants: descendants.map(viewDoomed) };
    return refusal('has-descendants', { backup: backup.id, count: descendants.length }, { details });
  }
  for (const { backup: one, hold, isGoing } of doomed) {
    if (isGoing) return refusal('going', { backup: one.id });
    if (hold) return refusal('held', { ...hold, backup: one.id }, { details: { backup_id: one.id } });
    if (isRunning(one)) return refusal('running', { backup: one.id, status: one.status });
  }
  return null;
}

const newestOf = (points: readonly Shown[]): Shown | undefined =>
  points.reduce<Shown | undefined>(
    (newest, one) => (newest && newest.asOfUtc >= one.asOfUtc ? newest : one),
    undefined,
  );

export interface Loss {
  readonly instanceId: string;
  /** Of the newest recovery point that would be left. */
  readonly leftUtc: Instant | null;
}

/** The instances whose newest recovery point would go, whoever made it. */
export function newestLost(doomed: Doomed, rows: readonly Shown[]): readonly Loss[] {
  const gone = new Set<Shown>(doomed);
  const usable = rows.filter(({ unusable }) => unusable === null);
  const lost: Loss[] = [];
  for (const [instanceId, points] of Map.groupBy(usable, ({ backup }) => backup.instanceId)) {
    const newest = newestOf(points);
    if (instanceId === null || !newest || !gone.has(newest)) continue;
    lost.push({ instanceId, leftUtc: newestOf(points.filter((point) => !gone.has(point)))?.asOfUtc ?? null });
  }
  return lost;
}

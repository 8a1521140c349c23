import type { Instant, Policy } from '../../lib/core/index.ts';
import { DAY, type Region, type Row } from './region.ts';

/** What may not be lost, reckoned anew from what the region knows: not by the code that decides, and as plainly as can be. */

export const slotOf = ({ origin, createdUtc }: Row): Instant =>
  origin.kind === 'service' ? origin.slotUtc : createdUtc;

const isOurs = ({ origin }: Row): boolean => origin.kind === 'service';

export interface Point {
  readonly row: Row;
  /** The full first, the point last. */
  readonly line: readonly Row[];
}

/** A backup with all it stands on, if that can be restored. */
export function pointOf(region: Region, row: Row, gone: ReadonlySet<string>): Point | null {
  const line: Row[] = [];
  for (let link: Row | undefined = row; link; link = region.row(link.parentId)) {
    const good = isOurs(link) && link.status === 'COMPLETED' && !gone.has(link.id);
    const fits = link.instanceId === row.instanceId && link.projectId === row.projectId;
    if (!good || !fits || link.location?.startsWith('cinder:')) return null;
    line.unshift(link);
    if (link.parentId === null) return { row, line };
  }
  return null;
}

/** Newest first. */
export function pointsOf(region: Region, instanceId: string, gone: ReadonlySet<string>): readonly Point[] {
  return region.rows
    .flatMap((row) => (row.instanceId === instanceId ? (pointOf(region, row, gone) ?? []) : []))
    .sort((a, b) => slotOf(b.row) - slotOf(a.row) || b.row.createdUtc - a.row.createdUtc);
}

const monday = (at: Instant): number => Math.floor((at / DAY + 3) / 7);
const PERIODS = {
  daily: (at: Instant) => new Date(at).toISOString().slice(0, 10),
  weekly: (at: Instant) => String(monday(at)),
  monthly: (at: Instant) => new Date(at).toISOString().slice(0, 7),
  yearly: (at: Instant) => new Date(at).toISOString().slice(0, 4),
} as const;

function* byRules(points: readonly Point[], { retention }: Policy, nowUtc: Instant): Iterable<Point> {
  if (!retention) return yield* points;
  const { withinMs, last = 0 } = retention.keep;
  if (withinMs !== undefined) {
    const inside = points.filter(({ row }) => slotOf(row) > nowUtc - withinMs).length;
    yield* points.slice(0, inside + 1);
  }
  yield* points.slice(0, last);
  for (const period of ['daily', 'weekly', 'monthly', 'yearly'] as const) {
    const names = [...new Set(points.map(({ row }) => PERIODS[period](slotOf(row))))];
    for (const name of names.slice(0, retention.keep[period] ?? 0)) {
      const oldest = points.filter(({ row }) => PERIODS[period](slotOf(row)) === name).toReversed();
      const chosen = oldest.find(({ line }) => line.length === 1) ?? oldest[0];
      if (chosen) yield chosen;
    }
  }
  yield* points.slice(0, 1);
  yield* points.filter(({ line }) => line.length === 1).slice(0, retention.minimumFulls);
}

/** Of one that is gone: all for a while, the newest for longer. */
function* ofGone(points: readonly Point[], policy: Policy, goneUtc: Instant, nowUtc: Instant): Iterable<Point> {
  const { retention } = policy;
  if (!retention || nowUtc < goneUtc + retention.onDelete.keepMs) yield* points;
  else if (nowUtc < goneUtc + retention.onDelete.lastChainMs) yield* points.slice(0, 1);
}

export interface Held {
  readonly backupId: string;
  readonly untilUtc: Instant | null;
}

export interface Wishes {
  readonly instanceId: string;
  /** null while it is there, or nobody knows that it is not. */
  readonly goneUtc: Instant | null;
  readonly policy: Policy;
  readonly gone: ReadonlySet<string>;
  readonly holds: readonly Held[];
  readonly nowUtc: Instant;
}

/** Ids of all that is to stay, what it stands on counted. */
export function wantedIds(
  region: Region,
  { instanceId, goneUtc, policy, gone, holds, nowUtc }: Wishes,
): ReadonlySet<string> {
  const points = pointsOf(region, instanceId, gone);
  const wanted = new Set(goneUtc === null ? byRules(points, policy, nowUtc) : ofGone(points, policy, goneUtc, nowUtc));
  const held = new Set(
    holds.flatMap(({ backupId, untilUtc }) => (untilUtc === null || untilUtc > nowUtc ? [backupId] : [])),
  );
  const ids = new Set([...wanted].flatMap(({ line }) => line.map(({ id }) => id)));
  for (const id of held) {
    if (gone.has(id)) continue;
    for (let row = region.row(id); row; row = region.row(row.parentId)) ids.add(row.id);
  }
  return ids;
}

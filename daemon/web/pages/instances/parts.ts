import type { InstanceRow } from '../../../http/contract/instance.ts';
import type { News } from '../../api/live.ts';

export const PAGE_ROWS = 100;

export interface Part {
  /** After which row it begins; null: the first. */
  readonly marker: string | null;
  readonly rows: readonly InstanceRow[];
  readonly next: string | null;
  /** Something in it has changed since it was read. */
  readonly isStale: boolean;
}

/** The part to read next: a stale one in view, else the one after the last where the view comes near it. */
export function wantedPart(
  parts: readonly Part[],
  from: number,
  to: number,
): { readonly index: number; readonly marker: string | null } | null {
  let row = 0;
  for (const [index, part] of parts.entries()) {
    const end = row + part.rows.length;
    if (part.isStale && end >= from && row <= to) return { index, marker: part.marker };
    row = end;
  }
  const last = parts.at(-1);
  if (!last) return { index: 0, marker: null };
  if (last.next === null || to < row - PAGE_ROWS / 2) return null;
  return { index: parts.length, marker: last.next };
}

/** What is no more as it was read. An instance that no part has may be new, and belong anywhere. */
export function spoiledBy(parts: readonly Part[], news: readonly News[]): readonly Part[] {
  const held = new Set(parts.flatMap(({ rows }) => rows.map(({ id }) => id)));
  const isNew = (it: News): boolean => it?.kind === 'instance' && !held.has(it.instance_id ?? '');
  const isAll = news.some((it) => it === null || it.instance_id === null || isNew(it));
  const about = new Set(news.map((it) => it?.instance_id));
  return parts.map((part) => (isAll || part.rows.some(({ id }) => about.has(id)) ? { ...part, isStale: true } : part));
}

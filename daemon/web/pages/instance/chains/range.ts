/** A stretch of time that is drawn, epoch ms. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 86_400_000;
export const SPANS = { week: 7 * DAY_MS, month: 30 * DAY_MS, quarter: 91 * DAY_MS, all: null } as const;
export type Span = keyof typeof SPANS;

const SHORTEST_MS = DAY_MS / 2;
/** So much of a range lies after now, for what is still to come. */
const AHEAD = 0.15;

/** All there is, with a little room on both sides. */
export function reachOf(instants: readonly number[], now: number): Range {
  const from = Math.min(now - DAY_MS, ...instants);
  const to = Math.max(now + DAY_MS, ...instants);
  const room = (to - from) * 0.04;
  return { from: from - room, to: to + room };
}

export function rangeOf(span: Span, reach: Range, now: number): Range {
  const length = SPANS[span];
  if (length === null) return reach;
  return { from: now - length * (1 - AHEAD), to: now + length * AHEAD };
}

/** A month; a week where it has all, or where there is no room for more. */
export const firstSpan = (reach: Range, now: number, width: number): Span =>
  width < 640 || reach.from >= rangeOf('week', reach, now).from ? 'week' : 'month';

/** Never shorter than half a day, and never longer than all there is and a quarter. */
export function zoom({ from, to }: Range, factor: number, reach: Range): Range {
  const longest = Math.max(SPANS.quarter, reach.to - reach.from);
  const length = Math.min(longest, Math.max(SHORTEST_MS, (to - from) * factor));
  const middle = (from + to) / 2;
  return inside({ from: middle - length / 2, to: middle + length / 2 }, reach);
}

/** Moves by a part of its length; a range never leaves what there is altogether. */
export function pan({ from, to }: Range, part: number, reach: Range): Range {
  const by = (to - from) * part;
  return inside({ from: from + by, to: to + by }, reach);
}

function inside({ from, to }: Range, reach: Range): Range {
  const middle = (from + to) / 2;
  const by = Math.min(reach.to, Math.max(reach.from, middle)) - middle;
  return { from: from + by, to: to + by };
}

/** Moves a range no further than needed to have an instant in it, clear of its edges. */
export function toShow({ from, to }: Range, at: number): Range {
  const edge = (to - from) * 0.05;
  if (at < from + edge) return { from: at - edge, to: at - edge + (to - from) };
  if (at > to - edge) return { from: at + edge - (to - from), to: at + edge };
  return { from, to };
}

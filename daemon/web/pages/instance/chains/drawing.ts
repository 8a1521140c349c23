import { scaleTime } from 'd3-scale';
import type { BackupView, ChainView } from '../../../../http/contract/backup.ts';
import type { SlotToCome } from '../../../../http/contract/schedule.ts';
import { atOf, type Lane, lanesOf } from './lanes.ts';
import { type Look, lookOf } from './look.ts';
import type { Range } from './range.ts';
import { rowsOf, type Spot } from './rows.ts';

export type Slot = Pick<SlotToCome, 'at' | 'kind'>;

export interface Sizes {
  readonly width: number;
  /** Left of the marks, for the lanes' names; 0 where they are written above. */
  readonly gutter: number;
  readonly rowHeight: number;
  /** Above each lane, for its name. */
  readonly headHeight: number;
  readonly axisHeight: number;
  /** Between the middles of two marks in one row, at least. */
  readonly apart: number;
}

export interface Mark {
  readonly backup: BackupView;
  readonly lane: number;
  readonly x: number;
  readonly y: number;
  readonly look: Look;
  /** Where it goes, if that is known and in sight. */
  readonly goesX: number | null;
}
export interface DrawnLane {
  readonly lane: Lane;
  readonly top: number;
  readonly height: number;
}
/** From a parent to what stands on it: down or up first, then along. */
export interface Line {
  readonly id: string;
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
}
export interface Ghost {
  readonly slot: Slot;
  readonly x: number;
  readonly y: number;
}
export interface Drawing {
  readonly xOf: (at: number) => number;
  readonly left: number;
  readonly right: number;
  readonly height: number;
  readonly lanes: readonly DrawnLane[];
  readonly marks: readonly Mark[];
  readonly lines: readonly Line[];
  /** Slots that are still to come, in a lane of their own above all others. */
  readonly ghosts: readonly Ghost[];
  readonly ghostLane: { readonly top: number; readonly height: number } | null;
  readonly ticks: readonly Date[];
  /** Words are short. */
  readonly isNarrow: boolean;
  /** Left out, since they lie before or after the range. */
  readonly earlier: number;
  readonly later: number;
}

/** Wide and narrow, in CSS pixels. */
export function sizesOf(width: number): Sizes {
  const isWide = width >= 640;
  const [gutter, headHeight] = isWide ? [148, 6] : [0, 20];
  return { width, gutter, headHeight, rowHeight: 38, axisHeight: 26, apart: 24 };
}

interface Scene extends Sizes {
  readonly xOf: (at: number) => number;
  readonly left: number;
  readonly right: number;
  readonly isInside: (at: number) => boolean;
}

const MARGIN = 14;
/** Few are never drawn close: their lane has its name beside them. */
const BARE_FROM = 12;
/** Here a day has no room for its weekday. */
const NARROW = 420;
/** Between the middles of the axis's words, at least: about as much as they are wide. */
const tickApart = (isNarrow: boolean): number => (isNarrow ? 72 : 104);
/** Within so much of an edge a word begins or ends at its line. */
export const TICK_EDGE = 30;

/** Where everything is drawn: pure, so that it can be proven that nothing lies on anything else. */
export function draw(
  backups: readonly BackupView[],
  chains: readonly ChainView[],
  slots: readonly Slot[],
  range: Range,
  sizes: Sizes,
): Drawing {
  const [left, right] = [sizes.gutter + MARGIN, Math.max(sizes.gutter + MARGIN + 1, sizes.width - MARGIN)];
  const scale = scaleTime().domain([range.from, range.to]).range([left, right]);
  const isInside = (at: number): boolean => at >= range.from && at <= range.to;
  const scene: Scene = { ...sizes, xOf: (at) => scale(at), left, right, isInside };
  const seen = lanesOf(backups, chains).filter((lane) => lane.backups.some((backup) => isInside(atOf(backup))));
  const lanes: DrawnLane[] = [];
  const marks: Mark[] = [];
  const lines: Line[] = [];
  const ghosts = drawGhosts(slots, sizes.axisHeight, scene);
  let top = sizes.axisHeight + (ghosts.lane?.height ?? 0);
  for (const [index, lane] of seen.entries()) {
    const drawn = drawLane(lane, index, top, scene);
    lanes.push({ lane, top, height: drawn.height });
    marks.push(...drawn.marks);
    lines.push(...drawn.lines);
    top += drawn.height;
  }
  const { xOf } = scene;
  const isNarrow = right - left < NARROW;
  const apart = tickApart(isNarrow);
  const ticks = thinned(scale.ticks(Math.max(2, Math.floor((right - left) / apart))), apart, scene);
  const earlier = backups.filter((backup) => atOf(backup) < range.from).length;
  const later = backups.filter((backup) => atOf(backup) > range.to).length;
  const seenGhosts = { ghosts: ghosts.ghosts, ghostLane: ghosts.lane };
  return { xOf, left, right, height: top, lanes, marks, lines, ...seenGhosts, ticks, isNarrow, earlier, later };
}

/** Scales give as many as they find good; those whose words would have no room are left out. */
function thinned(ticks: readonly Date[], apart: number, { xOf, left, right }: Scene): readonly Date[] {
  let last = Number.NEGATIVE_INFINITY;
  return ticks.filter((tick) => {
    const x = xOf(Number(tick));
    const aside = x < left + TICK_EDGE ? 1 : x > right - TICK_EDGE ? -1 : 0;
    const middle = x + (aside * apart) / 2;
    if (middle - last < apart) return false;
    last = middle;
    return true;
  });
}

interface LaneDrawing {
  readonly height: number;
  readonly marks: readonly Mark[];
  readonly lines: readonly Line[];
}

function drawLane(lane: Lane, index: number, top: number, scene: Scene): LaneDrawing {
  const { xOf, left, right, isInside, headHeight, rowHeight, apart } = scene;
  const inSight = lane.backups.filter((backup) => isInside(atOf(backup)));
  const known = new Set(lane.backups.map(({ id }) => id));
  const spots = inSight.map(({ id, parent_id, as_of_at }): Spot => {
    const parentId = parent_id !== null && known.has(parent_id) ? parent_id : null;
    return { id, parentId, x: xOf(Date.parse(as_of_at)) };
  });
  const xById = new Map(spots.map(({ id, x }) => [id, x]));
  const beginningOf = ({ parentId }: Spot): number | null => (parentId === null ? null : (xById.get(parentId) ?? left));
  const rowOf = rowsOf(spots, apart, beginningOf);
  const looks = new Map(inSight.map((backup) => [backup.id, lookOf(backup)]));
  // What has neither a pin above nor letters below needs less.
  const isBare = [...looks.values()].every(({ isHeld, periods }) => !isHeld && periods.length === 0);
  const step = isBare && rowOf.size > BARE_FROM ? apart : rowHeight;
  const yOf = (id: string): number => top + headHeight + ((rowOf.get(id) ?? 0) + 0.5) * step;
  const marks = inSight.map((backup): Mark => {
    const goesAt = backup.mark === null ? null : Date.parse(backup.mark.goes_at);
    const goesX = goesAt === null ? null : Math.min(right, Math.max(left, xOf(goesAt)));
    return {
      backup,
      lane: index,
      x: xOf(atOf(backup)),
      y: yOf(backup.id),
      look: looks.get(backup.id) ?? lookOf(backup),
      goesX,
    };
  });
  const lines = spots.flatMap((spot): readonly Line[] => {
    const begins = beginningOf(spot);
    if (begins === null) return [];
    const isSeen = spot.parentId !== null && xById.has(spot.parentId);
    const y = yOf(isSeen && spot.parentId !== null ? spot.parentId : spot.id);
    return [{ id: spot.id, from: [begins, y], to: [spot.x, yOf(spot.id)] }];
  });
  const rows = 1 + Math.max(0, ...rowOf.values());
  return { height: headHeight + rows * step, marks, lines };
}

function drawGhosts(slots: readonly Slot[], top: number, { xOf, isInside, headHeight, rowHeight, apart }: Scene) {
  const spots = slots
    .filter(({ at }) => isInside(Date.parse(at)))
    .map((slot) => ({ slot, id: slot.at, parentId: null, x: xOf(Date.parse(slot.at)) }));
  const rowOf = rowsOf(spots, apart, () => null);
  const ghosts = spots.map(({ slot, id, x }): Ghost => {
    return { slot, x, y: top + headHeight + ((rowOf.get(id) ?? 0) + 0.5) * rowHeight };
  });
  const height = headHeight + (1 + Math.max(0, ...rowOf.values())) * rowHeight;
  return { ghosts, lane: ghosts.length === 0 ? null : { top, height } };
}

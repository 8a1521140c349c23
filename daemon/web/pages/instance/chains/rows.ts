/** Something to be drawn in a lane. `parentId` is null where it stands on nothing. */
export interface Spot {
  readonly id: string;
  readonly parentId: string | null;
  readonly x: number;
}

interface Row {
  /** Nothing may be drawn in it before this, but what goes on from `lastId`. */
  takenTo: number;
  lastX: number;
  lastId: string;
}

/** Where the line to a spot begins: at its parent, or at the edge where the parent is out of sight; null: no line. */
export type Beginning = (spot: Spot) => number | null;

/**
 * The row of each spot of a lane, given by time, so that no two marks come closer than `apart` and no line runs through a
 * mark. What stands on a spot goes on in its row where there is room; a second branch gets a row of its own.
 */
export function rowsOf(spots: readonly Spot[], apart: number, beginningOf: Beginning): ReadonlyMap<string, number> {
  const firstChildX = new Map<string, number>();
  for (const { parentId, x } of spots) {
    if (parentId !== null && !firstChildX.has(parentId)) firstChildX.set(parentId, x);
  }
  const rows: Row[] = [];
  const rowOf = new Map<string, number>();
  for (const spot of spots) {
    const index = rowFor(spot, rows, apart, beginningOf(spot));
    const takenTo = Math.max(spot.x, firstChildX.get(spot.id) ?? spot.x);
    rows[index] = { takenTo, lastX: spot.x, lastId: spot.id };
    rowOf.set(spot.id, index);
  }
  return rowOf;
}

function rowFor(spot: Spot, rows: readonly Row[], apart: number, begins: number | null): number {
  const onward = rows.findIndex(({ lastId }) => lastId === spot.parentId);
  const its = rows[onward];
  if (its !== undefined && spot.x - its.lastX >= apart) return onward;
  // Where the first that stands on it found no room beside it, the row is kept for nobody any more.
  const from = begins ?? spot.x;
  const free = rows.findIndex(({ takenTo, lastX, lastId }) => {
    const end = lastId === spot.parentId ? lastX : takenTo;
    return end + apart <= from;
  });
  return free === -1 ? rows.length : free;
}

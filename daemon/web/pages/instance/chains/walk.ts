/** What the arrow keys walk over. */
export interface Stop {
  readonly id: string;
  readonly lane: number;
  readonly x: number;
}

const KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'] as const;
export type WalkKey = (typeof KEYS)[number];
export const isWalkKey = (key: string): key is WalkKey => (KEYS as readonly string[]).includes(key);

/** Left and right go by time over all of them, so that either alone reaches each; up and down to the nearest of another lane. */
export function walk(stops: readonly Stop[], current: string | null, key: WalkKey): string | null {
  const ordered = stops.toSorted((a, b) => a.x - b.x || (a.id < b.id ? -1 : 1));
  const index = ordered.findIndex(({ id }) => id === current);
  const here = ordered[index];
  if (here === undefined || key === 'End') return ordered.at(-1)?.id ?? null;
  if (key === 'Home') return ordered[0]?.id ?? null;
  if (key === 'ArrowLeft') return ordered[Math.max(0, index - 1)]?.id ?? null;
  if (key === 'ArrowRight') return ordered[Math.min(ordered.length - 1, index + 1)]?.id ?? null;
  return nearest(ordered, here, key === 'ArrowUp' ? -1 : 1).id;
}

function nearest(stops: readonly Stop[], here: Stop, way: 1 | -1): Stop {
  const beyond = stops.filter(({ lane }) => (lane - here.lane) * way > 0);
  const next = Math.min(...beyond.map(({ lane }) => (lane - here.lane) * way));
  const there = beyond.filter(({ lane }) => (lane - here.lane) * way === next);
  return there.reduce(
    (best, it) => (Math.abs(it.x - here.x) < Math.abs(best.x - here.x) ? it : best),
    there[0] ?? here,
  );
}

import type { Hour } from './hours.tsx';

export interface Cell {
  readonly utcMs: number;
  readonly starts: number;
  /** From the first day on. */
  readonly day: number;
  /** By the viewer's clock. */
  readonly hour: number;
}

const dayOf = (utcMs: number): number => new Date(utcMs).setHours(0, 0, 0, 0);

/** Each hour on its day by the viewer's clock; a day without midnight, or with an hour twice, is one as well. */
export function cellsOf(hours: readonly Hour[]): { readonly cells: readonly Cell[]; readonly days: readonly number[] } {
  const days: number[] = [];
  const cells = hours.map(({ hour_at, starts }) => {
    const utcMs = Date.parse(hour_at);
    const start = dayOf(utcMs);
    if (!days.includes(start)) days.push(start);
    return { utcMs, starts, day: days.indexOf(start), hour: new Date(utcMs).getHours() };
  });
  return { cells, days };
}

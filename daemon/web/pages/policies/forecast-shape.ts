import { scaleLinear, scaleTime } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import type { ForecastView } from '../../../http/contract/schedule.ts';

export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly bottom: number;
  readonly areaPath: string;
  readonly linePath: string;
  readonly limitY: number | null;
  readonly days: readonly { readonly at: number; readonly x: number }[];
  readonly counts: readonly { readonly n: number; readonly y: number }[];
  readonly peak: { readonly x: number; readonly y: number } | null;
}

const HEIGHT = 180;
const [TOP, BOTTOM, LEFT, RIGHT] = [14, 24, 34, 10];
const LABEL_APART = 90;

/** The course as steps, with the quota's limit in sight where it is not far beyond all of it. */
export function chartOf({ course, peak_backups, peak_at }: ForecastView, limit: number | null, width: number): Chart {
  const instants = course.map(({ at }) => Date.parse(at));
  const isNear = limit !== null && limit <= peak_backups * 3 + 5;
  const most = Math.max(1, peak_backups, isNear ? limit : 0);
  const x = scaleTime()
    .domain([instants[0] ?? 0, instants.at(-1) ?? 1])
    .range([LEFT, Math.max(LEFT + 1, width - RIGHT)]);
  const y = scaleLinear()
    .domain([0, most * 1.08])
    .range([HEIGHT - BOTTOM, TOP]);
  type Day = ForecastView['course'][number];
  const at = ({ at: instant }: Day): number => x(Date.parse(instant));
  const to = ({ backups }: Day): number => y(backups);
  return {
    width,
    height: HEIGHT,
    left: LEFT,
    bottom: HEIGHT - BOTTOM,
    areaPath: area<Day>(at, y(0), to).curve(curveStepAfter)([...course]) ?? '',
    linePath: line<Day>(at, to).curve(curveStepAfter)([...course]) ?? '',
    limitY: isNear ? y(limit) : null,
    days: x.ticks(Math.max(2, Math.floor(width / LABEL_APART))).map((day) => ({ at: Number(day), x: x(day) })),
    counts: y
      .ticks(4)
      .filter(Number.isInteger)
      .map((n) => ({ n, y: y(n) })),
    peak: peak_at === null ? null : { x: x(Date.parse(peak_at)), y: y(peak_backups) },
  };
}

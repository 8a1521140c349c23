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
  /** Of what is wanted, where that is more. */
  readonly wantedPath: string | null;
  readonly limitY: number | null;
  readonly days: readonly Label[];
  readonly counts: readonly { readonly n: number; readonly y: number }[];
  readonly peak: { readonly x: number; readonly y: number } | null;
}

const HEIGHT = 180;
const [TOP, BOTTOM, LEFT, RIGHT] = [14, 24, 34, 10];
const LABEL_APART = 110;

interface Label {
  readonly at: number;
  readonly x: number;
}
/** Those that do not touch the one before. */
function apart(labels: readonly Label[]): readonly Label[] {
  let lastX = Number.NEGATIVE_INFINITY;
  return labels.filter(({ x }) => {
    if (x - lastX < LABEL_APART) return false;
    lastX = x;
    return true;
  });
}

interface Beside {
  readonly wanted: ForecastView | null;
  readonly limit: number | null;
}

/** The course as steps, with the quota's limit in sight where it is not far beyond all of it. */
export function chartOf(
  { course, peak_backups, peak_at }: ForecastView,
  { wanted, limit }: Beside,
  width: number,
): Chart {
  const instants = course.map(({ at }) => Date.parse(at));
  const highest = Math.max(peak_backups, wanted?.peak_backups ?? 0);
  const isNear = limit !== null && limit <= highest * 3 + 5;
  const most = Math.max(1, highest, isNear ? limit : 0);
  const x = scaleTime()
    .domain([instants[0] ?? 0, instants.at(-1) ?? 1])
    .range([LEFT, Math.max(LEFT + 1, width - RIGHT)]);
  const y = scaleLinear()
    .domain([0, most * 1.08])
    .range([HEIGHT - BOTTOM, TOP]);
  type Day = ForecastView['course'][number];
  const at = ({ at: instant }: Day): number => x(Date.parse(instant));
  const to = ({ backups }: Day): number => y(backups);
  const steps = line<Day>(at, to).curve(curveStepAfter);
  return {
    width,
    height: HEIGHT,
    left: LEFT,
    bottom: HEIGHT - BOTTOM,
    areaPath: area<Day>(at, y(0), to).curve(curveStepAfter)([...course]) ?? '',
    linePath: steps([...course]) ?? '',
    wantedPath: wanted && steps([...wanted.course]),
    limitY: isNear ? y(limit) : null,
    days: apart(x.ticks(Math.max(2, Math.floor(width / LABEL_APART))).map((day) => ({ at: Number(day), x: x(day) }))),
    counts: y
      .ticks(4)
      .filter(Number.isInteger)
      .map((n) => ({ n, y: y(n) })),
    peak: peak_at === null ? null : { x: x(Date.parse(peak_at)), y: y(peak_backups) },
  };
}

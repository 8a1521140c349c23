// biome-ignore-all lint/a11y/useSemanticElements: a drawing has no fieldset
// biome-ignore-all lint/a11y/noInteractiveElementToNoninteractiveRole: an hour of a drawing is looked at, not pressed
import { scaleQuantize } from 'd3-scale';
import { useRef, useState } from 'preact/hooks';
import { format } from '../i18n/format.ts';
import { say } from '../i18n/language.ts';
import { type Cell, cellsOf } from './heat-cells.ts';
import type { Hour } from './hours.tsx';
import { useWidth } from './width.ts';

const LEVELS = [1, 2, 3, 4, 5] as const;
const NARROW_PX = 640;
const HOURS = 24;

interface Layout {
  readonly isTall: boolean;
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}

/** Days beneath one another; where it is narrow beside one another. */
function layoutFor(width: number, days: number): Layout {
  const isTall = width < NARROW_PX;
  const left = isTall ? 48 : 92;
  return { isTall, left, top: 24, cellWidth: (width - left) / (isTall ? days : HOURS), cellHeight: isTall ? 24 : 26 };
}

const STEPS: Readonly<Record<string, readonly [days: number, hours: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** When in the week backups start, by the viewer's clocks. One stop of the tab key; the arrows go from hour to hour. */
export function HeatMap({ hours, title }: { readonly hours: readonly Hour[]; readonly title: string }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const { cells, days } = cellsOf(hours);
  const [at, setAt] = useState(0);
  const svg = useRef<SVGSVGElement>(null);
  const { clock, day } = format.value;
  const most = Math.max(1, ...cells.map(({ starts }) => starts));
  const level = scaleQuantize<number>().domain([0, most]).range(LEVELS);
  const { isTall, left, top, cellWidth, cellHeight } = layoutFor(width, days.length);
  const place = (cell: Cell) => (isTall ? [cell.day, cell.hour] : [cell.hour, cell.day]) as readonly [number, number];
  const told = ({ utcMs, starts }: Cell): string =>
    say.value.charts.startsAt({ when: `${day(utcMs)}, ${clock(utcMs)}`, n: starts });
  const height = top + cellHeight * (isTall ? HOURS : days.length);
  const current = cells[at];

  const move = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (!step || !current) return;
    event.preventDefault();
    const [down, right] = isTall ? [step[1], step[0]] : step;
    const next = cells.findIndex(({ day, hour }) => day === current.day + down && hour === current.hour + right);
    if (next < 0) return;
    setAt(next);
    svg.current?.querySelectorAll<SVGRectElement>('rect')[next]?.focus();
  };

  return (
    <div class="chart" ref={ref}>
      <svg ref={svg} width={width} height={height} role="group" aria-label={title} onKeyDown={move}>
        {days.map((utcMs, i) => (
          <text
            key={utcMs}
            class="tick"
            {...(isTall ? { x: left + (i + 0.5) * cellWidth, y: 14 } : { x: 0, y: top + (i + 0.65) * cellHeight })}
            text-anchor={isTall ? 'middle' : 'start'}
          >
            {isTall ? format.value.weekday(utcMs) : day(utcMs)}
          </text>
        ))}
        {[0, 3, 6, 9, 12, 15, 18, 21].map((hour) => (
          <text
            key={hour}
            class="tick"
            {...(isTall ? { x: 0, y: top + (hour + 0.7) * cellHeight } : { x: left + (hour + 0.5) * cellWidth, y: 14 })}
            text-anchor={isTall ? 'start' : 'middle'}
          >
            {`${String(hour).padStart(2, '0')}:00`}
          </text>
        ))}
        {cells.map((cell, i) => {
          const [column, row] = place(cell);
          return (
            <rect
              key={cell.utcMs}
              class={`heat heat-${cell.starts === 0 ? 0 : level(cell.starts)}`}
              x={left + column * cellWidth + 1}
              y={top + row * cellHeight + 1}
              width={Math.max(1, cellWidth - 2)}
              height={cellHeight - 2}
              rx="2"
              role="img"
              aria-label={told(cell)}
              tabIndex={i === at ? 0 : -1}
              onFocus={() => setAt(i)}
              onPointerEnter={() => setAt(i)}
            />
          );
        })}
      </svg>
      <div class="legend">
        <span>{current ? told(current) : ''}</span>
        <span class="scale" aria-hidden="true">
          {say.value.charts.few}
          {LEVELS.map((n) => (
            <i key={n} class={`heat-${n}`} />
          ))}
          {say.value.charts.many}
        </span>
      </div>
    </div>
  );
}

import { scaleBand, scaleLinear } from 'd3-scale';
import { format } from '../i18n/format.ts';
import { say } from '../i18n/language.ts';
import { useWidth } from './width.ts';

export interface Hour {
  readonly hour_at: string;
  readonly starts: number;
}

const HEIGHT = 176;
const EDGE = { top: 8, right: 4, bottom: 24, left: 40 } as const;
const LABEL_PX = 56;

/** Backups that start, an hour a bar; the same as a table for who cannot see it. */
export function HoursChart({ hours, title }: { readonly hours: readonly Hour[]; readonly title: string }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const { number, clock } = format.value;
  const most = Math.max(1, ...hours.map(({ starts }) => starts));
  const x = scaleBand<string>()
    .domain(hours.map(({ hour_at }) => hour_at))
    .range([EDGE.left, width - EDGE.right])
    .padding(0.25);
  const y = scaleLinear()
    .domain([0, most])
    .nice(3)
    .range([HEIGHT - EDGE.bottom, EDGE.top]);
  const ticks = y.ticks(3).filter(Number.isInteger);
  const every = Math.max(1, Math.ceil(LABEL_PX / x.step()));
  return (
    <div class="chart" ref={ref}>
      <svg width={width} height={HEIGHT} aria-hidden="true">
        {ticks.map((n) => (
          <g key={n}>
            <line class="grid" x1={EDGE.left} x2={width - EDGE.right} y1={y(n)} y2={y(n)} />
            <text class="tick" x={EDGE.left - 8} y={y(n)} dy="0.32em" text-anchor="end">
              {number(n)}
            </text>
          </g>
        ))}
        {hours.map(({ hour_at, starts }, i) => (
          <g key={hour_at} class="bar">
            <rect
              class="hover"
              x={x(hour_at)}
              y={EDGE.top}
              width={x.bandwidth()}
              height={HEIGHT - EDGE.bottom - EDGE.top}
            >
              <title>{`${clock(Date.parse(hour_at))} · ${number(starts)}`}</title>
            </rect>
            <rect x={x(hour_at)} y={y(starts)} width={x.bandwidth()} height={y(0) - y(starts)} rx="2" />
            {i % every === 0 && (
              <text class="tick" x={(x(hour_at) ?? 0) + x.bandwidth() / 2} y={HEIGHT - 6} text-anchor="middle">
                {clock(Date.parse(hour_at))}
              </text>
            )}
          </g>
        ))}
      </svg>
      <div class="unseen">
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">{say.value.charts.hour}</th>
              <th scope="col">{say.value.charts.starts}</th>
            </tr>
          </thead>
          <tbody>
            {hours.map(({ hour_at, starts }) => (
              <tr key={hour_at}>
                <th scope="row">{clock(Date.parse(hour_at))}</th>
                <td>{number(starts)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

import type { ForecastView } from '../../../http/contract/schedule.ts';
import { useWidth } from '../../charts/width.ts';
import { format } from '../../i18n/format.ts';
import { language, say } from '../../i18n/language.ts';
import { durationWords } from '../../schedule/duration.ts';
import { Table } from '../../ui/index.ts';
import { type Chart, chartOf } from './forecast-shape.ts';

interface Props {
  readonly forecast: ForecastView;
  /** If the quota held it; null: that is what is made. */
  readonly wanted: ForecastView | null;
  /** Of the project's quota; null: none, or not known. */
  readonly limit: number | null;
}

/** How many backups hold the quota at once, day by day. */
export function ForecastChart({ forecast, wanted, limit }: Props) {
  const words = say.value.policies;
  const [box, width] = useWidth<HTMLDivElement>();
  const { peak_backups: peak, peak_at } = forecast;
  const isOver = limit !== null && peak > limit;
  const day = peak_at === null ? '' : format.value.day(Date.parse(peak_at));
  return (
    <figure class="forecast">
      <figcaption>
        <h4>{words.forecast}</h4>
      </figcaption>
      {isOver && <p class="note bad">{words.overLimit(limit)}</p>}
      <div ref={box}>
        {forecast.course.length > 1 && (
          <Drawn
            chart={chartOf(forecast, { wanted, limit }, width)}
            label={words.forecastLabel({ peak, day })}
            {...{ peak, limit }}
          />
        )}
      </div>
      {wanted && <p class="hint wanted">{words.wantedLine(wanted.peak_backups)}</p>}
      <p class="hint">{factsOf(forecast, limit)}</p>
      <CourseTable forecast={forecast} />
    </figure>
  );
}

function factsOf(
  { peak_backups, storage_bytes, longest_chain, worst_age }: ForecastView,
  limit: number | null,
): string {
  const words = say.value.policies;
  return [
    words.forecastPeak(peak_backups),
    limit === null ? words.noLimit : words.limit(limit),
    storage_bytes !== null && words.storage(format.value.bytes(storage_bytes)),
    words.longestChain(longest_chain),
    worst_age !== null && words.worstAge(durationWords(worst_age, language.value)),
  ]
    .filter((part) => part !== false)
    .map((part) => part.replace(/\.$/, ''))
    .join(' · ');
}

interface DrawnProps {
  readonly chart: Chart;
  readonly label: string;
  readonly peak: number;
  readonly limit: number | null;
}

function Drawn({ chart, label, peak, limit }: DrawnProps) {
  const { width, height, left, bottom, areaPath, linePath, wantedPath, limitY, days, counts } = chart;
  const words = say.value.policies;
  return (
    <svg class="forecast-chart" width={width} height={height} role="img" aria-label={label}>
      {counts.map(({ n, y }) => (
        <g key={n} class="axis">
          <line x1={left} x2={width - 10} y1={y} y2={y} />
          <text x={left - 6} y={y + 4} text-anchor="end">
            {format.value.number(n)}
          </text>
        </g>
      ))}
      {days.map(({ at, x }) => (
        <text
          key={at}
          class="day"
          x={x}
          y={bottom + 17}
          text-anchor={x < left + 24 ? 'start' : x > width - 40 ? 'end' : 'middle'}
        >
          {format.value.day(at)}
        </text>
      ))}
      <path class="area" d={areaPath} />
      {wantedPath && <path class="wanted" d={wantedPath} />}
      <path class="line" d={linePath} />
      {limitY !== null && limit !== null && (
        <g class={peak > limit ? 'limit is-over' : 'limit'}>
          <line x1={left} x2={width - 10} y1={limitY} y2={limitY} />
          <text x={width - 12} y={limitY - 5} text-anchor="end">
            {words.limit(limit)}
          </text>
        </g>
      )}
    </svg>
  );
}

const WEEK = 7;

function CourseTable({ forecast: { course } }: { readonly forecast: ForecastView }) {
  const words = say.value.policies;
  type Day = ForecastView['course'][number];
  return (
    <details>
      <summary>{words.asTable}</summary>
      <Table
        caption={words.forecast}
        captionHidden
        columns={[
          { key: 'day', title: words.day, cell: ({ at }: Day) => format.value.day(Date.parse(at)) },
          {
            key: 'backups',
            title: words.backups,
            numeric: true,
            cell: ({ backups }: Day) => format.value.number(backups),
          },
        ]}
        rows={course.filter((_, index) => index % WEEK === 0)}
        rowKey={({ at }) => at}
      />
    </details>
  );
}

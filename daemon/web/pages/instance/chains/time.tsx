import { now } from '../../../api/now.ts';
import { format } from '../../../i18n/format.ts';
import { durationMs } from '../../../schedule/duration.ts';
import { type Drawing, TICK_EDGE } from './drawing.ts';
import { shortDay } from './names.ts';

export function Axis({
  drawing: { ticks, isNarrow, xOf, left, right },
  height,
}: {
  readonly drawing: Drawing;
  readonly height: number;
}) {
  const isFine = ticks.length > 1 && Number(ticks[1]) - Number(ticks[0]) < 20 * 3_600_000;
  const { day: longDay, clock } = format.value;
  const day = isNarrow ? shortDay : longDay;
  return (
    <g class="axis">
      {ticks.map((tick) => {
        const x = xOf(Number(tick));
        const text = isFine && tick.getHours() + tick.getMinutes() > 0 ? clock(Number(tick)) : day(Number(tick));
        const anchor = x < left + TICK_EDGE ? 'start' : x > right - TICK_EDGE ? 'end' : 'middle';
        return (
          <g key={Number(tick)}>
            <line x1={x} x2={x} y1={18} y2={height} />
            <text x={x} y={12} text-anchor={anchor}>
              {text}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** The recovery window, in which everything is kept. */
export function Window({
  drawing,
  within,
  height,
}: {
  readonly drawing: Drawing;
  readonly within: string | null;
  readonly height: number;
}) {
  const ms = within === null ? null : durationMs(within);
  if (ms === null || within === null) return null;
  const clamp = (x: number): number => Math.min(drawing.right + 14, Math.max(drawing.left - 14, x));
  const [from, to] = [clamp(drawing.xOf(now.value - ms)), clamp(drawing.xOf(now.value))];
  if (to - from < 1) return null;
  return (
    <g class="window">
      <rect x={from} y={20} width={to - from} height={height - 20} />
      <path d={`M${from},20V${height}`} />
    </g>
  );
}

export function Now({ drawing, height }: { readonly drawing: Drawing; readonly height: number }) {
  const x = drawing.xOf(now.value);
  if (x < drawing.left || x > drawing.right) return null;
  return <path class="now" d={`M${x},18V${height}`} />;
}

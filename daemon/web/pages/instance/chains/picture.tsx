import { useMemo, useRef } from 'preact/hooks';
import type { BackupView, ChainView } from '../../../../http/contract/backup.ts';
import { now } from '../../../api/now.ts';
import { format } from '../../../i18n/format.ts';
import { say } from '../../../i18n/language.ts';
import { durationMs } from '../../../schedule/duration.ts';
import { type Drawing, type DrawnLane, draw, type Slot, sizesOf, TICK_EDGE } from './drawing.ts';
import { Hatch, MarkPoint } from './mark.tsx';
import { laneName, markLabel, shortDay } from './names.ts';
import type { Range } from './range.ts';
import { isWalkKey, walk } from './walk.ts';

export interface PictureProps {
  readonly backups: readonly BackupView[];
  readonly chains: readonly ChainView[];
  readonly slots: readonly Slot[];
  /** ISO 8601: how long everything is kept. */
  readonly within: string | null;
  readonly range: Range;
  readonly width: number;
  readonly chosen: string | null;
  readonly shown: string | null;
  readonly onShow: (id: string | null) => void;
  readonly onChoose: (id: string) => void;
  /** A key that moves or zooms what is shown. */
  readonly onMove: (key: string) => boolean;
}

/** Chains on a time axis. It is drawn from where `draw` puts things, and decides nothing itself. */
export function Picture(props: PictureProps) {
  const { backups, chains, slots, range, width, within } = props;
  const drawing = useMemo(
    () => draw(backups, chains, slots, range, sizesOf(width)),
    [backups, chains, slots, range, width],
  );
  const height = drawing.height + 8;
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no fieldset in SVG
    <svg
      class="chains"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label={say.value.chains.label}
    >
      <Hatch />
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus; the points say it all in words */}
      <g aria-hidden="true">
        <Axis drawing={drawing} height={height} />
        {drawing.lanes.map((lane) => (
          <LaneGround key={lane.lane.id} lane={lane} width={width} />
        ))}
        <Window drawing={drawing} within={within} height={height} />
        <Now drawing={drawing} height={height} />
        <Ghosts drawing={drawing} width={width} />
        <Lines drawing={drawing} />
        <Letters drawing={drawing} />
      </g>
      <Points drawing={drawing} {...props} />
    </svg>
  );
}

function Axis({
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

function LaneGround({ lane, width }: { readonly lane: DrawnLane; readonly width: number }) {
  const isWide = sizesOf(width).gutter > 0;
  const y = isWide ? lane.top + sizesOf(width).headHeight + 12 : lane.top + 15;
  const count = say.value.chains.count(lane.lane.backups.length);
  return (
    <g class={`lane ${lane.lane.kind}`}>
      <line class="edge" x1={0} x2={width} y1={lane.top} y2={lane.top} />
      <text class="name" x={isWide ? 0 : 2} y={y}>
        {isWide ? laneName(lane.lane) : `${laneName(lane.lane)} · ${count}`}
      </text>
      {isWide && (
        <text class="count" x={0} y={y + 15}>
          {count}
        </text>
      )}
    </g>
  );
}

/** The recovery window, in which everything is kept. */
function Window({
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

function Now({ drawing, height }: { readonly drawing: Drawing; readonly height: number }) {
  const x = drawing.xOf(now.value);
  if (x < drawing.left || x > drawing.right) return null;
  return <path class="now" d={`M${x},18V${height}`} />;
}

function Ghosts({ drawing: { ghosts, ghostLane }, width }: { readonly drawing: Drawing; readonly width: number }) {
  if (ghostLane === null) return null;
  const { gutter, headHeight } = sizesOf(width);
  const y = gutter > 0 ? ghostLane.top + headHeight + 21 : ghostLane.top + 15;
  return (
    <g class="ghosts">
      <text class="name" x={gutter > 0 ? 0 : 2} y={y}>
        {say.value.chains.toCome}
      </text>
      {ghosts.map(({ slot, x, y: middle }) =>
        slot.kind === 'full' ? (
          <rect key={slot.at} x={x - 6} y={middle - 6} width={12} height={12} />
        ) : (
          <circle key={slot.at} cx={x} cy={middle} r={6} />
        ),
      )}
    </g>
  );
}

function Lines({ drawing: { lines, marks } }: { readonly drawing: Drawing }) {
  return (
    <g class="lines">
      {lines.map(({ id, from: [x, y], to: [toX, toY] }) => (
        <path key={id} d={`M${x},${y}V${toY}H${toX}`} />
      ))}
      {fadings(marks).map(({ key, x, y, goesX }) => (
        <g key={key}>
          <path class="going" d={`M${x},${y + 9}H${Math.max(goesX, x + 4)}`} />
          <path class="end" d={`M${Math.max(goesX, x + 4)},${y + 5}v8`} />
        </g>
      ))}
    </g>
  );
}

/** The periods that a backup is kept for, below it. */
function Letters({ drawing: { marks } }: { readonly drawing: Drawing }) {
  const { letters } = say.value.chains;
  return (
    <g class="letters">
      {marks.map(({ backup, look, x, y }) =>
        look.periods.length === 0 ? null : (
          <text key={backup.id} x={x} y={y + 18}>
            {look.periods.map((period) => letters[period]).join('')}
          </text>
        ),
      )}
    </g>
  );
}

/** One dashed line to where marks of one row go together, from the first of them. */
function fadings(marks: Drawing['marks']) {
  const lines = new Map<
    string,
    { readonly key: string; readonly x: number; readonly y: number; readonly goesX: number }
  >();
  for (const { x, y, goesX } of marks) {
    const key = `${y} ${goesX}`;
    const known = lines.get(key);
    if (goesX !== null && (known === undefined || x < known.x)) lines.set(key, { key, x, y, goesX });
  }
  return [...lines.values()];
}

function Points({ drawing, ...props }: PictureProps & { readonly drawing: Drawing }) {
  const { chosen, shown, onShow, onChoose, onMove } = props;
  const group = useRef<SVGGElement>(null);
  const { marks } = drawing;
  const isHere = (id: string | null): boolean => marks.some(({ backup }) => backup.id === id);
  const entry = isHere(shown) ? shown : isHere(chosen) ? chosen : (marks.at(-1)?.backup.id ?? null);
  const focus = (id: string | null): void =>
    group.current?.querySelector<SVGGElement>(`[data-backup="${CSS.escape(id ?? '')}"]`)?.focus();
  const onKeyDown = (event: KeyboardEvent): void => {
    const current = (event.target as Element).getAttribute('data-backup');
    if (isWalkKey(event.key)) {
      const stops = marks.map(({ backup, lane, x }) => ({ id: backup.id, lane, x }));
      focus(walk(stops, current, event.key));
    } else if (!onMove(event.key)) return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that bubble up from the points
    <g ref={group} onKeyDown={onKeyDown}>
      {marks.map((mark) => (
        <MarkPoint
          key={mark.backup.id}
          mark={mark}
          label={markLabel(mark)}
          isChosen={mark.backup.id === chosen}
          isShown={mark.backup.id === shown}
          isEntry={mark.backup.id === entry}
          onShow={onShow}
          onChoose={onChoose}
        />
      ))}
    </g>
  );
}

import { say } from '../../../i18n/language.ts';
import { type Drawing, type DrawnLane, sizesOf } from './drawing.ts';
import { laneName } from './names.ts';

export function LaneGround({ lane, width }: { readonly lane: DrawnLane; readonly width: number }) {
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

/** The slots to come, in a lane of their own. */
export function Ghosts({
  drawing: { ghosts, ghostLane },
  width,
}: {
  readonly drawing: Drawing;
  readonly width: number;
}) {
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

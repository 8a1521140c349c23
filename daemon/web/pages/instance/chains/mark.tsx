import type { Mark } from './drawing.ts';
import type { Look } from './look.ts';

const R = 6;
const SHAPES: Readonly<Record<Look['shape'], string>> = {
  square: `M${-R},${-R}h${2 * R}v${2 * R}h${-2 * R}z`,
  circle: `M${-R},0a${R},${R} 0 1 0 ${2 * R},0a${R},${R} 0 1 0 ${-2 * R},0z`,
  diamond: 'M0,-8L8,0L0,8L-8,0z',
  triangle: 'M0,-7.500L7.500,5.500L-7.500,5.500z',
};
const PIN = 'M-3.500,-18h7v4.500l2,2h-11l2,-2zM0,-11.500v3.500';
const CROSS = 'M-3,-3L3,3M3,-3L-3,3';

/** A backup's sign: its shape, how it is filled, and what is on it; no word, and nothing by colour alone. */
export function Sign({ look }: { readonly look: Look }) {
  const { shape, state, isForeign, isHeld } = look;
  return (
    <g class={`sign is-${state}${isForeign ? ' is-foreign' : ''}`}>
      {state === 'running' && <circle class="pulse" r={R + 3} />}
      <path class="body" d={SHAPES[shape]} fill={isForeign ? 'url(#hatch)' : undefined} />
      {(state === 'failed' || state === 'unusable') && <path class="cross" d={CROSS} />}
      {isHeld && <path class="pin" d={PIN} />}
    </g>
  );
}

/** The texture of what others made; once a page. */
export function Hatch() {
  return (
    <defs>
      <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path class="hatch" d="M0,0V4M2,0V4" />
      </pattern>
    </defs>
  );
}

interface MarkProps {
  readonly mark: Mark;
  readonly label: string;
  readonly isChosen: boolean;
  readonly isShown: boolean;
  /** The one that Tab reaches. */
  readonly isEntry: boolean;
  readonly onShow: (id: string | null) => void;
  readonly onChoose: (id: string) => void;
}

export function MarkPoint({ mark, label, isChosen, isShown, isEntry, onShow, onChoose }: MarkProps) {
  const { backup, x, y, look } = mark;
  const show = (): void => onShow(backup.id);
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no button in SVG
    <g
      class={`point${isChosen ? ' is-chosen' : ''}${isShown ? ' is-shown' : ''}`}
      transform={`translate(${x.toFixed(1)},${y.toFixed(1)})`}
      role="button"
      tabIndex={isEntry ? 0 : -1}
      aria-pressed={isChosen}
      aria-label={label}
      data-backup={backup.id}
      onFocus={show}
      onPointerEnter={show}
      onPointerLeave={() => onShow(null)}
      onClick={() => onChoose(backup.id)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onChoose(backup.id);
      }}
    >
      <rect class="reach" x={-12} y={-12} width={24} height={24} />
      <rect class="halo" x={-10} y={-10} width={20} height={20} rx={5} />
      <Sign look={look} />
    </g>
  );
}

import { useMemo } from 'preact/hooks';
import type { BackupView, ChainView } from '../../../../http/contract/backup.ts';
import { say } from '../../../i18n/language.ts';
import { draw, type Slot, sizesOf } from './drawing.ts';
import { Ghosts, LaneGround } from './lane-grounds.tsx';
import { Letters, Lines } from './lines.tsx';
import { Hatch } from './mark.tsx';
import { Points, type PointsProps } from './points.tsx';
import type { Range } from './range.ts';
import { Axis, Now, Window } from './time.tsx';

export interface PictureProps extends Omit<PointsProps, 'drawing'> {
  readonly backups: readonly BackupView[];
  readonly chains: readonly ChainView[];
  readonly slots: readonly Slot[];
  /** ISO 8601: how long everything is kept. */
  readonly within: string | null;
  readonly range: Range;
  readonly width: number;
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

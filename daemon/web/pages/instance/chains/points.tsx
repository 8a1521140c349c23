import { useRef } from 'preact/hooks';
import type { Drawing } from './drawing.ts';
import { MarkPoint } from './mark.tsx';
import { markLabel } from './names.ts';
import { isWalkKey, walk } from './walk.ts';

export interface PointsProps {
  readonly drawing: Drawing;
  readonly chosen: string | null;
  readonly shown: string | null;
  readonly onShow: (id: string | null) => void;
  readonly onChoose: (id: string) => void;
  /** A key that moves or zooms what is shown. */
  readonly onMove: (key: string) => boolean;
}

/** The backups, gone through by the arrows: one of them takes the focus. */
export function Points({ drawing, chosen, shown, onShow, onChoose, onMove }: PointsProps) {
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

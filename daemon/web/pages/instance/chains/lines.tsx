import { say } from '../../../i18n/language.ts';
import type { Drawing } from './drawing.ts';

/** From each backup to those that stand on it, and from marked ones to when they go. */
export function Lines({ drawing: { lines, marks } }: { readonly drawing: Drawing }) {
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
export function Letters({ drawing: { marks } }: { readonly drawing: Drawing }) {
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

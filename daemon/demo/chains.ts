import type { Mark } from './picture.ts';
import type { Line, Span } from './text.ts';

/** How marks look. What runs turns. */
export const SIGNS = {
  full: '●',
  incremental: '○',
  failed: '✗',
  none: '·',
  link: '─',
  cut: '…',
  running: ['◐', '◓', '◑', '◒'],
} as const;

/** Draws `●──○──○  ●──○`, the oldest cut off where the width ends. `links` are the signs between two marks. */
export function drawChains(marks: readonly Mark[], width: number, links: number, turn: number): Line {
  const drawn = marks.map((mark, at): readonly Span[] => [before(mark, marks[at - 1], links), draw(mark, turn)]);
  const step = links + 1;
  const fitting = drawn.length * step - links <= width ? drawn.length : Math.floor((width - SIGNS.cut.length) / step);
  const shown = drawn.slice(drawn.length - Math.max(0, fitting)).flat();
  return fitting >= drawn.length ? shown.slice(1) : [{ text: SIGNS.cut, ink: 'faint' }, ...shown];
}

function before(mark: Mark, previous: Mark | undefined, links: number): Span {
  const joined = mark.kind === 'incremental' && previous !== undefined;
  return { text: (joined ? SIGNS.link : ' ').repeat(links), ink: 'faint' };
}

function draw({ kind, state }: Mark, turn: number): Span {
  if (state === 'running') return { text: SIGNS.running[turn % SIGNS.running.length] ?? SIGNS.none, ink: 'busy' };
  if (state === 'failed') return { text: SIGNS.failed, ink: 'bad' };
  if (state === 'none' || kind === 'undecided') return { text: SIGNS.none, ink: 'faint' };
  return { text: kind === 'full' ? SIGNS.full : SIGNS.incremental, ink: 'good' };
}

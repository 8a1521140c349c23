import type { Mark } from './picture.ts';
import type { Line, Span } from './text.ts';

/** How marks look; a terminal that is not UTF-8 gets plain letters. */
export interface Signs {
  readonly full: string;
  readonly incremental: string;
  readonly failed: string;
  readonly none: string;
  readonly link: string;
  readonly cut: string;
  /** One after the other while a backup runs. */
  readonly running: readonly string[];
}

export const SIGNS: Signs = {
  full: '●',
  incremental: '○',
  failed: '✗',
  none: '·',
  link: '─',
  cut: '…',
  running: ['◐', '◓', '◑', '◒'],
};

export const PLAIN_SIGNS: Signs = {
  full: '#',
  incremental: 'o',
  failed: 'x',
  none: '.',
  link: '-',
  cut: '<',
  running: ['|', '/', '-', '\\'],
};

/** Draws `●──○──○  ●──○`, the oldest cut off where the width ends. `links` are the signs between two marks. */
export function drawChains(marks: readonly Mark[], width: number, links: number, frame: number, signs: Signs): Line {
  const drawn = marks.map((mark, at): readonly Span[] => [
    before(mark, marks[at - 1], links, signs),
    draw(mark, frame, signs),
  ]);
  const step = links + 1;
  const fitting = drawn.length * step - links <= width ? drawn.length : Math.floor((width - signs.cut.length) / step);
  const shown = drawn.slice(drawn.length - Math.max(0, fitting)).flat();
  return fitting >= drawn.length ? shown.slice(1) : [{ text: signs.cut, ink: 'faint' }, ...shown];
}

function before(mark: Mark, previous: Mark | undefined, links: number, signs: Signs): Span {
  const joined = mark.kind === 'incremental' && previous !== undefined;
  return { text: (joined ? signs.link : ' ').repeat(links), ink: 'faint' };
}

function draw({ kind, state }: Mark, frame: number, signs: Signs): Span {
  if (state === 'running') return { text: signs.running[frame % signs.running.length] ?? signs.none, ink: 'busy' };
  if (state === 'failed') return { text: signs.failed, ink: 'bad' };
  if (state === 'none' || kind === 'undecided') return { text: signs.none, ink: 'faint' };
  return { text: kind === 'full' ? signs.full : signs.incremental, ink: 'good' };
}

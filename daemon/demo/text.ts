/** Lines of styled text, without a terminal: tests read them, the screen paints them. */

export type Ink = 'plain' | 'strong' | 'faint' | 'good' | 'bad' | 'busy' | 'story';

export interface Span {
  readonly text: string;
  readonly ink?: Ink;
}

export type Line = readonly Span[];

const CUT = '…';

/** Every sign drawn here is one column wide. */
const length = (text: string): number => [...text].length;

export const widthOf = (line: Line): number => line.reduce((sum, { text }) => sum + length(text), 0);

export const textOf = (line: Line): string => line.map(({ text }) => text).join('');

/** Cuts a text that is too long, and fills up one that is too short. */
export function cell(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const cut = shorten(text, width);
  const fill = ' '.repeat(Math.max(0, width - length(cut)));
  return side === 'left' ? cut + fill : fill + cut;
}

export function shorten(text: string, width: number): string {
  if (length(text) <= width) return text;
  if (width <= 0) return '';
  return `${[...text]
    .slice(0, width - 1)
    .join('')
    .trimEnd()}${CUT}`;
}

/** A line of exactly so many columns. */
export function fitLine(line: Line, width: number): Line {
  const fitted: Span[] = [];
  let left = width;
  for (const span of line) {
    if (left <= 0) break;
    const text = shorten(span.text, left);
    fitted.push({ ...span, text });
    left -= length(text);
  }
  return left > 0 ? [...fitted, { text: ' '.repeat(left) }] : fitted;
}

/** Breaks the last span of a line between words; what goes on is indented. */
export function wrap(line: Line, width: number, indent: number): readonly Line[] {
  const last = line.at(-1);
  if (!last || widthOf(line) <= width) return [line];
  const rows: Line[] = [];
  let head: Line = line.slice(0, -1);
  let text = '';
  for (const word of last.text.split(' ')) {
    if (text !== '' && widthOf(head) + length(text) + 1 + length(word) > width) {
      rows.push([...head, { ...last, text }]);
      head = [{ text: ' '.repeat(indent) }];
      text = '';
    }
    text = text === '' ? word : `${text} ${word}`;
  }
  return [...rows, [...head, { ...last, text }]];
}

/** Left and right on one line; where both do not fit, the left gives way. */
export function spread(left: Line, right: Line, width: number): Line {
  return [...fitLine(left, Math.max(0, width - widthOf(right))), ...right];
}

const MINUTE = 60_000;

/** `45m`, `5h 12m`, `3d 4h` */
export function span(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return hours > 0 ? `${days}d ${hours}h` : `${days}d`;
  if (hours > 0) return rest > 0 ? `${hours}h ${rest}m` : `${hours}h`;
  return `${rest}m`;
}

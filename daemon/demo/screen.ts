import { styleText } from 'node:util';
import type { Ink, Line } from './text.ts';

/** The part of a terminal that is used here. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

// Of the sixteen colours, those that can be read on black and on white.
const STYLES = {
  plain: [],
  strong: ['bold'],
  faint: ['dim'],
  good: ['green'],
  bad: ['red'],
  busy: ['blue'],
  story: ['magenta'],
} as const satisfies { readonly [I in Ink]: readonly Parameters<typeof styleText>[0][] };

/** Colours where they are wanted: not for NO_COLOR, not in a file. */
export function coloured(terminal: Terminal, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env['NO_COLOR'] || env['TERM'] === 'dumb') return false;
  return terminal.isTTY === true || Boolean(env['FORCE_COLOR']);
}

export function paint(line: Line, colours: boolean): string {
  return line
    .map(({ text, ink = 'plain' }) => {
      const style = STYLES[ink];
      return colours && style.length > 0 ? styleText([...style], text, { validateStream: false }) : text;
    })
    .join('');
}

export interface Screen {
  /** Draws over what was there, in one write. */
  draw(lines: readonly Line[]): void;
  /** Gives the terminal back as it was. */
  close(): void;
}

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';

/** The terminal's second screen, so that the first is as it was when the demo ends. */
export function openScreen(terminal: Terminal): Screen {
  const colours = coloured(terminal);
  let open = true;
  terminal.write(ENTER);
  return {
    draw(lines) {
      if (!open) return;
      const text = lines.map((line) => `${paint(line, colours)}\x1b[K`).join('\r\n');
      terminal.write(`\x1b[H${text}\x1b[J`);
    },
    close() {
      if (open) terminal.write(LEAVE);
      open = false;
    },
  };
}

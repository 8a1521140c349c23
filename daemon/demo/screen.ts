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
  busy: ['magenta'],
  story: ['magenta'],
} as const satisfies { readonly [I in Ink]: readonly Parameters<typeof styleText>[0][] };

/** Colours where they are wanted: not for NO_COLOR, not in a file. */
export function coloured(terminal: Terminal, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env['NO_COLOR'] || env['TERM'] === 'dumb') return false;
  return terminal.isTTY === true || Boolean(env['FORCE_COLOR']);
}

export function paint(line: Line, colours: boolean, letters: (text: string) => string = lettersOf()): string {
  return line
    .map(({ text, ink = 'plain' }) => {
      const style = STYLES[ink];
      return colours && style.length > 0
        ? styleText([...style], letters(text), { validateStream: false })
        : letters(text);
    })
    .join('');
}

const ASCII: Readonly<Record<string, string>> = {
  '●': '#',
  '○': 'o',
  '✗': 'x',
  '✓': '+',
  '·': '.',
  '─': '-',
  '━': '=',
  '–': '-',
  '…': '~',
  '◐': '|',
  '◓': '/',
  '◑': '-',
  '◒': '\\',
};

/** A locale that is not UTF-8 gets plain letters; a machine that names none is taken at its best. */
export function lettersOf(env: NodeJS.ProcessEnv = process.env): (text: string) => string {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'UTF-8';
  if (/utf-?8/i.test(locale)) return (text) => text;
  return (text) => text.replace(/[^\x20-\x7e]/gu, (sign) => ASCII[sign] ?? sign);
}

export interface Screen {
  /** Draws lines that fill the screen over what was there, in one write. */
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
      // The lines fill the screen, so nothing has to be wiped: wiping would flicker.
      terminal.write(`\x1b[H${lines.map((line) => paint(line, colours)).join('\r\n')}`);
    },
    close() {
      if (open) terminal.write(LEAVE);
      open = false;
    },
  };
}

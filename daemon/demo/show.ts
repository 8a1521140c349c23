import { eventLine } from './events.ts';
import type { EventLine, Picture } from './picture.ts';
import { coloured, openScreen, paint, type Terminal } from './screen.ts';
import type { Speech } from './sentences.ts';
import type { Line } from './text.ts';
import { view } from './view.ts';

/** How the demo is watched: as a picture that moves, or as lines in a pipe. */
export interface Show {
  event(event: EventLine): void;
  picture(picture: Omit<Picture, 'events'>): void;
  /** The terminal is as it was; what is written now stays. */
  close(): void;
}

const KEPT_EVENTS = 200;

export const write = (terminal: Terminal, lines: readonly Line[]): void => {
  const colours = coloured(terminal);
  for (const line of lines) terminal.write(`${paint(line, colours).trimEnd()}\n`);
};

export function openShow(terminal: Terminal, speech: Speech): Show {
  if (!terminal.isTTY) {
    return {
      event: (event) =>
        write(terminal, [
          eventLine(event, speech).map(({ text }, at) => ({ text: at === 0 ? text.trimStart() : text })),
        ]),
      picture: () => undefined,
      close: () => undefined,
    };
  }
  const screen = openScreen(terminal);
  let events: readonly EventLine[] = [];
  let turn = 0;
  return {
    event: (event) => {
      events = [...events.slice(1 - KEPT_EVENTS), event];
    },
    picture: (picture) => {
      const { columns = 80, rows = 24 } = terminal;
      screen.draw(view({ ...picture, events }, { columns, rows, turn: turn++ }, speech));
    },
    close: () => screen.close(),
  };
}

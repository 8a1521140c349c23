import type { EventLine } from './picture.ts';
import { type Speech, stamp } from './sentences.ts';
import { type Ink, type Line, wrap } from './text.ts';

const INK: Readonly<Record<EventLine['tone'], Ink>> = { plain: 'plain', story: 'story', good: 'good', bad: 'bad' };

/** ` 24 Oct 23:05 shop/catalogue Full, because …`, however long. */
export function eventLine({ atUtc, subject, text, tone }: EventLine, { language }: Speech): Line {
  return [
    { text: ` ${stamp(atUtc, language)} `, ink: 'faint' },
    { text: subject === '' ? '' : `${subject} `, ink: 'strong' },
    { text, ink: INK[tone] },
  ];
}

/** The newest events that fit, each whole. */
export function eventLines(
  events: readonly EventLine[],
  { width, room }: { readonly width: number; readonly room: number },
  speech: Speech,
): readonly Line[] {
  let lines: readonly Line[] = [];
  for (const event of events.toReversed()) {
    const indent = stamp(event.atUtc, speech.language).length + 2;
    const its = wrap(eventLine(event, speech), width - 1, indent);
    if (its.length + lines.length > room) break;
    lines = [...its, ...lines];
  }
  return lines;
}

import { SIGNS } from './chains.ts';
import { eventLines } from './events.ts';
import type { Picture } from './picture.ts';
import type { Speech } from './sentences.ts';
import { type Frame, table } from './table.ts';
import { fitLine, type Ink, type Line, type Span, span, spread } from './text.ts';

const FEWEST_EVENTS = 3;
const DAY = 86_400_000;

/** The whole screen, `rows` lines of `columns` at most. */
export function view(picture: Picture, frame: Frame, speech: Speech): readonly Line[] {
  const top = [...header(picture, frame, speech), ...table(picture, frame, speech)];
  const bottom = footer(picture, frame, speech);
  const room = Math.max(FEWEST_EVENTS, frame.rows - top.length - bottom.length - 1);
  const events = eventLines(picture.events, { width: frame.columns, room }, speech);
  const blank = Array.from({ length: room - events.length }, (): Line => []);
  const body = [...top, rule(speech.words.events, frame), ...events, ...blank];
  return [...body.slice(0, frame.rows - bottom.length), ...bottom].map((line) => fitLine(line, frame.columns));
}

function header(picture: Picture, { columns }: Frame, { words, language }: Speech): readonly Line[] {
  const { nowUtc, startUtc, days, scale, bus } = picture;
  const form = { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  const date = new Intl.DateTimeFormat(language === 'vi' ? 'vi' : 'en-GB', form).format(nowUtc);
  const time = new Date(nowUtc).toISOString().slice(11, 16);
  const passed = (nowUtc - startUtc) / DAY;
  const day = words.day(Math.min(Math.floor(passed) + 1, days ?? Number.POSITIVE_INFINITY), days);
  const pace = ` ${words.pace(span(scale * 1000))} · ${bus ? 'RabbitMQ' : words.noBus} `;
  const bar = Math.max(0, columns - pace.length - 1);
  const done = days === null ? bar : Math.min(bar, Math.round((bar * passed) / days));
  return [
    spread(
      [{ text: ` ${words.title}`, ink: 'strong' }],
      [{ text: `${day} · ` }, { text: `${date} ${time} UTC `, ink: 'strong' }],
      columns,
    ),
    [
      { text: ` ${'━'.repeat(done)}`, ink: 'busy' },
      { text: '─'.repeat(bar - done), ink: 'faint' },
      { text: pace, ink: 'faint' },
    ],
  ];
}

const rule = (title: string, { columns }: Frame): Line => [
  { text: ` ${title} `, ink: 'faint' },
  { text: '─'.repeat(Math.max(0, columns - title.length - 3)), ink: 'faint' },
];

function footer({ totals, pageUrl }: Picture, { columns }: Frame, { words }: Speech): readonly Line[] {
  const { full, incremental, failed, late } = totals;
  const { legend } = words;
  const bad = (count: number): Ink => (count > 0 ? 'bad' : 'faint');
  const sign = (text: string, ink: Ink, means: string): readonly Span[] => [
    { text: ` ${text}`, ink },
    { text: ` ${means} `, ink: 'faint' },
  ];
  const counts: Line = [
    { text: ` ${words.totals(full + incremental, full, incremental)}`, ink: 'strong' },
    { text: ` · ${words.failures(failed)}`, ink: bad(failed) },
    { text: ` · ${words.late(late)}`, ink: bad(late) },
  ];
  const signsLine: Line = [
    ...sign(SIGNS.full, 'good', legend.full),
    ...sign(SIGNS.incremental, 'good', legend.incremental),
    ...sign(SIGNS.running[0], 'busy', legend.running),
    ...sign(SIGNS.failed, 'bad', legend.failed),
    ...sign(SIGNS.none, 'faint', legend.none),
  ];
  return [
    spread(counts, [{ text: `${pageUrl} `, ink: 'faint' }], columns),
    spread(signsLine, [{ text: `${words.stops} `, ink: 'faint' }], columns),
  ];
}

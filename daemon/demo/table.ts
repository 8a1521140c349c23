import { drawChains } from './chains.ts';
import type { Picture, Standing } from './picture.ts';
import { reasonText, type Speech } from './sentences.ts';
import { cell, fitLine, type Ink, type Line, span } from './text.ts';

/** The terminal as it is at this moment. */
export interface Frame {
  readonly columns: number;
  readonly rows: number;
  /** Counts up: what runs turns with it. */
  readonly turn: number;
}

const WIDE = 110;
const TALL = 32;
const NEXT_WIDTH = 12;
const AGE_WIDTH = 9;

interface Columns {
  readonly name: number;
  readonly datastore: number;
  readonly policy: number;
  readonly chains: number;
  /** Signs between two marks. */
  readonly links: number;
}

function columnsOf({ projects }: Picture, { columns }: Frame, { words }: Speech): Columns {
  const all = projects.flatMap(({ instances }) => instances);
  const longest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length)) + 2;
  const name = longest([words.columns.instance, ...all.map((it) => it.name)]);
  const policy = longest([words.columns.policy, ...all.map((it) => it.policy ?? '')]);
  const datastore = columns >= WIDE ? longest(all.map((it) => it.datastore)) : 0;
  const chains = columns - 3 - name - policy - datastore - NEXT_WIDTH - AGE_WIDTH - 1;
  const most = Math.max(0, ...all.map(({ marks }) => marks.length));
  return { name, policy, datastore, chains, links: columns >= WIDE && most * 3 < chains ? 2 : 1 };
}

function titles({ name, datastore, policy, chains }: Columns, { words: { columns: title } }: Speech): Line {
  const text = `   ${cell(title.instance, name)}${' '.repeat(datastore)}${cell(title.policy, policy)}${cell(title.chains, chains)}`;
  return [
    { text: `${text}${cell(title.next, NEXT_WIDTH, 'right')}${cell(title.age, AGE_WIDTH, 'right')}`, ink: 'faint' },
  ];
}

/** The instances by project, with what they have. */
export function table(picture: Picture, frame: Frame, speech: Speech): readonly Line[] {
  const { nowUtc, projects } = picture;
  const columns = columnsOf(picture, frame, speech);
  const rows = projects.flatMap(({ name, instances }) => [
    ...(frame.rows >= TALL ? [[]] : []),
    [{ text: ` ${name}`, ink: 'strong' }] as const,
    ...instances.map((it) => row(it, nowUtc, columns, frame, speech)),
  ]);
  return [titles(columns, speech), ...rows];
}

function row(it: Standing, nowUtc: number, columns: Columns, frame: Frame, speech: Speech): Line {
  const ink: Ink = it.gone ? 'faint' : 'plain';
  const start: Line = [
    { text: `   ${cell(it.name, columns.name)}`, ink },
    { text: cell(it.datastore, columns.datastore), ink: 'faint' },
    { text: cell(it.policy ?? '–', columns.policy), ink: 'faint' },
  ];
  if (it.policy === null) {
    const text = it.because ? reasonText(it.because, speech) : it.gone ? speech.words.gone : speech.words.unseen;
    return [...start, { text, ink: 'faint' }];
  }
  const chains = fitLine(drawChains(it.marks, columns.chains - 1, columns.links, frame.turn), columns.chains);
  return [...start, ...chains, ...ends(it, nowUtc, speech)];
}

function ends({ gone, nextSlotUtc, newestPointUtc, late }: Standing, nowUtc: number, { words }: Speech): Line {
  const due = nextSlotUtc === null ? '' : nextSlotUtc <= nowUtc ? words.now : words.inTime(span(nextSlotUtc - nowUtc));
  const age = newestPointUtc === null ? '–' : span(nowUtc - newestPointUtc);
  return [
    { text: cell(gone ? words.gone : due, NEXT_WIDTH, 'right'), ink: 'faint' },
    { text: cell(age, AGE_WIDTH, 'right'), ink: late ? 'bad' : gone ? 'faint' : 'plain' },
  ];
}

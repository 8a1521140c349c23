import { because, explain, type Language, type Reason } from '../../lib/core/index.ts';
import type { Action } from './story.ts';
import type { Words } from './words/index.ts';

export type Tone = 'plain' | 'story' | 'good' | 'bad';
export type Facts = Readonly<Record<string, unknown>>;

export interface Sentence {
  readonly text: string;
  readonly tone: Tone;
}

export interface Speech {
  readonly language: Language;
  readonly words: Words;
  /** The name of an instance or another id, shorter than it. */
  readonly nameOf: (id: string) => string;
}

type Tell = (facts: Facts, speech: Speech) => string;

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<![/0-9a-f])[0-9a-f]{32}\b/g;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (value: number): string => String(value).padStart(2, '0');

/** `24 Oct 23:05`, in Vietnamese `24/10 23:05` */
export function stamp(utc: number, language: Language): string {
  const at = new Date(utc);
  const month = at.getUTCMonth();
  const date = language === 'vi' ? `/${two(month + 1)}` : ` ${MONTHS[month]}`;
  return `${two(at.getUTCDate())}${date} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** A reason as one sentence, with names for ids. */
export const reasonText = (reason: Reason, { language, nameOf }: Speech): string =>
  explain(reason, language).replaceAll(ID, nameOf);

const reason =
  (field: string): Tell =>
  (facts, speech) =>
    reasonText(facts[field] as Reason, speech);

const isoStamp = (iso: unknown, { language }: Speech): string => stamp(Date.parse(String(iso)), language);

/** The daemon's log, as people would tell it. An event that is not here is not told. */
const TOLD: Readonly<Record<string, readonly [Tone, Tell]>> = {
  'schedule.assigned': ['plain', assigned],
  'schedule.changed': ['plain', reason('because')],
  'schedule.excluded': ['plain', reason('because')],
  'instance.gone': ['plain', (_facts, speech) => reasonText(because('instance-gone', {}), speech)],
  'instance.late': ['bad', (facts, speech) => speech.words.overdue(isoStamp(facts['newest'], speech))],
  'instance.unprotected': ['bad', (_facts, { words }) => words.overdue(null)],
  'instance.recovered': ['good', (_facts, { words }) => words.recovered],
  'run.submitted': ['plain', reason('why')],
  'run.waiting': ['plain', reason('because')],
  'run.skipped': ['bad', reason('because')],
  'run.expired': ['bad', reason('because')],
  'run.failed': ['bad', reason('because')],
  'run.aborted': ['bad', reason('because')],
  'run.unknown': ['bad', (facts, speech) => (facts['because'] ? reason('because')(facts, speech) : '')],
  'run.adopted': [
    'good',
    (facts, speech) => reasonText(because('adopted', { backup: String(facts['backup']) }), speech),
  ],
  'run.revived': ['good', (facts, { words, nameOf }) => words.revived(nameOf(String(facts['backup'])))],
  'run.missed': ['bad', (facts, { words }) => words.missedSlots(Number(facts['slots']))],
  'prune.deleted': ['plain', reason('because')],
  'bus.bound': ['good', (_facts, { words }) => words.bus.bound],
  'bus.lost': ['bad', (_facts, { words }) => words.bus.lost],
  'reconcile.failed': ['bad', (facts, speech) => speech.words.cloud(reason('because')(facts, speech))],
  'track.failed': ['bad', (facts, speech) => speech.words.cloud(reason('because')(facts, speech))],
  'reconcile.mass_vanish': ['bad', (_facts, { words }) => words.vanished],
  'task.failed': ['bad', (facts, { words }) => words.fault(`${facts['task']}: ${facts['err']}`)],
};

function assigned(facts: Facts, speech: Speech): string {
  return `${reason('because')(facts, speech)} ${speech.words.firstSlot(isoStamp(facts['nextSlot'], speech))}`;
}

/** null for what is not worth telling. */
export function tell(event: string, facts: Facts, speech: Speech): Sentence | null {
  const told = TOLD[event];
  const text = told?.[1](facts, speech) ?? '';
  return told && text !== '' ? { tone: told[0], text } : null;
}

export function announce(action: Action, { words }: Speech): Sentence {
  const { acts } = words;
  if (action.kind !== 'create') return { tone: 'story', text: acts[action.kind]() };
  const { datastore, replicaOf } = action;
  return { tone: 'story', text: replicaOf ? acts.replicate({ master: replicaOf }) : acts.create({ datastore }) };
}

import type { PolicyValues } from '../../http/contract/schedule.ts';
import { en } from './sentence-en.ts';
import { vi } from './sentence-vi.ts';

/** A piece of a sentence; `field` is the value that it tells, which has a source. */
export interface Part {
  readonly text: string;
  readonly field: keyof PolicyValues | null;
}
export type Keep = NonNullable<PolicyValues['keep']>;

/** The words of one language; each begins with what parts it from what is before. */
export interface SentenceWords {
  readonly every: (values: PolicyValues) => string;
  readonly window: (from: string, to: string) => string;
  readonly zone: (zone: string) => string;
  readonly fullsAlone: () => string;
  readonly fullOn: (day: string) => string;
  readonly fullEvery: (duration: string) => string;
  readonly most: (incrementals: number) => string;
  readonly keep: (keep: Keep) => string;
  readonly keepsAll: () => string;
}

const WORDS = { en, vi } as const satisfies Readonly<Record<string, SentenceWords>>;
export type SentenceLanguage = keyof typeof WORDS;

function fulls(values: PolicyValues, words: SentenceWords): readonly Part[] {
  if (values.max_incrementals === 0) return [{ text: words.fullsAlone(), field: 'max_incrementals' }];
  const begin: Part =
    values.full_on === null
      ? { text: words.fullEvery(values.full_every), field: 'full_every' }
      : { text: words.fullOn(values.full_on), field: 'full_on' };
  return [begin, { text: words.most(values.max_incrementals), field: 'max_incrementals' }];
}

function times(values: PolicyValues, words: SentenceWords): readonly Part[] {
  const [from, to] = values.window?.split('-') ?? [];
  const isElapsed = values.every?.startsWith('P') ?? false;
  return [
    { text: words.every(values), field: values.every !== null ? 'every' : values.cron !== null ? 'cron' : 'rrule' },
    ...(from && to ? [{ text: words.window(from, to), field: 'window' as const }] : []),
    ...(values.zone !== null && (from || !isElapsed)
      ? [{ text: words.zone(values.zone), field: 'zone' as const }]
      : []),
  ];
}

/** "Every day between 22:00 and 06:00 Asia/Ho_Chi_Minh, a full each Sunday, kept 7 days." */
export function sentenceOf(values: PolicyValues, language: SentenceLanguage): readonly Part[] {
  const words = WORDS[language];
  return [
    ...times(values, words),
    ...fulls(values, words),
    { text: values.keep === null ? words.keepsAll() : words.keep(values.keep), field: 'keep' },
    { text: '.', field: null },
  ];
}

/** What is kept, alone and without what parts it from a sentence. */
export const keepWords = (keep: Keep, language: SentenceLanguage): string =>
  WORDS[language].keep(keep).replace(/^[,;]? ?(it keeps |kept |giữ )?/, '');

import { durationWords, unitWords } from './duration.ts';
import type { Keep, SentenceWords } from './sentence.ts';

const DAYS: Readonly<Record<string, string>> = {
  mon: 'each Monday',
  tue: 'each Tuesday',
  wed: 'each Wednesday',
  thu: 'each Thursday',
  fri: 'each Friday',
  sat: 'each Saturday',
  sun: 'each Sunday',
  spread: 'once a week, on a weekday of its own',
};

const list = (items: readonly string[]): string =>
  new Intl.ListFormat('en', { style: 'long', type: 'conjunction' }).format(items);

function kept(keep: Keep): string {
  const some: string[] = [];
  if (keep.within !== undefined) some.push(`all of the last ${durationWords(keep.within, 'en')}`);
  if (keep.last !== undefined) some.push(`the newest ${keep.last}`);
  if (keep.daily !== undefined) some.push(`one a day for ${unitWords(keep.daily, 'day', 'en')}`);
  if (keep.weekly !== undefined) some.push(`one a week for ${unitWords(keep.weekly, 'week', 'en')}`);
  if (keep.monthly !== undefined) some.push(`one a month for ${unitWords(keep.monthly, 'month', 'en')}`);
  if (keep.yearly !== undefined) some.push(`one a year for ${unitWords(keep.yearly, 'year', 'en')}`);
  return `; it keeps ${list(some)}`;
}

export const en: SentenceWords = {
  every: ({ every, cron, rrule }) => {
    if (every === 'day' || every === 'P1D') return 'Every day';
    if (every === 'week') return 'Every week';
    if (every !== null) return `Every ${durationWords(every, 'en')}`;
    return cron === null ? `By the rule ${rrule}` : `At the times of "${cron}"`;
  },
  window: (from, to) => ` between ${from} and ${to}`,
  zone: (zone) => ` ${zone}`,
  fullsAlone: () => ', each a full',
  fullOn: (day) => `, a full ${DAYS[day] ?? day}`,
  fullEvery: (duration) => `, a full every ${durationWords(duration, 'en')}`,
  most: (incrementals) => (incrementals === 1 ? ' or after 1 incremental' : ` or after ${incrementals} incrementals`),
  keep: (keep) => {
    const isPlain = keep.within !== undefined && Object.values(keep).filter((it) => it !== undefined).length === 1;
    return isPlain ? `, kept ${durationWords(keep.within ?? '', 'en')}` : kept(keep);
  },
  keepsAll: () => ', and nothing is ever deleted',
};

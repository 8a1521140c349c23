import { InvalidInput } from './errors.ts';

/** The parts of an RFC 5545 recurrence rule, checked against each other as its section 3.3.10 asks. */
export interface RuleParts {
  readonly freq: Frequency;
  readonly interval: number;
  /** 1 to 12. */
  readonly months: readonly number[];
  /** Negative ones count from the end, here and below. */
  readonly weekNumbers: readonly number[];
  readonly yearDays: readonly number[];
  readonly monthDays: readonly number[];
  /** 0 for Monday; `nth` of the month or the year, null for each. */
  readonly weekdays: readonly { readonly weekday: number; readonly nth: number | null }[];
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
  readonly positions: readonly number[];
  readonly weekStart: number;
}

const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** Parts with a list of numbers: the least and the most of each, without its sign where it may have one. */
const LISTS = {
  BYMONTH: { least: 1, most: 12, signed: false },
  BYWEEKNO: { least: 1, most: 53, signed: true },
  BYYEARDAY: { least: 1, most: 366, signed: true },
  BYMONTHDAY: { least: 1, most: 31, signed: true },
  BYHOUR: { least: 0, most: 23, signed: false },
  BYMINUTE: { least: 0, most: 59, signed: false },
  BYSECOND: { least: 0, most: 59, signed: false },
  BYSETPOS: { least: 1, most: 366, signed: true },
} as const;
type ListPart = keyof typeof LISTS;

const KNOWN: ReadonlySet<string> = new Set(['FREQ', 'INTERVAL', 'BYDAY', 'WKST', ...Object.keys(LISTS)]);

/** Parts that RFC 5545 has and a schedule cannot use. */
const REFUSED: Readonly<Record<string, string>> = {
  COUNT: 'a schedule has no end; remove COUNT',
  UNTIL: 'a schedule has no end; remove UNTIL',
  DTSTART: 'every rule is counted from 2001-01-01 00:00 in the zone; remove DTSTART and name the time with BYHOUR',
};

/** Which parts go with which frequencies only. RFC 5545, 3.3.10. */
const ONLY_WITH: readonly (readonly [part: string, frequencies: readonly Frequency[]])[] = [
  ['BYWEEKNO', ['YEARLY']],
  ['BYYEARDAY', ['YEARLY', 'HOURLY']],
  ['BYMONTHDAY', ['YEARLY', 'MONTHLY', 'DAILY', 'HOURLY']],
];

const ascending = (values: readonly number[]): readonly number[] => [...new Set(values)].sort((a, b) => a - b);

/** The parts as they stand in the text, by name. */
function split(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const piece of text
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')) {
    const [name = '', value = '', ...rest] = piece.split('=');
    const why = REFUSED[name.replace(/[:\s].*$/s, '')];
    if (why !== undefined) throw new InvalidInput(why);
    if (value === '' || rest.length > 0) throw new InvalidInput(`"${piece}" is no part of a rule; write NAME=VALUE;…`);
    if (!KNOWN.has(name)) throw new InvalidInput(`${name} is no part of a rule; known are ${[...KNOWN].join(', ')}`);
    if (parts.has(name)) throw new InvalidInput(`${name} stands there twice; join its values with commas`);
    parts.set(name, value);
  }
  return parts;
}

function frequency(value: string | undefined): Frequency {
  if (value === 'MINUTELY' || value === 'SECONDLY') {
    throw new InvalidInput(`FREQ=${value} comes too often for backups; use "every" with a duration such as 10m`);
  }
  const found = FREQUENCIES.find((known) => known === value);
  if (!found) throw new InvalidInput(`FREQ is ${value ?? 'missing'}; it must be one of ${FREQUENCIES.join(', ')}`);
  return found;
}

function interval(value = '1'): number {
  const number = Number(value);
  if (/^\d{1,5}$/.test(value) && number >= 1) return number;
  throw new InvalidInput(`INTERVAL=${value} is no interval; write a whole number from 1 on`);
}

function numbers(part: ListPart, value: string | undefined): readonly number[] {
  if (value === undefined) return [];
  const { least, most, signed } = LISTS[part];
  return ascending(
    value.split(',').map((text) => {
      const number = Number(text);
      const size = signed ? Math.abs(number) : number;
      if (/^[+-]?\d{1,3}$/.test(text) && size >= least && size <= most) return number;
      const range = `${least} to ${most}${signed ? ', or the same with a minus to count from the end' : ''}`;
      throw new InvalidInput(`${part}=${text} is out of range; write ${range}`);
    }),
  );
}

function weekdays(value: string | undefined, freq: Frequency): RuleParts['weekdays'] {
  if (value === undefined) return [];
  return value.split(',').map((text) => {
    const found = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text);
    const weekday = WEEKDAYS.indexOf(found?.[2] ?? '');
    if (!found || weekday < 0) throw new InvalidInput(`BYDAY=${text} is no weekday; write MO, or 2MO for the second`);
    if (found[1] === undefined) return { weekday, nth: null };
    const nth = Number(found[1]);
    if (freq !== 'YEARLY' && freq !== 'MONTHLY') {
      throw new InvalidInput(
        `BYDAY=${text} counts weekdays, which goes with FREQ=MONTHLY or YEARLY; write ${found[2]}`,
      );
    }
    if (nth === 0 || Math.abs(nth) > (freq === 'MONTHLY' ? 5 : 53)) {
      throw new InvalidInput(`BYDAY=${text} is out of range; a month has at most 5 of a weekday, a year 53`);
    }
    return { weekday, nth };
  });
}

function weekStart(value = 'MO'): number {
  const found = WEEKDAYS.indexOf(value);
  if (found < 0) throw new InvalidInput(`WKST=${value} is no weekday; write one of ${WEEKDAYS.join(', ')}`);
  return found;
}

function checkTogether(parts: ReadonlyMap<string, string>, freq: Frequency): void {
  for (const [part, frequencies] of ONLY_WITH) {
    if (!parts.has(part) || frequencies.includes(freq)) continue;
    throw new InvalidInput(`${part} does not go with FREQ=${freq}, only with ${frequencies.join(', ')}`);
  }
  if (parts.has('BYWEEKNO') && /\d/.test(parts.get('BYDAY') ?? '')) {
    throw new InvalidInput('BYWEEKNO does not go with counted weekdays; write BYDAY without numbers');
  }
  const others = [...parts.keys()].some((part) => part.startsWith('BY') && part !== 'BYSETPOS');
  if (parts.has('BYSETPOS') && !others) {
    throw new InvalidInput('BYSETPOS picks among what another BY… part names; add one, such as BYDAY');
  }
}

/** What a rule without days means if it begins on Monday, 1 January. */
function defaultDays(rule: RuleParts): RuleParts {
  const { freq, weekNumbers, yearDays, monthDays, weekdays: days, months } = rule;
  if ([weekNumbers, yearDays, monthDays, days].some((list) => list.length > 0)) return rule;
  if (freq === 'YEARLY') return { ...rule, months: months.length > 0 ? months : [1], monthDays: [1] };
  if (freq === 'MONTHLY') return { ...rule, monthDays: [1] };
  return freq === 'WEEKLY' ? { ...rule, weekdays: [{ weekday: 0, nth: null }] } : rule;
}

const orElse = (values: readonly number[], otherwise: readonly number[]): readonly number[] =>
  values.length > 0 ? values : otherwise;
const EVERY_HOUR = Array.from({ length: 24 }, (_, hour) => hour);

/** @throws InvalidInput with what to do about it. */
export function parseRrule(text: string): RuleParts {
  const parts = split(text.trim());
  const freq = frequency(parts.get('FREQ'));
  checkTogether(parts, freq);
  const list = (part: ListPart): readonly number[] => numbers(part, parts.get(part));
  return defaultDays({
    freq,
    interval: interval(parts.get('INTERVAL')),
    months: list('BYMONTH'),
    weekNumbers: list('BYWEEKNO'),
    yearDays: list('BYYEARDAY'),
    monthDays: list('BYMONTHDAY'),
    weekdays: weekdays(parts.get('BYDAY'), freq),
    hours: orElse(list('BYHOUR'), freq === 'HOURLY' ? EVERY_HOUR : [0]),
    minutes: orElse(list('BYMINUTE'), [0]),
    seconds: orElse(list('BYSECOND'), [0]),
    positions: list('BYSETPOS'),
    weekStart: weekStart(parts.get('WKST')),
  });
}

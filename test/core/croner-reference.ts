import { Cron, CronPattern } from 'croner';
import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { DAY, HOUR, MINUTE, SECOND } from './builders.ts';

/**
 * What croner says of a pattern in a zone, put under our law for changing clocks. The two differ for patterns of several
 * times a day alone, at two places: croner leaves out times that clocks skip, where ours move to the end of the gap; and
 * it takes times that clocks show twice both times, where ours take the first.
 */
export interface Change {
  readonly atUtc: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

// Clocks of old had seconds in their offsets, which luxon gives as parts of a minute.
export const offsetMs = (zone: IANAZone, instant: number): number => Math.round(zone.offset(instant) * MINUTE);

/** The first whole second in (low, high] from which `holds` is true; it must change once. */
export function turn(low: number, high: number, holds: (instant: number) => boolean): number {
  let [before, after] = [low, high];
  while (after - before > SECOND) {
    const middle = Math.floor((before + after) / 2 / SECOND) * SECOND;
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}

/** What luxon's offsets alone say of a local time: the first instant that shows it, else the first after the gap. */
export function localInstant(zone: IANAZone, local: number): number {
  const offsets = new Set<number>();
  for (let hours = -36; hours <= 36; hours += 1) offsets.add(offsetMs(zone, local + hours * HOUR));
  const showing = [...offsets].map((offset) => local - offset).filter((t) => t + offsetMs(zone, t) === local);
  if (showing.length > 0) return Math.min(...showing);
  const span = Math.max(...offsets) - Math.min(...offsets);
  const [low, high] = [local - Math.max(...offsets) - span, local - Math.min(...offsets) + span];
  return turn(low, high, (t) => t + offsetMs(zone, t) > local);
}

const yearOf = (instant: number): number => new Date(instant).getUTCFullYear();
const known = new Map<string, readonly Change[]>();

/** Where luxon's offset changes in a year, looking at each fifth day. */
export function changesOf(name: string, year: number): readonly Change[] {
  const key = `${name} ${year}`;
  const made = known.get(key);
  if (made) return made;
  const zone = IANAZone.create(name);
  const found: Change[] = [];
  for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 5 * DAY) {
    const beforeMs = offsetMs(zone, day);
    if (offsetMs(zone, day + 5 * DAY) === beforeMs) continue;
    const atUtc = turn(day, day + 5 * DAY, (instant) => offsetMs(zone, instant) !== beforeMs);
    found.push({ atUtc, beforeMs, afterMs: offsetMs(zone, atUtc) });
  }
  known.set(key, found);
  return found;
}

function changesBetween(name: string, from: number, to: number): readonly Change[] {
  const found: Change[] = [];
  for (let year = yearOf(from - DAY); year <= yearOf(to + DAY); year += 1) found.push(...changesOf(name, year));
  return found;
}

export class CronerReference {
  readonly #zone: string;
  readonly #cron: Cron;
  readonly #floating: Cron;
  readonly #several: boolean;

  constructor(rule: string, zone: string) {
    this.#zone = zone;
    this.#cron = new Cron(rule, { timezone: zone, mode: '5-or-6-parts' });
    this.#floating = new Cron(rule, { timezone: 'UTC', mode: '5-or-6-parts' });
    this.#several = !new CronPattern(rule, undefined, { mode: '5-or-6-parts' }).isFixedTime;
  }

  /** croner's own answer. */
  plain(after: number): number {
    return this.#cron.nextRun(new Date(after))?.getTime() ?? Number.NaN;
  }

  /** croner's answer under our law. */
  next(after: number): number {
    let found = this.plain(after);
    if (!this.#several) return found;
    for (let end = this.#secondTimeEnd(found); end !== null; end = this.#secondTimeEnd(found)) {
      found = this.plain(end - SECOND);
    }
    const moved = changesBetween(this.#zone, after, found)
      .filter((change) => change.atUtc > after && change.atUtc < found && this.#namesSkipped(change))
      .map(({ atUtc }) => atUtc);
    return Math.min(found, ...moved);
  }

  /** When clocks will have shown again all that they show for the second time at an instant, if they do. */
  #secondTimeEnd(instant: number): number | null {
    const change = changesBetween(this.#zone, instant, instant).find(
      ({ atUtc, beforeMs, afterMs }) => atUtc <= instant && instant < atUtc + beforeMs - afterMs,
    );
    return change ? change.atUtc + change.beforeMs - change.afterMs : null;
  }

  #namesSkipped({ atUtc, beforeMs, afterMs }: Change): boolean {
    const [from, to] = [atUtc + beforeMs, atUtc + afterMs];
    const named = this.#floating.nextRun(new Date(from - SECOND))?.getTime() ?? Number.NaN;
    return named < to;
  }
}

const number = (least: number, most: number) => fc.integer({ min: least, max: most });
const pair = (least: number, most: number) =>
  fc.tuple(number(least, most), number(least, most)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const range = (least: number, most: number) => pair(least, most).map(([a, b]) => `${a}-${b}`);
const step = (most: number) => fc.integer({ min: 1, max: most });

/** A field's forms: a star, a number, ranges, steps, lists; stars often, or there would be few slots. */
function field(least: number, most: number): fc.Arbitrary<string> {
  const part = fc.oneof(
    number(least, most).map(String),
    range(least, most),
    fc.tuple(range(least, most), step(most)).map(([text, by]) => `${text}/${by}`),
    step(most).map((by) => `*/${by}`),
  );
  return fc.oneof(
    fc.constant('*'),
    number(least, most).map(String),
    fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
  );
}

const day = fc.oneof(
  { weight: 6, arbitrary: field(1, 31) },
  { weight: 1, arbitrary: fc.constantFrom('L', 'LW', '15W', '1W', '31W', '1,L', '?') },
);
const month = fc.oneof(
  { weight: 6, arbitrary: field(1, 12) },
  { weight: 1, arbitrary: fc.constantFrom('JAN', 'feb', 'MAR-MAY', 'JUN,DEC', '*') },
);
const weekday = fc.oneof(
  { weight: 6, arbitrary: field(0, 7) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'SUN',
      'mon-fri',
      'MON#2',
      'FRI#L',
      '5L',
      '1#1,3#3',
      'SAT,SUN',
      '7',
      '+MON',
      '+1-5',
      '?',
    ),
  },
);
const fields = fc.tuple(fc.option(field(0, 59)), field(0, 59), field(0, 23), day, month, weekday);

/** The years after which the calendar repeats itself. */
const CALENDAR = Array.from({ length: 28 }, (_, index) => 2001 + index);

/** Patterns that croner takes and that come within ten years. */
export const cronRules: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 20, arbitrary: fields.map((parts) => parts.filter((part) => part !== null).join(' ')) },
    { weight: 1, arbitrary: fc.constantFrom('@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly') },
  )
  .filter((rule) => {
    const cron = new Cron(rule, { timezone: 'UTC', mode: '5-or-6-parts' });
    const silent = (year: number): boolean =>
      !((cron.nextRun(new Date(Date.UTC(year, 0, 1)))?.getTime() ?? Number.NaN) < Date.UTC(year + 9, 0, 1));
    return !CALENDAR.some(silent);
  });

/** The zones with the strangest clocks, which chance alone would seldom pick. */
export const ODD_ZONES = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'Africa/Monrovia',
  'America/Caracas',
  'America/Santiago',
  'America/Sao_Paulo',
  'Antarctica/Troll',
  'Asia/Gaza',
  'Asia/Pyongyang',
  'Australia/Lord_Howe',
  'Europe/Istanbul',
  'Pacific/Apia',
  'Pacific/Kwajalein',
];
export const zones = fc.oneof(fc.constantFrom(...ODD_ZONES), fc.constantFrom(...Intl.supportedValuesOf('timeZone')));

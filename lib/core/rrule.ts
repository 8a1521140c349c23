import { DAY_MS, modulo, monthOf, monthStart, weekdayOf } from './civil.ts';
import { InvalidInput } from './errors.ts';
import { type Gaps, LONGEST_SILENCE_DAYS, type LocalRule, RULE_EPOCH, remembered } from './local-rule.ts';
import { parseRrule, type RuleParts } from './rrule-parts.ts';

/**
 * RFC 5545 recurrence rules over local time, as if DTSTART were 2001-01-01 00:00 local, a Monday. A period of the rule's
 * frequency has a set of days, each with a set of times; BYSETPOS picks among them.
 */
const HOUR_MS = 3_600_000;
const EPOCH_DAY = RULE_EPOCH / DAY_MS;
/** The calendar repeats itself after them; denser rules are measured over less. */
const MEASURED_DAYS = 28 * 366;
const MOST_MEASURED = 100_000;

const includes = (wanted: readonly number[], value: number, length: number): boolean =>
  wanted.includes(value) || wanted.includes(value - length - 1);

/** The number of a day's week, and how many weeks its year has: week 1 is the first with four days in the year. */
function weekOf(day: number, weekStart: number): { readonly week: number; readonly weeks: number } {
  const firstOf = (year: number): number => {
    const january4 = monthStart(year * 12) + 3;
    return january4 - modulo(weekdayOf(january4) - weekStart, 7);
  };
  let year = Math.floor(monthOf(day) / 12);
  if (day < firstOf(year)) year -= 1;
  else if (day >= firstOf(year + 1)) year += 1;
  const first = firstOf(year);
  return { week: Math.floor((day - first) / 7) + 1, weeks: (firstOf(year + 1) - first) / 7 };
}

/** `2MO`: the second Monday of the month or year that begins at `start` and has `length` days. */
function isNth(nth: number, day: number, start: number, length: number): boolean {
  const into = day - start;
  return nth > 0 ? Math.floor(into / 7) + 1 === nth : Math.floor((length - 1 - into) / 7) + 1 === -nth;
}

function matchesWeekday(parts: RuleParts, day: number, month: number): boolean {
  // Of the year only where no month is named. RFC 5545, 3.3.10, the notes below its table.
  const ofYear = parts.freq === 'YEARLY' && parts.months.length === 0;
  const first = ofYear ? Math.floor(month / 12) * 12 : month;
  const start = monthStart(first);
  const length = monthStart(first + (ofYear ? 12 : 1)) - start;
  return parts.weekdays.some(
    ({ weekday, nth }) => weekday === weekdayOf(day) && (nth === null || isNth(nth, day, start, length)),
  );
}

function matchesDay(parts: RuleParts, day: number): boolean {
  const month = monthOf(day);
  if (parts.months.length > 0 && !parts.months.includes(modulo(month, 12) + 1)) return false;
  if (parts.monthDays.length > 0) {
    const start = monthStart(month);
    if (!includes(parts.monthDays, day - start + 1, monthStart(month + 1) - start)) return false;
  }
  if (parts.yearDays.length > 0) {
    const january = Math.floor(month / 12) * 12;
    const start = monthStart(january);
    if (!includes(parts.yearDays, day - start + 1, monthStart(january + 12) - start)) return false;
  }
  if (parts.weekNumbers.length > 0) {
    const { week, weeks } = weekOf(day, parts.weekStart);
    if (!includes(parts.weekNumbers, week, weeks)) return false;
  }
  return parts.weekdays.length === 0 || matchesWeekday(parts, day, month);
}

/** How a frequency counts its periods, and the first millisecond of each. */
interface Periods {
  of(local: number): number;
  start(period: number): number;
}

function periodsOf({ freq, weekStart }: RuleParts): Periods {
  switch (freq) {
    case 'YEARLY':
      return {
        of: (local) => Math.floor(monthOf(Math.floor(local / DAY_MS)) / 12),
        start: (year) => monthStart(year * 12) * DAY_MS,
      };
    case 'MONTHLY':
      return { of: (local) => monthOf(Math.floor(local / DAY_MS)), start: (month) => monthStart(month) * DAY_MS };
    case 'WEEKLY': {
      // 1969-12-29 is a Monday.
      const first = weekStart - 3;
      return {
        of: (local) => Math.floor((Math.floor(local / DAY_MS) - first) / 7),
        start: (week) => (first + week * 7) * DAY_MS,
      };
    }
    case 'DAILY':
      return { of: (local) => Math.floor(local / DAY_MS), start: (day) => day * DAY_MS };
    case 'HOURLY':
      return { of: (local) => Math.floor(local / HOUR_MS), start: (hour) => hour * HOUR_MS };
  }
}

class RecurrenceRule implements LocalRule {
  readonly #parts: RuleParts;
  readonly #periods: Periods;
  readonly #phase: number;
  /** The period asked for last, since a year of days is long to look through. */
  #latest: { readonly period: number; readonly times: readonly number[] } | null = null;
  readonly gaps: Gaps;

  constructor(parts: RuleParts) {
    this.#parts = parts;
    this.#periods = periodsOf(parts);
    this.#phase = modulo(this.#periods.of(RULE_EPOCH), parts.interval);
    this.gaps = this.#measure();
  }

  #times(period: number): readonly number[] {
    if (this.#latest?.period !== period) this.#latest = { period, times: this.#find(period) };
    return this.#latest.times;
  }

  /** All times of a period, in order. */
  #find(period: number): readonly number[] {
    const { hours, minutes, seconds, positions } = this.#parts;
    const [from, to] = [this.#periods.start(period), this.#periods.start(period + 1)];
    const found: number[] = [];
    for (let day = Math.floor(from / DAY_MS); day * DAY_MS < to; day++) {
      if (!matchesDay(this.#parts, day)) continue;
      for (const hour of hours) {
        const base = day * DAY_MS + hour * HOUR_MS;
        if (base < from || base >= to) continue;
        for (const minute of minutes) for (const second of seconds) found.push(base + minute * 60_000 + second * 1000);
      }
    }
    if (positions.length === 0) return found;
    return found.filter((_, index) => includes(positions, index + 1, found.length));
  }

  next(after: number): number | null {
    const { interval, freq } = this.#parts;
    const current = this.#periods.of(after);
    let period = current - modulo(current - this.#phase, interval);
    const last = after + LONGEST_SILENCE_DAYS * DAY_MS;
    for (let start = this.#periods.start(period); start <= last; start = this.#periods.start(period)) {
      const found = this.#times(period).find((time) => time > after);
      if (found !== undefined) return found;
      period += interval;
      if (freq !== 'HOURLY' || matchesDay(this.#parts, Math.floor(start / DAY_MS))) continue;
      // None of the day's hours will do.
      const tomorrow = this.#periods.of((Math.floor(start / DAY_MS) + 1) * DAY_MS);
      period += Math.max(0, Math.ceil((tomorrow - period) / interval)) * interval;
    }
    return null;
  }

  #measure(): Gaps {
    let [shortestMs, longestMs] = [Number.POSITIVE_INFINITY, 0];
    let before = this.next(RULE_EPOCH - 1);
    for (let count = 0; count < MOST_MEASURED && before !== null; count++) {
      if (before > (EPOCH_DAY + MEASURED_DAYS) * DAY_MS) break;
      const time = this.next(before);
      const gap = time === null ? Number.POSITIVE_INFINITY : time - before;
      shortestMs = Math.min(shortestMs, gap);
      longestMs = Math.max(longestMs, gap);
      before = time;
    }
    return before === null ? { shortestMs, longestMs: Number.POSITIVE_INFINITY } : { shortestMs, longestMs };
  }
}

function readRrule(text: string): LocalRule {
  const rule = new RecurrenceRule(parseRrule(text));
  if (rule.gaps.longestMs < Number.POSITIVE_INFINITY) return rule;
  throw new InvalidInput(`rrule "${text}" never comes, or not once in ten years; change its BY… parts or its INTERVAL`);
}

/**
 * The value of an RRULE without DTSTART, COUNT and UNTIL: `FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=3`.
 * @throws InvalidInput
 */
export const recurrenceRule = remembered(readRrule);

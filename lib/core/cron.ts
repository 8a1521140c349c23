import { CronPattern } from 'croner';
import { DAY_MS, modulo, monthOf, monthStart, weekdayOf } from './civil.ts';
import { InvalidInput } from './errors.ts';
import { type Gaps, LONGEST_SILENCE_DAYS, type LocalRule, RULE_EPOCH, remembered } from './local-rule.ts';

/**
 * Cron patterns as croner reads them, answered from tables. Which days of a month match depends on nothing but its length
 * and the weekday it begins with, so 28 masks of 31 bits say it for all months. The only file that imports croner.
 */
const DAY_S = 86_400;
/** A leap year's day may be eight years away, and the calendar as a whole repeats itself after 28. */
const LONGEST_SILENCE_MONTHS = Math.ceil(LONGEST_SILENCE_DAYS / 30);
const GAPS_OVER_DAYS = 28 * 366;

/** Which value is the first at or after each: -1 where none is left. */
type FirstFrom = Int8Array;

function firstFrom(wanted: readonly number[]): FirstFrom {
  const table = new Int8Array(wanted.length + 1).fill(-1);
  for (let value = wanted.length - 1; value >= 0; value--)
    table[value] = wanted[value] ? value : (table[value + 1] ?? -1);
  return table;
}

/** The nearest of Monday to Friday in the same month. `first` is the month's first weekday, 0 for Monday. */
function nearestWorkday(day: number, first: number, length: number): number {
  const weekday = (first + day - 1) % 7;
  if (weekday === 5) return day === 1 ? 3 : day - 1;
  if (weekday === 6) return day === length ? day - 2 : day + 1;
  return day;
}

function lastWorkday(first: number, length: number): number {
  return length - Math.max(0, ((first + length - 1) % 7) - 4);
}

function matchesDay(pattern: CronPattern, day: number, first: number, length: number): boolean {
  const nearest = (wanted: number, index: number): boolean =>
    wanted !== 0 && index < length && nearestWorkday(index + 1, first, length) === day;
  const ofMonth =
    pattern.day[day - 1] === 1 ||
    pattern.nearestWeekdays.some(nearest) ||
    (pattern.lastWeekday && day === lastWorkday(first, length)) ||
    (pattern.lastDayOfMonth && day === length);
  if (pattern.starDOW) return ofMonth;
  // croner: a bit for each of the first five of its weekday in the month, and 32 for the last. Its weeks begin on Sunday.
  const bits = pattern.dayOfWeek[(first + day) % 7] ?? 0;
  const ofWeek = (bits & (1 << Math.floor((day - 1) / 7))) !== 0 || ((bits & 32) !== 0 && day + 7 > length);
  return pattern.useAndLogic || pattern.starDOM ? ofMonth && ofWeek : ofMonth || ofWeek;
}

/** At `first weekday × 4 + length − 28`, a bit for each day that matches. */
function dayMasks(pattern: CronPattern): Int32Array {
  const masks = new Int32Array(28);
  for (let index = 0; index < masks.length; index++) {
    const [first, length] = [index >> 2, 28 + (index & 3)];
    let mask = 0;
    for (let day = 1; day <= length; day++) if (matchesDay(pattern, day, first, length)) mask |= 1 << (day - 1);
    masks[index] = mask;
  }
  return masks;
}

class CronRule implements LocalRule {
  readonly #hours: FirstFrom;
  readonly #minutes: FirstFrom;
  readonly #seconds: FirstFrom;
  readonly #months: readonly number[];
  readonly #masks: Int32Array;
  /** The first second of a day that matches. */
  readonly #earliest: number;
  readonly gaps: Gaps;

  constructor(pattern: CronPattern) {
    this.#hours = firstFrom(pattern.hour);
    this.#minutes = firstFrom(pattern.minute);
    this.#seconds = firstFrom(pattern.second);
    this.#months = pattern.month;
    this.#masks = dayMasks(pattern);
    this.#earliest = this.#timeFrom(0);
    this.gaps = this.#measure();
  }

  /** The first second of a day at or after one, or -1. */
  #timeFrom(from: number): number {
    let hour = Math.floor(from / 3600);
    const [firstMinute, firstSecond] = [this.#minutes[0] ?? 0, this.#seconds[0] ?? 0];
    if (this.#hours[hour] === hour) {
      let minute = Math.floor(from / 60) % 60;
      if (this.#minutes[minute] === minute) {
        const second = this.#seconds[from % 60] ?? -1;
        if (second >= 0) return hour * 3600 + minute * 60 + second;
        minute += 1;
      }
      const later = this.#minutes[minute] ?? -1;
      if (later >= 0) return hour * 3600 + later * 60 + firstSecond;
      hour += 1;
    }
    const later = this.#hours[hour] ?? -1;
    return later < 0 ? -1 : later * 3600 + firstMinute * 60 + firstSecond;
  }

  /** The first day at or after one, or null. */
  #dayFrom(from: number): number | null {
    const first = monthOf(from);
    for (let month = first; month < first + LONGEST_SILENCE_MONTHS; month++) {
      if (!this.#months[modulo(month, 12)]) continue;
      const start = monthStart(month);
      const length = monthStart(month + 1) - start;
      const mask = (this.#masks[weekdayOf(start) * 4 + length - 28] ?? 0) >>> Math.max(0, from - start);
      if (mask !== 0) return Math.max(start, from) + 31 - Math.clz32(mask & -mask);
    }
    return null;
  }

  next(after: number): number | null {
    const second = Math.floor(after / 1000) + 1;
    const today = Math.floor(second / DAY_S);
    const time = this.#timeFrom(second - today * DAY_S);
    const day = this.#dayFrom(time < 0 ? today + 1 : today);
    if (day === null) return null;
    return (day * DAY_S + (day === today ? time : this.#earliest)) * 1000;
  }

  #measure(): Gaps {
    let [shortest, longest, latest] = [DAY_S, 0, this.#earliest];
    for (let time = this.#timeFrom(latest + 1); time >= 0; time = this.#timeFrom(time + 1)) {
      shortest = Math.min(shortest, time - latest);
      longest = Math.max(longest, time - latest);
      latest = time;
    }
    const overnight = latest - this.#earliest;
    const start = RULE_EPOCH / DAY_MS;
    let before = this.#dayFrom(start);
    if (overnight === 0) shortest = Number.POSITIVE_INFINITY;
    while (before !== null && before < start + GAPS_OVER_DAYS) {
      const day = this.#dayFrom(before + 1);
      const gap = day === null ? Number.POSITIVE_INFINITY : (day - before) * DAY_S - overnight;
      shortest = Math.min(shortest, gap);
      longest = Math.max(longest, gap);
      before = day;
    }
    if (before === null) return { shortestMs: shortest * 1000, longestMs: Number.POSITIVE_INFINITY };
    return { shortestMs: shortest * 1000, longestMs: longest * 1000 };
  }
}

const FORM = 'write five fields (minute, hour, day, month, weekday) such as "30 2 * * sun", or six with seconds first';

function readCron(text: string): LocalRule {
  let pattern: CronPattern;
  try {
    pattern = new CronPattern(text, undefined, { mode: '5-or-6-parts' });
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    throw new InvalidInput(`"${text}" is no cron pattern; ${FORM} (${detail})`);
  }
  const rule = new CronRule(pattern);
  if (rule.gaps.longestMs < Number.POSITIVE_INFINITY) return rule;
  throw new InvalidInput(`cron "${text}" never comes, or not once in ten years; name days that its months have`);
}

/**
 * Five fields, or six with seconds first; also `@daily` and its like. With both days restricted, either is enough (a `+`
 * before the weekday asks for both); `L` is the last, `15W` the workday nearest to the 15th, `mon#2` the second Monday.
 * @throws InvalidInput
 */
export const cronRule = remembered(readCron);

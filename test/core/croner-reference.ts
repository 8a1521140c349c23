import { Cron, CronPattern } from 'croner';
import fc from 'fast-check';
import { SECOND } from './builders.ts';
import { type Change, changesBetween } from './luxon-clocks.ts';

/**
 * What croner says of a pattern in a zone, put under our law for changing clocks. The two differ for patterns of several
 * times a day alone, at two places: croner leaves out times that clocks skip, where ours move to the end of the gap; and
 * it takes times that clocks show twice both times, where ours take the first.
 */
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

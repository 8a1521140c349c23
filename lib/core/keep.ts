import { DAY_MS, monthOf, monthStart } from './civil.ts';
import { InvalidInput } from './errors.ts';
import { duration } from './explain/format.ts';
import type { DurationMs, Instant } from './model.ts';
import { because, type Reason } from './reason.ts';
import { agedSince, type Standstill } from './standstill.ts';
import { zoneOf } from './zone.ts';

/** Grandfather, father, son and the great-grandfather: of each period one recovery point is kept. */
export const PERIODS = ['daily', 'weekly', 'monthly', 'yearly'] as const;
export type Period = (typeof PERIODS)[number];

/** Which recovery points are kept. Any rule keeps by itself; what no rule wants may go. */
export type Keep = {
  /** A recovery window: every point of it, and the one that was the newest when it began. */
  readonly withinMs?: DurationMs;
  /** The newest so many. */
  readonly last?: number;
} & {
  /** Of the newest so many periods that have a point, one each. */
  readonly [P in Period]?: number;
};

/** A recovery point as the rules see it. */
export interface Candidate {
  readonly id: string;
  /** The time it is of: its slot's. */
  readonly atUtc: Instant;
  readonly isFull: boolean;
}

const MONTHS = 12;
/** Local days, from 1970-01-01, into periods and back to the first day of each. Weeks begin on Monday. */
const CALENDAR: Readonly<Record<Period, { of(day: number): number; start(period: number): number }>> = {
  daily: { of: (day) => day, start: (day) => day },
  weekly: { of: (day) => Math.floor((day + 3) / 7), start: (week) => week * 7 - 3 },
  monthly: { of: monthOf, start: monthStart },
  yearly: { of: (day) => Math.floor(monthOf(day) / MONTHS), start: (year) => monthStart(year * MONTHS) },
};

/** The first day, from 1970-01-01, of the period that a local day lies in. */
export const periodStart = (period: Period, day: number): number => CALENDAR[period].start(CALENDAR[period].of(day));

/** Which of its periods a local day lies in: whole numbers that grow with time. */
export const periodOf = (period: Period, day: number): number => CALENDAR[period].of(day);

export const localDay = (zone: string, instant: Instant): number =>
  Math.floor(zoneOf(zone).lastLocal(instant) / DAY_MS);

type Wants = (candidates: readonly Candidate[]) => Iterable<readonly [Candidate, Reason]>;

function* within(candidates: readonly Candidate[], withinMs: DurationMs, startUtc: Instant): ReturnType<Wants> {
  for (const candidate of candidates) {
    if (candidate.atUtc > startUtc) yield [candidate, because('kept-within', { withinMs })];
    else return yield [candidate, because('kept-window-start', { withinMs, startUtc })];
  }
}

function* last(candidates: readonly Candidate[], count: number): ReturnType<Wants> {
  for (const [index, candidate] of candidates.slice(0, count).entries()) {
    yield [candidate, because('kept-last', { place: index + 1, count })];
  }
}

/**
 * The first full of a period, or its first point where it has none: what is chosen once stays chosen, whatever comes
 * later in the period, and stands on nothing where it can.
 */
function standsFor(ofPeriod: readonly Candidate[]): Candidate | undefined {
  return ofPeriod.findLast(({ isFull }) => isFull) ?? ofPeriod.at(-1);
}

/** @param days the local day of each candidate */
function* ofPeriods(
  candidates: readonly Candidate[],
  days: readonly number[],
  period: Period,
  count: number,
): ReturnType<Wants> {
  const { of, start } = CALENDAR[period];
  const grouped = Map.groupBy(candidates, (_, index) => of(days[index] ?? Number.NaN));
  for (const [index, [which, ofPeriod]] of [...grouped].slice(0, count).entries()) {
    const chosen = standsFor(ofPeriod);
    const facts = { period, startDay: start(which), place: index + 1, count };
    if (chosen) yield [chosen, because('kept-period', facts)];
  }
}

/**
 * Every recovery point that a rule keeps, with all the rules that do.
 * @param candidates newest first
 * @param zone where days, weeks, months and years are told
 * @param standstills in which the window does not move on; numbers and periods do not go by age
 */
export function keptBy(
  candidates: readonly Candidate[],
  keep: Keep,
  zone: string,
  nowUtc: Instant,
  standstills: readonly Standstill[] = [],
): ReadonlyMap<string, readonly Reason[]> {
  const periods = PERIODS.flatMap((period) => {
    const count = keep[period];
    return count === undefined ? [] : [{ period, count }];
  });
  const days = periods.length === 0 ? [] : candidates.map(({ atUtc }) => localDay(zone, atUtc));
  const wanted = [
    ...(keep.withinMs === undefined
      ? []
      : within(candidates, keep.withinMs, agedSince(nowUtc, keep.withinMs, standstills))),
    ...(keep.last === undefined ? [] : last(candidates, keep.last)),
    ...periods.flatMap(({ period, count }) => [...ofPeriods(candidates, days, period, count)]),
  ];
  const byId = Map.groupBy(wanted, ([{ id }]) => id);
  return new Map([...byId].map(([id, rows]) => [id, rows.map(([, reason]) => reason)]));
}

/** Longer than anybody means. */
export const CENTURY_MS = 36_525 * DAY_MS;
const MOST = 10_000;

/**
 * Refuses rules that keep nothing, or more than anybody can mean.
 * @throws InvalidInput
 */
export function checkKeep(keep: Keep): void {
  const counts = (['last', ...PERIODS] as const).flatMap((rule) => {
    const count = keep[rule];
    return count === undefined ? [] : [{ rule, count }];
  });
  if (keep.withinMs === undefined && counts.length === 0) {
    throw new InvalidInput('keeps nothing; give at least one of within, last, daily, weekly, monthly and yearly');
  }
  for (const { rule, count } of counts) {
    if (Number.isInteger(count) && count >= 1 && count <= MOST) continue;
    throw new InvalidInput(
      `${rule}: ${count} is not a whole number from 1 to ${MOST}; leave ${rule} out to keep none by it`,
    );
  }
  const { withinMs } = keep;
  if (withinMs !== undefined && !(withinMs > 0 && withinMs <= CENTURY_MS)) {
    throw new InvalidInput(
      `within: ${duration(withinMs)} is not longer than nothing and at most ${duration(CENTURY_MS)}`,
    );
  }
}

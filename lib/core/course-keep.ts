import { cadenceZone } from './cadence.ts';
import type { Row } from './course-rows.ts';
import { localDay, PERIODS, periodOf } from './keep.ts';
import type { DurationMs, Instant } from './model.ts';
import type { Policy } from './policy.ts';
import type { Retention } from './retention.ts';

/**
 * The rules of retention without their reasons, over rows that know their days already: a forecast asks them millions of
 * times. `test/core/forecast.test.ts` holds them to the functions that decide.
 */
export class CourseKeep {
  readonly #retention: Retention | null;
  readonly #counts: readonly number[];
  readonly #zone: string;
  readonly #graceMs: DurationMs;
  #look = 0;

  constructor(policy: Pick<Policy, 'cadence' | 'retention'>, graceMs: DurationMs) {
    this.#retention = policy.retention ?? null;
    this.#counts = PERIODS.map((period) => policy.retention?.keep[period] ?? 0);
    this.#zone = cadenceZone(policy.cadence);
    this.#graceMs = graceMs;
  }

  /** The periods of a slot that rules ask for. */
  periodsOf(atUtc: Instant): readonly number[] {
    if (this.#counts.every((count) => count === 0)) return [];
    const day = localDay(this.#zone, atUtc);
    return PERIODS.map((period, index) => (this.#counts[index] === 0 ? 0 : periodOf(period, day)));
  }

  /** Whether the last look found that something wants it. */
  isWanted = (row: Row): boolean => row.wantedIn === this.#look;

  /** Finds what is wanted of all points, oldest first. */
  look(points: readonly Row[], nowUtc: Instant): void {
    this.#look += 1;
    if (!this.#retention) {
      for (const row of points) this.#want(row);
      return;
    }
    const { keep, minimumFulls } = this.#retention;
    this.#wantNewest(points, Math.max(1, keep.last ?? 0));
    if (keep.withinMs !== undefined) this.#wantWithin(points, nowUtc - keep.withinMs);
    for (const [index, count] of this.#counts.entries()) if (count > 0) this.#wantPeriods(points, index, count);
    this.#wantFulls(points, minimumFulls);
    for (const row of points) if (row.heldUntilUtc > nowUtc) this.#want(row);
  }

  /** Marks what nothing wants and lifts the marks of what is wanted again. */
  mark(points: readonly Row[], nowUtc: Instant): void {
    for (const row of points) {
      if (this.isWanted(row)) row.markedUtc = Number.NaN;
      else if (Number.isNaN(row.markedUtc)) row.markedUtc = nowUtc;
    }
  }

  isRipe = (row: Row, nowUtc: Instant): boolean => !this.isWanted(row) && row.markedUtc + this.#graceMs <= nowUtc;

  /** When a later look would find anything else though nothing new was made; infinite if never. */
  nextUtc(points: readonly Row[], nowUtc: Instant): Instant {
    let nextUtc = Number.POSITIVE_INFINITY;
    const withinMs = this.#retention?.keep.withinMs ?? Number.NaN;
    for (const { atUtc, markedUtc, heldUntilUtc } of points) {
      // Once it lies at the window's start or before it, what is older is not needed for the window.
      for (const atMs of [atUtc + withinMs, markedUtc + this.#graceMs, heldUntilUtc]) {
        if (atMs > nowUtc && atMs < nextUtc) nextUtc = atMs;
      }
    }
    return nextUtc;
  }

  #want(row: Row): void {
    for (let link: Row | null = row; link && link.wantedIn !== this.#look; link = link.parent) {
      link.wantedIn = this.#look;
    }
  }

  #wantNewest(points: readonly Row[], count: number): void {
    for (const row of points.slice(-count)) this.#want(row);
  }

  #wantWithin(points: readonly Row[], startUtc: Instant): void {
    for (let index = points.length - 1; index >= 0; index--) {
      const row = points[index];
      if (row) this.#want(row);
      if (row && row.atUtc <= startUtc) return;
    }
  }

  /** Of each of the newest periods its first full, or its first point. */
  #wantPeriods(points: readonly Row[], period: number, count: number): void {
    let left = count;
    let [first, firstFull]: [Row | null, Row | null] = [null, null];
    for (let index = points.length - 1; index >= 0; index--) {
      const row = points[index];
      if (!row) continue;
      if (first && first.periods[period] !== row.periods[period]) {
        this.#want(firstFull ?? first);
        [firstFull, left] = [null, left - 1];
        if (left === 0) return;
      }
      first = row;
      if (row.length === 0) firstFull = row;
    }
    if (first) this.#want(firstFull ?? first);
  }

  #wantFulls(points: readonly Row[], count: number): void {
    let left = count;
    for (let index = points.length - 1; index >= 0 && left > 0; index--) {
      const row = points[index];
      if (row?.length !== 0) continue;
      this.#want(row);
      left -= 1;
    }
  }
}

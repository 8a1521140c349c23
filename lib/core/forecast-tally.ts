import type { DurationMs, Instant } from './model.ts';

const MINUTE: DurationMs = 60_000;
const DAY: DurationMs = 86_400_000;

/** A figure and when it was so. */
export interface Peak {
  readonly value: number;
  readonly atUtc: Instant;
}

/** How many there are, by the time: counts that change at instants, taken over in any order. */
export class Timeline {
  /** Twice the instant, and one more where one went: of one instant what comes is counted before what goes. */
  readonly #changes: number[] = [];
  /** How many come or go with each change; empty while each is one. */
  readonly #counts: number[] = [];
  #ordered: Float64Array | null = null;
  #steps: Float64Array | null = null;

  came(atUtc: Instant, count = 1): void {
    this.#note(atUtc * 2, count);
  }

  went(atUtc: Instant, count = 1): void {
    this.#note(atUtc * 2 + 1, count);
  }

  #note(change: number, count: number): void {
    // Nearly always each is one.
    if (count !== 1 && this.#counts.length === 0) for (const _ of this.#changes) this.#counts.push(1);
    if (count !== 1 || this.#counts.length > 0) this.#counts.push(count);
    this.#changes.push(change);
    this.#ordered = null;
  }

  /** In the order of time, each with what it adds. */
  #sorted(): { readonly changes: Float64Array; readonly steps: Float64Array } {
    if (this.#ordered && this.#steps) return { changes: this.#ordered, steps: this.#steps };
    const weigh = this.#counts.length > 0;
    const order = weigh ? Uint32Array.from(this.#changes.keys()).sort((a, b) => this.#at(a) - this.#at(b)) : null;
    const changes = order ? Float64Array.from(order, (at) => this.#at(at)) : new Float64Array(this.#changes).sort();
    const steps = new Float64Array(changes.length);
    // By index: there are hundreds of thousands of them.
    for (let at = 0; at < steps.length; at++) {
      const count = order ? (this.#counts[order[at] ?? 0] ?? 1) : 1;
      steps[at] = (changes[at] ?? 0) % 2 === 0 ? count : -count;
    }
    this.#ordered = changes;
    this.#steps = steps;
    return { changes, steps };
  }

  #at(index: number): number {
    return this.#changes[index] ?? 0;
  }

  /** The most there are at a time from `fromUtc` on. */
  peak(fromUtc: Instant): Peak {
    const { changes, steps } = this.#sorted();
    let count = 0;
    let peak: Peak | null = null;
    for (let at = 0; at < changes.length; at++) {
      const atUtc = Math.floor((changes[at] ?? 0) / 2);
      if (atUtc >= fromUtc) peak ??= { value: count, atUtc: fromUtc };
      count += steps[at] ?? 0;
      if (peak && count > peak.value) peak = { value: count, atUtc };
    }
    return peak ?? { value: count, atUtc: fromUtc };
  }

  /** The most there are in each 24 hours from `fromUtc` on, before `endUtc`. */
  days(fromUtc: Instant, endUtc: Instant): readonly Peak[] {
    const { changes, steps } = this.#sorted();
    const days: Peak[] = [];
    let [count, at] = [0, 0];
    for (let dayUtc = fromUtc; dayUtc < endUtc; dayUtc += DAY) {
      // What is so at its very beginning is of the day.
      for (; (changes[at] ?? Number.POSITIVE_INFINITY) < dayUtc * 2; at++) count += steps[at] ?? 0;
      let peak: Peak = { value: count, atUtc: dayUtc };
      for (; (changes[at] ?? Number.POSITIVE_INFINITY) < (dayUtc + DAY) * 2; at++) {
        count += steps[at] ?? 0;
        if (count > peak.value) peak = { value: count, atUtc: Math.floor((changes[at] ?? 0) / 2) };
      }
      days.push(peak);
    }
    return days;
  }

  /** The most there are at a time from `fromUtc` on, and the mean until `endUtc`. */
  figures(fromUtc: Instant, endUtc: Instant): { readonly peak: Peak; readonly mean: number } {
    const { changes, steps } = this.#sorted();
    let [count, sinceUtc, sum] = [0, fromUtc, 0];
    let peak: Peak = { value: 0, atUtc: fromUtc };
    for (let at = 0; at < changes.length; at++) {
      const atUtc = Math.floor((changes[at] ?? 0) / 2);
      sum += count * (atUtc - sinceUtc);
      sinceUtc = atUtc;
      count += steps[at] ?? 0;
      if (count > peak.value) peak = { value: count, atUtc };
    }
    sum += count * (endUtc - sinceUtc);
    return { peak, mean: sum / (endUtc - fromUtc) };
  }
}

/** Sums by the whole minute of UTC. */
export class Minutes {
  readonly #from: number;
  readonly #sums: Float64Array;

  constructor(fromUtc: Instant, endUtc: Instant) {
    this.#from = Math.floor(fromUtc / MINUTE);
    this.#sums = new Float64Array(Math.floor(endUtc / MINUTE) - this.#from + 1);
  }

  add(atUtc: Instant, amount: number): void {
    if (amount === 0) return;
    const index = Math.floor(atUtc / MINUTE) - this.#from;
    this.#sums[index] = (this.#sums[index] ?? 0) + amount;
  }

  /** The minute with the largest sum. */
  largest(): Peak {
    return this.#peak((_, sum) => sum);
  }

  /** The minute after which the total is the largest. */
  largestTotal(): Peak & { readonly atEnd: number } {
    const peak = this.#peak((total, sum) => total + sum);
    return { ...peak, atEnd: this.#sums.reduce((total, sum) => total + sum, 0) };
  }

  #peak(next: (last: number, sum: number) => number): Peak {
    let peak: Peak = { value: 0, atUtc: this.#from * MINUTE };
    let last = 0;
    for (let index = 0; index < this.#sums.length; index++) {
      last = next(last, this.#sums[index] ?? 0);
      if (last > peak.value) peak = { value: last, atUtc: (this.#from + index) * MINUTE };
    }
    return peak;
  }
}

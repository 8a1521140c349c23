import { ADAPT_LEVELS, type Adapted, adapt } from './adapt.ts';
import { intervalMs } from './cadence.ts';
import { Course, type Standing } from './course.ts';
import { type Peak, Timeline } from './forecast-tally.ts';
import type { DurationMs, Instance, Instant } from './model.ts';
import { memoryMs, reachMs } from './outlook-memory.ts';
import type { Quota } from './plan.ts';
import type { Policy } from './policy.ts';
import { because, type ReasonOf } from './reason.ts';
import { nextSlot } from './recurrence.ts';

/** What is done where a project's quota does not hold what its policies make. */
export type OnShortage = 'adapt' | 'refuse' | 'tell';

/** An instance of the project with its policy as it is configured. */
export interface Scheduled {
  readonly instance: Pick<Instance, 'id' | 'datastore' | 'createdUtc'>;
  readonly policy: Policy;
  readonly nextSlotUtc: Instant;
  /** Its recovery points of ours, oldest first. */
  readonly points: readonly Standing[];
  /** How many alike it stands for, itself counted; default 1. */
  readonly count?: number;
}

/** What was decided of a project before. */
export interface Measures {
  readonly onShortage: OnShortage;
  /** How far policies are adapted; of `refuse` how many instances are refused. 0 where the quota holds everything. */
  readonly level: number;
  readonly limit: number;
  /** Since when every look found that less would do; null where the last did not. */
  readonly easierSinceUtc: Instant | null;
}

export interface OutlookInput {
  readonly quota: Quota;
  /** Units of the quota left to the project's users. */
  readonly reserve: number;
  readonly onShortage: OnShortage;
  readonly scheduled: readonly Scheduled[];
  /** What else holds the quota: users' backups, what stays of instances that are gone. */
  readonly others: number;
  readonly graceMs: DurationMs;
  readonly lookMs: DurationMs;
  readonly nowUtc: Instant;
  /** null where there was no look yet, or what was decided then is of other policies. */
  readonly before: Measures | null;
}

export interface Outlook {
  /** The most backups that its policies make at once, as they are configured; 0 where there is no limit to reckon for. */
  readonly peak: Peak;
  /** null where the quota holds them; else with the limit to ask for. */
  readonly short: ReasonOf<'quota-short'> | null;
  /** False where not even the most that can be adapted makes room: slots will be skipped. */
  readonly fits: boolean;
  readonly measures: Measures;
  /** By the id of the instance: the policy that it goes by now. */
  readonly adapted: ReadonlyMap<string, Adapted>;
  /** The ids of instances that get no backups, and why. */
  readonly refused: ReadonlyMap<string, ReasonOf<'quota-holds-older'>>;
  /** The oldest of them; all that are younger are. */
  readonly refusedFrom: Pick<Instance, 'id' | 'createdUtc'> | null;
}

/** What was taken back must have been enough for so long, so that users' backups that come and go do not change policies each day. */
const CALM_MS: DurationMs = 48 * 3_600_000;

type Aged = Pick<Instance, 'id' | 'createdUtc'>;
const byAge = (a: Aged, b: Aged): number => a.createdUtc - b.createdUtc || (a.id < b.id ? -1 : 1);

/** Which level is taken where `needed` is the least that fits. */
export function settle(input: OutlookInput, needed: number): Measures {
  const { nowUtc, onShortage, quota, before } = input;
  const measures = { onShortage, limit: quota.limit, easierSinceUtc: null };
  if (!before || before.onShortage !== onShortage || needed >= before.level) return { ...measures, level: needed };
  const isRaised = before.limit >= 0 && (quota.limit < 0 || quota.limit > before.limit);
  const easierSinceUtc = before.easierSinceUtc ?? nowUtc;
  if (isRaised || nowUtc - easierSinceUtc >= CALM_MS) return { ...measures, level: needed };
  return { ...measures, level: before.level, easierSinceUtc };
}

const UNLIMITED: Peak = { value: 0, atUtc: 0 };

/** How many backups the instances of one project will have, by the courses that they take. */
class Look {
  readonly #input: OutlookInput;
  readonly #scheduled: readonly Scheduled[];
  readonly #most: number;

  constructor(input: OutlookInput) {
    this.#input = input;
    this.#scheduled = input.scheduled.toSorted((a, b) => byAge(a.instance, b.instance));
    const { quota, reserve, others } = input;
    this.#most = quota.limit < 0 ? Number.POSITIVE_INFINITY : quota.limit - reserve - others;
  }

  *run(): Generator<void, Outlook> {
    const { onShortage, quota } = this.#input;
    // Nothing is asked of it where there is no limit.
    const peak = quota.limit < 0 ? UNLIMITED : yield* this.#peak(this.#scheduled, 0);
    const holds = peak.value <= this.#most;
    const needed = holds ? 0 : yield* this.#needed(onShortage);
    const measures = settle(this.#input, needed);
    const short = holds ? null : because('quota-short', this.#need(peak));
    const fits = holds || onShortage === 'refuse' || (onShortage === 'adapt' && needed < ADAPT_LEVELS);
    const level = Math.min(measures.level, onShortage === 'adapt' ? ADAPT_LEVELS - 1 : this.#scheduled.length);
    const isAdapted = onShortage === 'adapt';
    const refused = isAdapted || level === 0 ? [] : this.#scheduled.slice(-level);
    const { limit, ask } = this.#need(peak);
    const reason = because('quota-holds-older', { limit, ask });
    return {
      peak,
      short,
      fits,
      measures: { ...measures, level },
      adapted: new Map(
        this.#scheduled.map(({ instance, policy }) => [instance.id, adapt(policy, isAdapted ? level : 0)]),
      ),
      refused: new Map(refused.map(({ instance }) => [instance.id, reason])),
      refusedFrom: refused[0]?.instance ?? null,
    };
  }

  #need({ value: ours }: Peak): ReasonOf<'quota-short'>['params'] {
    const { others, quota, reserve } = this.#input;
    return { ours, others, limit: quota.limit, reserve, ask: ours + others + reserve };
  }

  *#needed(onShortage: OnShortage): Generator<void, number> {
    if (onShortage === 'tell') return 0;
    return yield* onShortage === 'adapt' ? this.#leastLevel() : this.#fewestRefused();
  }

  /** `ADAPT_LEVELS` where none is enough. */
  *#leastLevel(): Generator<void, number> {
    for (let level = 1; level < ADAPT_LEVELS; level++) {
      const { value } = yield* this.#peak(this.#scheduled, level);
      if (value <= this.#most) return level;
    }
    return ADAPT_LEVELS;
  }

  /** The oldest are backed up, as many as there is room for: what protects them does not change when another comes. */
  *#fewestRefused(): Generator<void, number> {
    const count = this.#scheduled.length;
    let [enough, tooMany] = [0, count];
    while (tooMany - enough > 1) {
      const middle = (enough + tooMany) >> 1;
      const standing = this.#scheduled
        .slice(middle)
        .reduce((sum, { points, count = 1 }) => sum + count * points.length, 0);
      const { value } = yield* this.#peak(this.#scheduled.slice(0, middle), 0);
      if (value + standing <= this.#most) enough = middle;
      else tooMany = middle;
    }
    return count - enough;
  }

  /** The most that there are at once. What an adapted policy still has to let go of is not held against it. */
  *#peak(scheduled: readonly Scheduled[], level: number): Generator<void, Peak> {
    const { nowUtc, graceMs } = this.#input;
    const all = scheduled.map((one) => ({ ...one, policy: adapt(one.policy, level).policy }));
    const endUtc = nowUtc + Math.max(0, ...all.map(({ policy }) => memoryMs(policy, graceMs)));
    const settledUtc = level === 0 ? nowUtc : nowUtc + graceMs + 2 * Math.max(...all.map(intervalOf));
    const timeline = new Timeline();
    const fromUtc = Math.min(settledUtc, endUtc);
    for (const one of all) {
      this.#take(one, timeline, fromUtc, endUtc);
      yield;
    }
    return timeline.peak(fromUtc);
  }

  /** Where its own course ends before the others' do, it goes on with the most that it had. */
  #take(
    { instance, policy, nextSlotUtc, points, count: alike = 1 }: Scheduled,
    timeline: Timeline,
    fromUtc: Instant,
    endUtc: Instant,
  ): void {
    const { nowUtc, graceMs, lookMs } = this.#input;
    const ownEndUtc = Math.min(endUtc, nowUtc + reachMs(policy));
    let [count, most] = [points.length, 0];
    for (const _ of points) timeline.came(nowUtc, alike);
    // The slot that is set may be of another policy than this: of a longer interval, or a first one.
    const firstUtc = Math.min(Math.max(nextSlotUtc, nowUtc), nextSlot(policy.cadence, instance.id, nowUtc));
    const from = { instance, policy, points, nextSlotUtc: firstUtc, fullMs: 0, incrementalMs: 0 };
    new Course(from, { graceMs, lookMs, fails: () => false }, nowUtc, {
      made(startUtc) {
        timeline.came(startUtc, alike);
        count += 1;
        if (startUtc >= fromUtc) most = Math.max(most, count);
      },
      completed: () => undefined,
      gone(atUtc) {
        timeline.went(atUtc, alike);
        count -= 1;
      },
    }).run(ownEndUtc);
    if (ownEndUtc < endUtc) for (; count < most; count++) timeline.came(ownEndUtc, alike);
  }
}

/** What an instance of the project goes by: of one for which another stood as of that one. */
export function goesBy(
  { adapted, refused, refusedFrom, measures }: Outlook,
  { instance, policy }: Pick<Scheduled, 'instance' | 'policy'>,
): { readonly adapted: Adapted; readonly refused: ReasonOf<'quota-holds-older'> | null } {
  const level = measures.onShortage === 'adapt' ? measures.level : 0;
  const isYounger = refusedFrom !== null && byAge(instance, refusedFrom) > 0;
  const [reason = null] = isYounger ? refused.values() : [];
  return {
    adapted: adapted.get(instance.id) ?? adapt(policy, level),
    refused: refused.get(instance.id) ?? reason,
  };
}

const intervalOf = ({ policy }: Scheduled): DurationMs => intervalMs(policy.cadence);

/**
 * How many backups a project will have at its peak against its quota, and what is done where they are too many. In steps of
 * a few milliseconds each, one an instance at most, so that who runs them can do other things in between.
 */
export const outlookSteps = (input: OutlookInput): Generator<void, Outlook> => new Look(input).run();

/** The same at once. */
export function outlook(input: OutlookInput): Outlook {
  const steps = outlookSteps(input);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

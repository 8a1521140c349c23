import { Course, type Standing, type Surroundings } from './course.ts';
import { InvalidInput } from './errors.ts';
import { Minutes, type Peak, Timeline } from './forecast-tally.ts';
import { spread } from './hash.ts';
import type { DurationMs, Instance, Instant } from './model.ts';
import type { Policy } from './policy.ts';
import { nextSlot } from './recurrence.ts';

const MINUTE: DurationMs = 60_000;
const DAY: DurationMs = 86_400_000;

/** What was measured of an instance's backups. */
export interface Measured {
  readonly fullMs: DurationMs;
  readonly incrementalMs: DurationMs;
  readonly fullBytes: number;
  readonly incrementalBytes: number;
}

/** An instance as a forecast begins with it. */
export interface Foreseen {
  readonly instance: Pick<Instance, 'id' | 'projectId' | 'datastore'>;
  /** Left out, that of the whole fleet. */
  readonly policy?: Policy;
  /** Its first slot from `fromUtc` on; left out, the first that its schedule has. */
  readonly nextSlotUtc?: Instant;
  /** Its recovery points of ours as they stand, oldest first; left out, none. */
  readonly points?: readonly Standing[];
  /** Left out, a backup takes no time and no room. */
  readonly measured?: Measured;
  /** How many alike it stands for, itself counted, in the figures of its project and of all; default 1. */
  readonly count?: number;
}

export interface ForecastOptions {
  readonly fromUtc: Instant;
  /** Default 90 days. */
  readonly horizonMs?: DurationMs;
  /** From a mark to the earliest deletion; default 24 hours. */
  readonly graceMs?: DurationMs;
  /** How often lists are read, at whole multiples of it from 1970 on; default 10 minutes. */
  readonly lookMs?: DurationMs;
  /** The share of backups that fail, from 0 to 1; the same ones each time, by a hash of instance and slot. Default 0. */
  readonly failing?: number;
}

export interface ProjectForecast {
  /** The most backups of ours that hold the project's quota at once; failed and running ones are counted. */
  readonly peak: Peak;
  /** Over the whole time. */
  readonly mean: number;
  /** The most of each 24 hours, from the beginning on. */
  readonly days: readonly Peak[];
}

export interface Forecast {
  readonly projects: ReadonlyMap<string, ProjectForecast>;
  /** By the id of the instance: the most backups of it at once. */
  readonly instances: ReadonlyMap<string, Peak>;
  /** In bytes: at the end of which minute there are most, and at the end of all. */
  readonly storage: Peak & { readonly atEnd: number };
  /** The minute of UTC in which most backups are asked for. */
  readonly startsAMinute: Peak;
  /** In milliseconds: the oldest that the newest recovery point of an instance becomes; null where none has any. */
  readonly worstAge: (Peak & { readonly instanceId: string }) | null;
  /** Incrementals on one full, at most. */
  readonly longestChain: number;
}

const NOTHING: Measured = { fullMs: 0, incrementalMs: 0, fullBytes: 0, incrementalBytes: 0 };

/** The figures of a fleet, into which the course of each instance is taken. */
class Fleet {
  readonly #span: readonly [Instant, Instant];
  readonly #projects = new Map<string, Timeline>();
  readonly #instances = new Map<string, Peak>();
  readonly #bytes: Minutes;
  readonly #starts: Minutes;
  #worstAge: Forecast['worstAge'] = null;
  #longestChain = 0;

  constructor(fromUtc: Instant, endUtc: Instant) {
    this.#span = [fromUtc, endUtc];
    this.#bytes = new Minutes(fromUtc, endUtc);
    this.#starts = new Minutes(fromUtc, endUtc);
  }

  take(
    { instance, nextSlotUtc, points = [], measured = NOTHING, count = 1 }: Foreseen,
    policy: Policy,
    around: Surroundings,
  ): void {
    const [fromUtc, endUtc] = this.#span;
    const { id, projectId } = instance;
    // What happens to one is told in the order of time.
    let [there, own]: [number, Peak] = [0, { value: 0, atUtc: fromUtc }];
    const ofProject = this.#projects.get(projectId) ?? new Timeline();
    this.#projects.set(projectId, ofProject);
    const bytesOf = (length: number): number => (length === 0 ? measured.fullBytes : measured.incrementalBytes);
    const came = (atUtc: Instant, length: number): void => {
      there += 1;
      if (there > own.value) own = { value: there, atUtc };
      ofProject.came(atUtc, count);
      this.#bytes.add(atUtc, count * bytesOf(length));
      this.#longestChain = Math.max(this.#longestChain, length);
    };
    let newestUtc: Instant | null = points.at(-1)?.atUtc ?? null;
    const aged = (atUtc: Instant): void => {
      if (newestUtc === null || atUtc - newestUtc <= (this.#worstAge?.value ?? -1)) return;
      this.#worstAge = { value: atUtc - newestUtc, atUtc, instanceId: id };
    };
    const from = { instance, policy, points, ...measured };
    const firstUtc = nextSlotUtc ?? nextSlot(policy.cadence, id, fromUtc - 1);
    const course = new Course({ ...from, nextSlotUtc: firstUtc }, around, fromUtc, {
      made: (startUtc, length) => {
        came(startUtc, length);
        this.#starts.add(startUtc, count);
      },
      completed: (completedUtc, atUtc) => {
        aged(completedUtc);
        newestUtc = atUtc;
      },
      gone: (atUtc, length) => {
        there -= 1;
        ofProject.went(atUtc, count);
        this.#bytes.add(atUtc, -count * bytesOf(length));
      },
    });
    for (const length of course.lengths()) came(fromUtc, length);
    course.run(endUtc);
    aged(endUtc);
    this.#instances.set(id, own);
  }

  figures(): Forecast {
    return {
      projects: new Map(
        [...this.#projects].map(([id, timeline]) => [
          id,
          { ...timeline.figures(...this.#span), days: timeline.days(...this.#span) },
        ]),
      ),
      instances: this.#instances,
      storage: this.#bytes.largestTotal(),
      startsAMinute: this.#starts.largest(),
      worstAge: this.#worstAge,
      longestChain: this.#longestChain,
    };
  }
}

/** @throws InvalidInput */
function checked(options: ForecastOptions): Required<ForecastOptions> {
  const given = { horizonMs: 90 * DAY, graceMs: DAY, lookMs: 10 * MINUTE, failing: 0, ...options };
  const { horizonMs, graceMs, lookMs, failing } = given;
  if (!(horizonMs > 0)) throw new InvalidInput(`horizonMs: ${horizonMs} is no time; give more than 0`);
  if (!(graceMs >= 0)) throw new InvalidInput(`graceMs: ${graceMs} is no time; give 0 or more`);
  if (!(lookMs >= 1)) throw new InvalidInput(`lookMs: ${lookMs} is no pause; give 1 or more`);
  if (!(failing >= 0 && failing <= 1)) throw new InvalidInput(`failing: ${failing} is no share; give one from 0 to 1`);
  return given;
}

/** `forecast` in steps, one an instance, so that who runs them can do other things in between. */
export function* forecastSteps(
  policy: Policy,
  fleet: Iterable<Foreseen>,
  options: ForecastOptions,
): Generator<void, Forecast> {
  const { fromUtc, horizonMs, graceMs, lookMs, failing } = checked(options);
  const fails = (id: string, slotUtc: Instant): boolean => failing > 0 && spread(`${id} ${slotUtc}`, 'fail') < failing;
  const figures = new Fleet(fromUtc, fromUtc + horizonMs);
  for (const foreseen of fleet) {
    figures.take(foreseen, foreseen.policy ?? policy, { graceMs, lookMs, fails });
    yield;
  }
  return figures.figures();
}

/**
 * What a policy makes of a fleet, by the rules that slots, chains and retention go by. It does not know what users, quotas
 * and caps do. Instants are epoch milliseconds UTC, durations milliseconds, sizes bytes.
 * @throws InvalidInput for options that mean nothing
 */
export function forecast(policy: Policy, fleet: Iterable<Foreseen>, options: ForecastOptions): Forecast {
  const steps = forecastSteps(policy, fleet, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

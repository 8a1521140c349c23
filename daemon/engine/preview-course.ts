import {
  type Foreseen,
  forecastSteps,
  memoryMs,
  type OutlookInput,
  type Policy,
  previewMs,
  type Representative,
  represent,
  type Scheduled,
} from '../../lib/core/index.ts';
import type { ScheduleChange } from '../ports/outlook.ts';
import type { CourseForeseen, Looked } from '../ports/schedules.ts';
import { isPolicy, type PolicyTurn } from './preview-scene.ts';

/** In looks at a point, some 50 ns each: 90 days of 1,000 instances with a daily backup kept for a week are 6 million. */
const MOST_COST = 8_000_000;

export type Sample = readonly Representative<Scheduled>[];
const countOf = (all: readonly { readonly count?: number }[]): number =>
  all.reduce((sum, { count = 1 }) => sum + count, 0);

export const lookedOf = (sample: Sample): Looked => ({ total: countOf(sample), lookedAt: sample.length });

/** The schedules that turns make, with their points, or as many of them as can be reckoned while somebody waits. */
export function turnedSample(turns: readonly PolicyTurn[], { scheduled, nowUtc }: OutlookInput): Sample {
  const known = new Map(scheduled.map((one) => [one.instance.id, one]));
  const made = turns.flatMap(({ instance, to, nextSlotUtc }): readonly Scheduled[] => {
    const points = known.get(instance.id)?.points ?? [];
    return isPolicy(to) ? [{ instance, policy: to, nextSlotUtc: Math.max(nextSlotUtc, nowUtc), points }] : [];
  });
  const horizonMs = previewMs(made.map(({ policy }) => policy));
  return represent(made, () => horizonMs, MOST_COST);
}

/** A sample as the quota lets it be. Who is refused makes no more backups, and keeps what he has. */
export const sampleWithin = (sample: Sample, changes: ReadonlyMap<string, ScheduleChange>): Sample =>
  sample.map((one) => {
    const change = changes.get(one.instance.id);
    if (!change) return one;
    if (change.refused) return { ...one, nextSlotUtc: Number.POSITIVE_INFINITY };
    return { ...one, policy: change.policy, nextSlotUtc: change.nextSlotUtc ?? one.nextSlotUtc };
  });

/** The schedules of a project for a look at its quota, or as many of them as can be reckoned while somebody waits. */
export const projectSample = ({ scheduled, graceMs }: OutlookInput): Sample =>
  represent(scheduled, (policy) => memoryMs(policy, graceMs), MOST_COST);

/** The days ahead of a sample are told as those of one project. */
const PROJECT = 'project';

/** What a sample of one project comes to in the days ahead; null where it is empty. */
export function* courseSteps(
  { nowUtc: fromUtc, graceMs, lookMs }: OutlookInput,
  sample: Sample,
): Generator<void, CourseForeseen | null> {
  const fleet = sample.map((one): Foreseen & { readonly policy: Policy } => ({
    ...one,
    instance: { ...one.instance, projectId: PROJECT },
  }));
  const [first] = fleet;
  if (!first) return null;
  const options = { fromUtc, horizonMs: previewMs(fleet.map(({ policy }) => policy)), graceMs, lookMs };
  const found = yield* forecastSteps(first.policy, fleet, options);
  const project = found.projects.get(PROJECT);
  if (!project) return null;
  const { startsAMinute, worstAge, longestChain } = found;
  const worstAgeMs = worstAge?.value ?? null;
  return { peak: project.peak, startsAMinute: startsAMinute.value, worstAgeMs, longestChain, days: project.days };
}

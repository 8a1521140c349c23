import { baseOf, intervalMs } from './cadence.ts';
import { DAY_MS } from './civil.ts';
import { type Keep, PERIODS, type Period } from './keep.ts';
import type { DurationMs } from './model.ts';
import type { Policy } from './policy.ts';
import { because, type Reason } from './reason.ts';

/** How much less than configured is made and kept, so that a quota holds it. */
interface Level {
  readonly mostIncrementals: number;
  readonly stretch: number;
  readonly isFloor: boolean;
}

const chains = (mostIncrementals: number): Level => ({ mostIncrementals, stretch: 1, isFloor: false });
const stretched = (stretch: number): Level => ({ mostIncrementals: 0, stretch, isFloor: false });

/**
 * The first is the policy as it is configured. Then shorter chains, of which what is kept holds less that is not; then fulls
 * alone, which go one by one; then a longer interval, with as long a time kept; and at last no more than the floor.
 */
const LEVELS: readonly Level[] = [
  ...[Number.POSITIVE_INFINITY, 48, 24, 12, 6, 4, 3, 2, 1, 0].map(chains),
  ...[2, 4, 8, 16].map(stretched),
  { mostIncrementals: 0, stretch: 16, isFloor: true },
];

export const ADAPT_LEVELS = LEVELS.length;

/** Nobody counts on a backup that is made more seldom. */
const LONGEST: DurationMs = 31 * DAY_MS;
const LENGTHS: Readonly<Record<Period, DurationMs>> = {
  daily: DAY_MS,
  weekly: 7 * DAY_MS,
  monthly: 31 * DAY_MS,
  yearly: 366 * DAY_MS,
};

/** A policy as it is gone by, and in what it differs from the one that is configured. */
export interface Adapted {
  readonly policy: Policy;
  /** Empty where it is as configured. */
  readonly because: readonly Reason[];
}

/** As many as make the same time at the longer interval. */
function thinner(keep: Keep, stretch: number, interval: DurationMs): Keep {
  const counts = PERIODS.flatMap((period): readonly [Period, number][] => {
    const count = keep[period];
    if (count === undefined) return [];
    const lengthMs = LENGTHS[period];
    return [[period, interval <= lengthMs ? count : Math.ceil((count * lengthMs) / interval)]];
  });
  const last = keep.last === undefined ? {} : { last: Math.ceil(keep.last / stretch) };
  return { ...keep, ...last, ...Object.fromEntries(counts) };
}

function differences(before: Policy, after: Policy, isFloor: boolean): readonly Reason[] {
  const reasons: Reason[] = [];
  const [from, to] = [before.maxIncrementals, after.maxIncrementals];
  if (from !== to) reasons.push(because('adapted-chains', { from, to }));
  const [fromMs, toMs] = [intervalMs(before.cadence), intervalMs(after.cadence)];
  if (fromMs !== toMs) reasons.push(because('adapted-interval', { fromMs, toMs }));
  if (!before.retention || !after.retention) return reasons;
  if (isFloor) return [...reasons, because('adapted-floor', { fulls: after.retention.minimumFulls })];
  for (const of of ['last', ...PERIODS] as const) {
    const [was, is] = [before.retention.keep[of], after.retention.keep[of]];
    if (was !== undefined && is !== undefined && was !== is) {
      reasons.push(because('adapted-count', { of, from: was, to: is }));
    }
  }
  return reasons;
}

/** A policy at a level from 0, as it is configured, to `ADAPT_LEVELS - 1`. Its floor of fulls is never touched. */
export function adapt(policy: Policy, level: number): Adapted {
  const { mostIncrementals, stretch, isFloor } = LEVELS[Math.min(level, LEVELS.length - 1)] ?? chains(0);
  const { cadence, retention } = policy;
  // Where nothing is ever deleted, less made is only less made.
  if (!retention) return { policy, because: [] };
  const by = Math.max(1, Math.min(stretch, Math.floor(LONGEST / intervalMs(cadence))));
  const slots = by === 1 ? cadence : ({ kind: 'stretched', by, of: baseOf(cadence) } as const);
  const keep = isFloor ? { last: 1 } : thinner(retention.keep, by, intervalMs(slots));
  const adapted: Policy = {
    ...policy,
    cadence: slots,
    maxIncrementals: Math.min(policy.maxIncrementals, mostIncrementals),
    retention: { ...retention, keep },
  };
  const reasons = differences(policy, adapted, isFloor);
  return { policy: reasons.length === 0 ? policy : adapted, because: reasons };
}

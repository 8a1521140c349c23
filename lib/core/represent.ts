import { intervalMs, shortestGapMs } from './cadence.ts';
import { isFullOnly } from './chain.ts';
import { DAY_MS } from './civil.ts';
import { PERIODS } from './keep.ts';
import type { Datastore, DurationMs } from './model.ts';
import type { Policy } from './policy.ts';

/** What a course is reckoned of. */
interface Reckoned {
  readonly instance: { readonly id: string; readonly datastore: Datastore };
  readonly policy: Policy;
  readonly points?: readonly unknown[];
}

/** Of how many it stands for, itself counted. */
export type Representative<T> = T & { readonly count: number };

/** A slot costs as much as looking at so many points. */
const SLOT_COST = 50;

/** About how many points a policy keeps. */
function keptOf({ cadence, retention, maxIncrementals }: Policy, horizonMs: DurationMs): number {
  const interval = intervalMs(cadence);
  const all = horizonMs / interval;
  if (!retention) return all;
  const { withinMs = 0, last = 0, ...counts } = retention.keep;
  const periods = PERIODS.reduce((sum, period) => sum + (counts[period] ?? 0), 0);
  return Math.min(all, withinMs / interval + last + periods + maxIncrementals + DAY_MS / interval);
}

/** What it takes to reckon a course so far, in looks at a point: about 50 ns each. */
const courseCost = (policy: Policy, horizonMs: DurationMs): number =>
  (horizonMs / shortestGapMs(policy.cadence)) * (SLOT_COST + keptOf(policy, horizonMs));

/** Of `places` in a row of `all`, where the nth begins: evenly, so that the steps add up. */
const begins = (n: number, places: number, all: number): number => Math.floor((n * all) / places);

/**
 * All, where that costs no more than `most` looks at a point; else of those that are alike (by policy, kind of backups and
 * whether they have any yet) as many as that allows, at least one, evenly in the order of their ids, which is that of chance.
 */
export function represent<T extends Reckoned>(
  all: readonly T[],
  horizonOf: (policy: Policy) => DurationMs,
  most: number,
): readonly Representative<T>[] {
  const costs = new Map<Policy, number>();
  const kinds = Map.groupBy(all, ({ policy, instance, points = [] }) => {
    if (!costs.has(policy)) costs.set(policy, courseCost(policy, horizonOf(policy)));
    return `${isFullOnly(instance.datastore)} ${points.length > 0} ${JSON.stringify(policy)}`;
  });
  const total = all.reduce((sum, { policy }) => sum + (costs.get(policy) ?? 0), 0);
  if (total <= most) return all.map((one) => ({ ...one, count: 1 }));
  return [...kinds.values()].flatMap((alike) => {
    const ordered = alike.toSorted((a, b) => (a.instance.id < b.instance.id ? -1 : 1));
    const places = Math.max(1, Math.floor((ordered.length * most) / total));
    return ordered.flatMap((one, index) => {
      const place = Math.ceil((index * places) / ordered.length);
      const isFirst = begins(place, places, ordered.length) === index;
      return isFirst ? [{ ...one, count: begins(place + 1, places, ordered.length) - index }] : [];
    });
  });
}

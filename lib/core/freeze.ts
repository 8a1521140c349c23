import { DAY_MS } from './civil.ts';
import type { Instant } from './model.ts';
import { because, type ReasonOf } from './reason.ts';
import { zoneOf } from './zone.ts';

/**
 * A time in which no backup is started: from one instant to before another, or whole local days, both counted in, which
 * each policy reads in its own zone. Days are counted from 1970-01-01.
 */
export type Freeze = { readonly reason: string } & (
  | { readonly kind: 'instants'; readonly fromUtc: Instant; readonly toUtc: Instant }
  | { readonly kind: 'days'; readonly fromDay: number; readonly toDay: number }
);

function span(freeze: Freeze, zone: string): { readonly fromUtc: Instant; readonly toUtc: Instant } {
  if (freeze.kind === 'instants') return freeze;
  const clocks = zoneOf(zone);
  return { fromUtc: clocks.fromLocal(freeze.fromDay * DAY_MS), toUtc: clocks.fromLocal((freeze.toDay + 1) * DAY_MS) };
}

/** Why nothing may start at one of some instants; of several freezes the one that ends last. */
export function frozen(
  freezes: readonly Freeze[],
  zone: string,
  instants: readonly Instant[],
): ReasonOf<'frozen'> | null {
  const holding = freezes
    .map((freeze) => ({ ...span(freeze, zone), reason: freeze.reason }))
    .filter(({ fromUtc, toUtc }) => instants.some((instant) => fromUtc <= instant && instant < toUtc))
    .sort((a, b) => b.toUtc - a.toUtc)[0];
  return holding ? because('frozen', { untilUtc: holding.toUtc, reason: holding.reason }) : null;
}

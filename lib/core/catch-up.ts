import { type Cadence, cadenceZone, intervalMs, shortestGapMs } from './cadence.ts';
import { type Freeze, frozen } from './freeze.ts';
import { spread } from './hash.ts';
import type { DurationMs, Instant } from './model.ts';
import type { Policy } from './policy.ts';
import type { RuleName } from './reason.ts';
import { type Advance, advance, nextStart, startBy } from './recurrence.ts';

const HOUR: DurationMs = 3_600_000;

/**
 * When a slot is made up for that had no start in its window. Each takes the next open window that comes before the next
 * slot; and besides, outside of it: `window` once no point is younger than two intervals, `late` once the instance is
 * late, `now` at once.
 */
export const CATCH_UPS = ['window', 'late', 'now'] as const;
export type CatchUp = (typeof CATCH_UPS)[number];

/** So many intervals old the newest point must be before a make-up leaves the window. */
const PATIENCE: Readonly<Record<CatchUp, number>> = { window: 2, late: 1.5, now: 0 };

/** What a slot ended by that is made up for: nothing was begun, and what forbade it may be over before the next slot. */
const MADE_UP_FOR = ['missed', 'window-ended', 'frozen', 'quota'] as const satisfies readonly RuleName[];
export type MadeUpFor = (typeof MADE_UP_FOR)[number];
export const isMadeUpFor = (rule: RuleName): rule is MadeUpFor => MADE_UP_FOR.some((one) => one === rule);

export interface CatchUpInput {
  readonly instanceId: string;
  readonly newestPointUtc: Instant | null;
  /** The slot that had no start, and what it ended by. */
  readonly lastSlotUtc: Instant;
  readonly by: MadeUpFor;
  readonly nextSlotUtc: Instant;
  readonly nowUtc: Instant;
  readonly freezes: readonly Freeze[];
}

/**
 * How soon a slot follows another: at once, but for what nobody knows the end of. It is asked after each sixth of an interval,
 * an hour to four.
 */
function paceMs(cadence: Cadence, by: MadeUpFor): DurationMs {
  if (by !== 'quota') return 0;
  const gapMs = shortestGapMs(cadence);
  return Math.min(gapMs, Math.max(HOUR, Math.min(gapMs / 6, 4 * HOUR)));
}

/** From when on the window binds no more, by the age of the newest point. */
function freeFromUtc({ cadence, catchUp = 'window' }: Policy, newestPointUtc: Instant | null): Instant {
  if (newestPointUtc === null) return Number.NEGATIVE_INFINITY;
  return newestPointUtc + PATIENCE[catchUp] * intervalMs(cadence);
}

/**
 * A slot that makes up for one without a start; null where the next is as good. It is spread, since a whole region may have
 * lost a night; in no freeze; and a quarter of an interval before the next slot at least, so that it does not double that.
 */
export function catchUpSlot(policy: Policy, input: CatchUpInput): Instant | null {
  const { cadence } = policy;
  const { instanceId, newestPointUtc, lastSlotUtc, by, nextSlotUtc, nowUtc, freezes } = input;
  const quarterMs = Math.floor(shortestGapMs(cadence) / 4);
  const withinMs = spread(instanceId, 'catch-up') * Math.min(policy.firstWithinMs, quarterMs);
  const freeUtc = freeFromUtc(policy, newestPointUtc);
  for (let fromUtc = Math.max(nowUtc, lastSlotUtc + paceMs(cadence, by)); ; ) {
    const anywhereUtc = Math.max(fromUtc, freeUtc) + withinMs;
    const insideUtc = nextStart(cadence, instanceId, fromUtc, withinMs) ?? Number.POSITIVE_INFINITY;
    const slotUtc = Math.ceil(Math.min(anywhereUtc, insideUtc) / 1000) * 1000;
    if (slotUtc > nextSlotUtc - quarterMs) return null;
    const ice = frozen(freezes, cadenceZone(cadence), [slotUtc]);
    if (!ice) return slotUtc;
    fromUtc = ice.params.untilUtc;
  }
}

/** As `advance`, with what becomes of a slot that had no start in its window. */
export interface GoingOn extends Advance {
  /** When the window ends that the slot to run must start in, where one binds it. */
  readonly startByUtc?: Instant;
  /** The newest slot, whose window ended while the service was there: nothing let it start. */
  readonly expired?: Instant;
  /** The slot that the next one makes up for. */
  readonly makesUpFor?: Instant;
}

export interface GoOnInput extends Pick<CatchUpInput, 'newestPointUtc' | 'nowUtc' | 'freezes'> {
  /** Since when slots are handed out: what came before was missed. */
  readonly sinceUtc: Instant;
}

/**
 * Where a schedule whose next slot has come goes on: the newest slot runs while its window is open; else it has passed
 * like those before it, and is made up for.
 */
export function goOn(policy: Policy, instanceId: string, cursor: Instant, input: GoOnInput): GoingOn {
  const { cadence } = policy;
  const { nowUtc, sinceUtc } = input;
  const advanced = advance(cadence, instanceId, cursor, nowUtc);
  const { due, missed, nextUtc } = advanced;
  const startByUtc = due === null ? null : startBy(cadence, instanceId, due);
  if (due === null || startByUtc === null) return advanced;
  if (nowUtc < startByUtc) return { ...advanced, startByUtc };
  const makeUp = catchUpSlot(policy, { ...input, instanceId, lastSlotUtc: due, by: 'missed', nextSlotUtc: nextUtc });
  const passed = due < sinceUtc ? { missed: [...missed, due] } : { missed, expired: due };
  return makeUp === null
    ? { ...passed, due: null, nextUtc }
    : { ...passed, due: null, nextUtc: makeUp, makesUpFor: due };
}

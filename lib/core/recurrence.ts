import {
  type BaseCadence,
  baseOf,
  type Cadence,
  cadenceZone,
  intervalMs,
  type RuleCadence,
  ruleOf,
  type StretchedCadence,
  shortestGapMs,
  type Window,
  windowMs,
} from './cadence.ts';
import { DAY_MS, modulo, weekdayOf } from './civil.ts';
import { InvalidInput } from './errors.ts';
import { spread } from './hash.ts';
import type { DurationMs, Instant } from './model.ts';
import type { Policy } from './policy.ts';
import { because, type Reason } from './reason.ts';
import { type Zone, zoneOf } from './zone.ts';

/**
 * Which slots a schedule has. Every slot is a whole second, spread by a stable hash of the instance, so that a
 * thousand databases do not start at once and none moves when the daemon restarts.
 */
const MINUTE = 60_000;
/** Slots lie in the first part of the window, so that the last backup of a night ends inside it too. */
const WINDOW_SHARE = 3 / 4;

/** 2001-01-01, from which intervals are counted. */
const STRETCHED_FROM: Instant = 978_307_200_000;

const wholeSecond = (instant: Instant): Instant => Math.floor(instant / 1000) * 1000;

/** The weekday that a weekly schedule, or its fulls, rest on; 0 for Monday. */
export const spreadWeekday = (seed: string): number => Math.floor(spread(seed, 'weekday') * 7);

/** By how much all slots of an instance come after what its cadence names: less than any two of them are apart. */
function spreadOffsetMs(cadence: Exclude<BaseCadence, { kind: 'elapsed' }>, seed: string): DurationMs {
  if (cadence.kind === 'calendar') {
    return wholeSecond(spread(seed, 'window') * windowMs(cadence.window) * WINDOW_SHARE);
  }
  if (cadence.spreadMs === 0) return 0;
  return wholeSecond(spread(seed, 'slot') * Math.min(cadence.spreadMs, shortestGapMs(cadence)));
}

/** The first local day whose window opens after an instant, in days from 1970-01-01. */
const nextOpening = (zone: Zone, { startMinute }: Window, after: Instant): number =>
  Math.floor((zone.lastLocal(after) - startMinute * MINUTE) / DAY_MS) + 1;

function nextCalendarSlot(cadence: Extract<Cadence, { kind: 'calendar' }>, seed: string, after: Instant): Instant {
  const zone = zoneOf(cadence.zone);
  const offset = spreadOffsetMs(cadence, seed);
  let day = nextOpening(zone, cadence.window, after - offset);
  if (cadence.unit === 'week') day += modulo(spreadWeekday(seed) - weekdayOf(day), 7);
  return zone.fromLocal(day * DAY_MS + cadence.window.startMinute * MINUTE) + offset;
}

function nextRuleSlot(cadence: RuleCadence, seed: string, after: Instant): Instant {
  const zone = zoneOf(cadence.zone);
  const offset = spreadOffsetMs(cadence, seed);
  const local = ruleOf(cadence).next(zone.lastLocal(after - offset));
  if (local === null) throw new InvalidInput('the schedule has no slot within ten years');
  return zone.fromLocal(local) + offset;
}

interface Opening {
  readonly fromUtc: Instant;
  readonly toUtc: Instant;
}

/** The window that is open at an instant, or the next that will be. */
function opening(zone: Zone, window: Window, instant: Instant): Opening {
  const start = (nextOpening(zone, window, instant) - 1) * DAY_MS + window.startMinute * MINUTE;
  const openAt = (local: number): Opening => ({
    fromUtc: zone.fromLocal(local),
    toUtc: zone.fromLocal(local + windowMs(window)),
  });
  const last = openAt(start);
  return instant < last.toUtc ? last : openAt(start + DAY_MS);
}

function nextElapsedSlot(cadence: Extract<Cadence, { kind: 'elapsed' }>, seed: string, after: Instant): Instant {
  const { everyMs, within } = cadence;
  const anchor = wholeSecond(spread(seed, 'anchor') * everyMs);
  const following = (instant: Instant): Instant => anchor + (Math.floor((instant - anchor) / everyMs) + 1) * everyMs;
  let slot = following(after);
  if (!within) return slot;
  const zone = zoneOf(within.zone);
  // An interval that fits into the window has a slot in every one, but where clocks skip a part of it.
  for (let nights = 0; nights < 4; nights++) {
    const { fromUtc } = opening(zone, within.window, slot);
    if (fromUtc <= slot) return slot;
    slot = following(fromUtc - 1);
  }
  throw new InvalidInput('the interval is longer than the window; make it shorter, or the window wider');
}

/**
 * Of every so many intervals, counted from a slot long ago, the first slot: one that it would have otherwise, too. Each
 * instance counts from another interval. Slots lie in the middle of an interval, so that no change of clocks doubles any.
 */
function nextStretchedSlot({ of, by }: StretchedCadence, seed: string, after: Instant): Instant {
  const interval = intervalMs(of);
  const phase = Math.floor(spread(seed, 'stretch') * by);
  const from = nextSlot(of, seed, STRETCHED_FROM) - Math.floor(interval / 2) + phase * interval;
  for (let round = Math.floor((after - from) / (by * interval)); ; round++) {
    const slot = nextSlot(of, seed, from + round * by * interval - 1);
    if (slot > after) return slot;
  }
}

/** The first slot strictly after an instant. */
export function nextSlot(cadence: Cadence, seed: string, after: Instant): Instant {
  switch (cadence.kind) {
    case 'elapsed':
      return nextElapsedSlot(cadence, seed, after);
    case 'calendar':
      return nextCalendarSlot(cadence, seed, after);
    case 'cron':
    case 'rrule':
      return nextRuleSlot(cadence, seed, after);
    case 'stretched':
      return nextStretchedSlot(cadence, seed, after);
  }
}

/**
 * What follows a slot: the next one. What follows an instant that is none, such as a first backup, is at least a quarter
 * of an interval later, so that it is not doubled at once. A longer gap would be more than an interval and a quarter to
 * the slot after, and near to being late by itself.
 */
export function followingSlot(cadence: Cadence, seed: string, slot: Instant): Instant {
  const next = nextSlot(cadence, seed, slot);
  const patience = Math.floor(shortestGapMs(cadence) / 4);
  if (next - slot >= patience || nextSlot(cadence, seed, slot - 1) === slot) return next;
  return nextSlot(cadence, seed, slot + patience - 1);
}

const HOUR = 60 * MINUTE;

/** The zone and window that starts are bound to; null where the cadence has none. */
function windowOf(cadence: BaseCadence): { readonly zone: Zone; readonly window: Window } | null {
  if (cadence.kind === 'calendar') return { zone: zoneOf(cadence.zone), window: cadence.window };
  if (cadence.kind !== 'elapsed' || !cadence.within) return null;
  return { zone: zoneOf(cadence.within.zone), window: cadence.within.window };
}

/**
 * When a slot's backup must have started; null for what no window binds: slots around the clock, and those that are none of
 * the cadence's own and lie outside, as first ones do. Each time that a rule names opens a window, of an hour from the slot,
 * or of the rule's spread where that is longer.
 */
export function startBy(cadence: Cadence, seed: string, slot: Instant): Instant | null {
  const base = baseOf(cadence);
  if (base.kind === 'cron' || base.kind === 'rrule') {
    return nextSlot(cadence, seed, slot - 1) === slot ? slot + Math.max(HOUR, base.spreadMs) : null;
  }
  const bounds = windowOf(base);
  if (!bounds) return null;
  const { fromUtc, toUtc } = opening(bounds.zone, bounds.window, slot);
  return fromUtc <= slot ? toUtc : null;
}

/**
 * An instant at which an instance may start that has no slot then: from one on, and so much later, in the window that is open
 * or else, by an offset of its own, in the next. Null where the next window is that of the next slot anyhow.
 */
export function nextStart(cadence: Cadence, seed: string, fromUtc: Instant, withinMs: DurationMs): Instant | null {
  const base = baseOf(cadence);
  if (base.kind === 'cron' || base.kind === 'rrule') return null;
  const bounds = windowOf(base);
  const soon = fromUtc + withinMs;
  if (!bounds) return soon;
  const now = opening(bounds.zone, bounds.window, fromUtc);
  if (now.fromUtc <= fromUtc && soon < now.toUtc) return soon;
  if (base.kind === 'elapsed') return null;
  const next = now.fromUtc <= fromUtc ? opening(bounds.zone, bounds.window, now.toUtc) : now;
  return next.fromUtc + spreadOffsetMs(base, seed);
}

/** Which local time a slot is named by, and by how much the instance's own slot comes after it. */
export function namedLocal(
  cadence: Exclude<BaseCadence, { kind: 'elapsed' }>,
  seed: string,
  slot: Instant,
): { readonly local: number; readonly offsetMs: DurationMs } {
  const zone = zoneOf(cadence.zone);
  const offsetMs = spreadOffsetMs(cadence, seed);
  const before = slot - 1 - offsetMs;
  if (cadence.kind === 'calendar') {
    let day = nextOpening(zone, cadence.window, before);
    if (cadence.unit === 'week') day += modulo(spreadWeekday(seed) - weekdayOf(day), 7);
    return { local: day * DAY_MS + cadence.window.startMinute * MINUTE, offsetMs };
  }
  return { local: ruleOf(cadence).next(zone.lastLocal(before)) ?? Number.NaN, offsetMs };
}

/** The local day that a slot belongs to, in days from 1970-01-01: that on which its window opened or its rule fired. */
export function dayOfSlot(cadence: Cadence, seed: string, slot: Instant): number {
  switch (cadence.kind) {
    case 'elapsed':
      if (!cadence.within) return Math.floor(slot / DAY_MS);
      return nextOpening(zoneOf(cadence.within.zone), cadence.within.window, slot) - 1;
    case 'calendar':
      return nextOpening(zoneOf(cadence.zone), cadence.window, slot) - 1;
    case 'cron':
    case 'rrule':
      return Math.floor(zoneOf(cadence.zone).lastLocal(slot - spreadOffsetMs(cadence, seed)) / DAY_MS);
    case 'stretched':
      return dayOfSlot(cadence.of, seed, slot);
  }
}

/** Whether any slot belongs to a local day. */
export function hasSlotOn(cadence: Cadence, seed: string, day: number): boolean {
  const opensAt = (windowOf(baseOf(cadence))?.window.startMinute ?? 0) * MINUTE;
  const begins = zoneOf(cadenceZone(cadence)).fromLocal(day * DAY_MS + opensAt);
  // A rule's slot comes later than its time, and so may one of the day before.
  let slot = nextSlot(cadence, seed, begins - 1);
  while (dayOfSlot(cadence, seed, slot) < day) slot = nextSlot(cadence, seed, slot);
  return dayOfSlot(cadence, seed, slot) === day;
}

export interface FirstSlotInput {
  readonly instanceId: string;
  readonly createdUtc: Instant;
  readonly nowUtc: Instant;
  /** When this store was made: instances older than it were there before us. */
  readonly storeBornUtc: Instant;
  readonly enrolOverMs: DurationMs;
}

/** A new instance is backed up soon; those that were there before the store come one by one in the coming windows. */
export function firstSlot(policy: Policy, input: FirstSlotInput): { slotUtc: Instant; because: Reason } {
  const { instanceId, nowUtc } = input;
  // Trove tells whole seconds: one made in the very second of the store's birth is new.
  if (input.createdUtc < wholeSecond(input.storeBornUtc)) {
    const from = nowUtc + spread(instanceId, 'enrol') * input.enrolOverMs;
    return {
      slotUtc: nextSlot(policy.cadence, instanceId, from),
      because: because('enrolled-over', { overMs: input.enrolOverMs }),
    };
  }
  const withinMs = Math.min(policy.firstWithinMs, shortestGapMs(policy.cadence));
  return {
    slotUtc: wholeSecond(nowUtc + spread(instanceId, 'first') * withinMs),
    because: because('first-within', { withinMs }),
  };
}

export interface Advance {
  /** Slots that have passed for good, oldest first. */
  readonly missed: readonly Instant[];
  /** The slot to run now; null while there are more missed ones than one step takes. */
  readonly due: Instant | null;
  readonly nextUtc: Instant;
}

/** Where a schedule whose next slot has come goes on: only the newest slot runs, at most `limit` are passed a step. */
export function advance(cadence: Cadence, seed: string, cursor: Instant, nowUtc: Instant, limit = 400): Advance {
  const missed: Instant[] = [];
  let slot = cursor;
  for (;;) {
    const next = followingSlot(cadence, seed, slot);
    if (next > nowUtc) return { missed, due: slot, nextUtc: next };
    missed.push(slot);
    if (missed.length >= limit) return { missed, due: null, nextUtc: next };
    slot = next;
  }
}

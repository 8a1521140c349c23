import { spread } from './hash.ts';
import type { DurationMs, Instant } from './model.ts';
import { type Cadence, intervalMs, type Policy } from './policy.ts';
import { because, type Reason } from './reason.ts';
import { fromLocal, offsetAt } from './zone.ts';

/**
 * Which slots a schedule has. Every slot is a whole second, spread by a stable hash of the instance, so that a
 * thousand databases do not start at once and none moves when the daemon restarts.
 */
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** Slots lie in the first part of the window, so that the last backup of a night ends inside it too. */
const WINDOW_SHARE = 3 / 4;
/** 1970-01-05, a Monday: days counted from here fall on hash-chosen weekdays. */
const EPOCH_MONDAY = 4;

const wholeSecond = (instant: Instant): Instant => Math.floor(instant / 1000) * 1000;

function windowOffset(cadence: Extract<Cadence, { kind: 'calendar' }>, seed: string): DurationMs {
  const { startMinute, endMinute } = cadence.window;
  const length = ((endMinute - startMinute + 1440) % 1440 || 1440) * MINUTE;
  return wholeSecond(spread(seed, 'window') * length * WINDOW_SHARE);
}

/** The slot of one local day, counted in days from 1970-01-01, or null if a weekly schedule rests on it. */
function slotOfDay(cadence: Extract<Cadence, { kind: 'calendar' }>, seed: string, day: number): Instant | null {
  if (cadence.unit === 'week' && (day - EPOCH_MONDAY + 7) % 7 !== Math.floor(spread(seed, 'weekday') * 7)) return null;
  const start = fromLocal(cadence.zone, day * DAY + cadence.window.startMinute * MINUTE);
  return wholeSecond(start + windowOffset(cadence, seed));
}

function nextCalendarSlot(cadence: Extract<Cadence, { kind: 'calendar' }>, seed: string, after: Instant): Instant {
  const today = Math.floor((after + offsetAt(cadence.zone, after)) / DAY);
  for (let day = today - 2; ; day++) {
    const slot = slotOfDay(cadence, seed, day);
    if (slot !== null && slot > after) return slot;
  }
}

/** The first slot strictly after an instant. */
export function nextSlot(cadence: Cadence, seed: string, after: Instant): Instant {
  if (cadence.kind === 'calendar') return nextCalendarSlot(cadence, seed, after);
  const { everyMs } = cadence;
  const anchor = wholeSecond(spread(seed, 'anchor') * everyMs);
  return anchor + (Math.floor((after - anchor) / everyMs) + 1) * everyMs;
}

/**
 * The slot that follows one: at least a quarter of an interval later, so that a first backup is not doubled at once.
 * A longer gap would be more than an interval and a quarter to the slot after, and near to being late by itself.
 */
export function followingSlot(cadence: Cadence, seed: string, slot: Instant): Instant {
  return nextSlot(cadence, seed, slot + Math.floor(intervalMs(cadence) / 4) - 1);
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
  const withinMs = Math.min(policy.firstWithinMs, intervalMs(policy.cadence));
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

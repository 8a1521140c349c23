import { DAY_MS } from './civil.ts';
import { cronRule } from './cron.ts';
import { InvalidInput } from './errors.ts';
import { duration } from './explain/format.ts';
import type { LocalRule } from './local-rule.ts';
import type { DurationMs } from './model.ts';
import { recurrenceRule } from './rrule.ts';

/** When backups may start: minutes after local midnight; an end before the start lies on the next day. */
export interface Window {
  readonly startMinute: number;
  readonly endMinute: number;
}

/**
 * How often, in one of four forms: by elapsed time, around the clock or only `within` a window; once a local day or week
 * inside a window; or whenever a cron pattern or a recurrence rule names a local time, up to `spreadMs` after it.
 */
export type Cadence = BaseCadence | StretchedCadence;

/** One slot in so many of another cadence, since its project's quota holds no more. No configuration says it. */
export interface StretchedCadence {
  readonly kind: 'stretched';
  readonly by: number;
  readonly of: BaseCadence;
}

export type BaseCadence =
  | {
      readonly kind: 'elapsed';
      readonly everyMs: DurationMs;
      readonly within?: { readonly zone: string; readonly window: Window };
    }
  | { readonly kind: 'calendar'; readonly unit: 'day' | 'week'; readonly zone: string; readonly window: Window }
  | { readonly kind: 'cron'; readonly cron: string; readonly zone: string; readonly spreadMs: DurationMs }
  | { readonly kind: 'rrule'; readonly rrule: string; readonly zone: string; readonly spreadMs: DurationMs };

export type RuleCadence = Extract<BaseCadence, { kind: 'cron' | 'rrule' }>;

export const baseOf = (cadence: Cadence): BaseCadence => (cadence.kind === 'stretched' ? cadence.of : cadence);

/** @throws InvalidInput for a rule that cannot be read or never comes. */
export const ruleOf = (cadence: RuleCadence): LocalRule =>
  cadence.kind === 'cron' ? cronRule(cadence.cron) : recurrenceRule(cadence.rrule);

/** Where the local days of a schedule are told. */
export function cadenceZone(cadence: Cadence): string {
  if (cadence.kind === 'stretched') return cadenceZone(cadence.of);
  return cadence.kind === 'elapsed' ? (cadence.within?.zone ?? 'UTC') : cadence.zone;
}

/** How long a window is open. */
export function windowMs({ startMinute, endMinute }: Window): DurationMs {
  return ((endMinute - startMinute + 1440) % 1440 || 1440) * 60_000;
}

/**
 * The longest time between two slots while no clock changes: what a recovery point's age is judged by. Within a window
 * that is the time it is closed, in whole intervals, and one more.
 */
export function intervalMs(cadence: Cadence): DurationMs {
  switch (cadence.kind) {
    case 'elapsed': {
      const { everyMs, within } = cadence;
      if (!within) return everyMs;
      return (Math.ceil((DAY_MS - windowMs(within.window)) / everyMs) + 1) * everyMs;
    }
    case 'calendar':
      return cadence.unit === 'day' ? DAY_MS : 7 * DAY_MS;
    case 'cron':
    case 'rrule':
      return ruleOf(cadence).gaps.longestMs;
    case 'stretched':
      return (cadence.by + 1) * intervalMs(cadence.of) - shortestGapMs(cadence.of);
  }
}

/** The shortest time between two slots while no clock changes: what a minimum is judged by. */
export function shortestGapMs(cadence: Cadence): DurationMs {
  switch (cadence.kind) {
    case 'elapsed':
      return cadence.everyMs;
    case 'calendar':
      return intervalMs(cadence);
    case 'cron':
    case 'rrule':
      return ruleOf(cadence).gaps.shortestMs;
    case 'stretched':
      return (cadence.by - 1) * intervalMs(cadence.of) + shortestGapMs(cadence.of);
  }
}

/** An interval that its window does not hold: some instances would never have a slot in it. */
export function beyondWindow(cadence: Cadence): { readonly everyMs: DurationMs; readonly openMs: DurationMs } | null {
  if (cadence.kind !== 'elapsed' || !cadence.within) return null;
  const openMs = windowMs(cadence.within.window);
  return cadence.everyMs > openMs ? { everyMs: cadence.everyMs, openMs } : null;
}

/**
 * Refuses what would have no slots for some instance, or none at all.
 * @throws InvalidInput
 */
export function checkCadence(cadence: Cadence): void {
  if (cadence.kind === 'cron' || cadence.kind === 'rrule') ruleOf(cadence);
  const beyond = beyondWindow(cadence);
  if (!beyond) return;
  throw new InvalidInput(
    `every ${duration(beyond.everyMs)} is longer than the window, ${duration(beyond.openMs)}: ` +
      'some instances would never have a slot in it; write "every: day", or widen the window',
  );
}

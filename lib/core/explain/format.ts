import type { DurationMs, Instant } from '../model.ts';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** `7d`, `6h`, `90s`: the largest unit that gives a whole number; below a second, `250ms`. */
export function duration(ms: DurationMs): string {
  const unit = UNITS.find(([, size]) => ms >= size && ms % size === 0);
  return unit ? `${ms / unit[1]}${unit[0]}` : `${ms}ms`;
}

/** `2026-11-22 22:00:00 UTC` */
export const utc = (instant: Instant): string =>
  `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `2026-11-22`, of days from 1970-01-01. */
export const calendarDay = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

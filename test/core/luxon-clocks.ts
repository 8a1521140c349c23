import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { DAY, HOUR, MINUTE, SECOND } from './builders.ts';

/** What luxon says of zones, looked up the slow way: the reference for tables of zones and for what rests on them. */
/** Clocks that are changed at an instant, and how far ahead of UTC they are before and after. */
export interface Change {
  readonly atUtc: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

// Clocks of old had seconds in their offsets, which luxon gives as parts of a minute.
export const offsetMs = (zone: IANAZone, instant: number): number => Math.round(zone.offset(instant) * MINUTE);

/** The first whole second in (low, high] from which `holds` is true; it must change once. */
export function turn(low: number, high: number, holds: (instant: number) => boolean): number {
  let [before, after] = [low, high];
  while (after - before > SECOND) {
    const middle = Math.floor((before + after) / 2 / SECOND) * SECOND;
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}

/** What luxon's offsets alone say of a local time: the first instant that shows it, else the first after the gap. */
export function localInstant(zone: IANAZone, local: number): number {
  const offsets = new Set<number>();
  for (let hours = -36; hours <= 36; hours += 1) offsets.add(offsetMs(zone, local + hours * HOUR));
  const showing = [...offsets].map((offset) => local - offset).filter((t) => t + offsetMs(zone, t) === local);
  if (showing.length > 0) return Math.min(...showing);
  const span = Math.max(...offsets) - Math.min(...offsets);
  const [low, high] = [local - Math.max(...offsets) - span, local - Math.min(...offsets) + span];
  return turn(low, high, (t) => t + offsetMs(zone, t) > local);
}

const yearOf = (instant: number): number => new Date(instant).getUTCFullYear();
const known = new Map<string, readonly Change[]>();

/** Where luxon's offset changes in a year, looking at each fifth day. */
export function changesOf(name: string, year: number): readonly Change[] {
  const key = `${name} ${year}`;
  const made = known.get(key);
  if (made) return made;
  const zone = IANAZone.create(name);
  const found: Change[] = [];
  for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 5 * DAY) {
    const beforeMs = offsetMs(zone, day);
    if (offsetMs(zone, day + 5 * DAY) === beforeMs) continue;
    const atUtc = turn(day, day + 5 * DAY, (instant) => offsetMs(zone, instant) !== beforeMs);
    found.push({ atUtc, beforeMs, afterMs: offsetMs(zone, atUtc) });
  }
  known.set(key, found);
  return found;
}

export function changesBetween(name: string, from: number, to: number): readonly Change[] {
  const found: Change[] = [];
  for (let year = yearOf(from - DAY); year <= yearOf(to + DAY); year += 1) found.push(...changesOf(name, year));
  return found;
}

/** The zones with the strangest clocks, which chance alone would seldom pick. */
export const ODD_ZONES = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'Africa/Monrovia',
  'America/Caracas',
  'America/Santiago',
  'America/Sao_Paulo',
  'Antarctica/Troll',
  'Asia/Gaza',
  'Asia/Pyongyang',
  'Australia/Lord_Howe',
  'Europe/Istanbul',
  'Pacific/Apia',
  'Pacific/Kwajalein',
];
export const zones = fc.oneof(fc.constantFrom(...ODD_ZONES), fc.constantFrom(...Intl.supportedValuesOf('timeZone')));

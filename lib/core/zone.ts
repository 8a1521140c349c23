import { IANAZone } from 'luxon';
import { InvalidInput } from './errors.ts';
import type { Instant } from './model.ts';

/**
 * IANA zones as tables of offsets, one year at a time, made once from luxon and then bisected: luxon is right but
 * slow, and slots are asked for by the million. The only file that imports luxon.
 */
const DAY = 86_400_000;

/** From `fromUtc` on, local time is UTC plus `offsetMs`. */
interface Span {
  readonly fromUtc: Instant;
  readonly offsetMs: number;
}

const tables = new Map<string, readonly Span[]>();

/** @throws InvalidInput for a name the IANA database does not have. */
export function checkZone(name: string): string {
  if (!IANAZone.isValidZone(name)) {
    throw new InvalidInput(`"${name}" is no time zone; give an IANA name such as Asia/Ho_Chi_Minh or UTC`);
  }
  return name;
}

function transition(zone: IANAZone, before: Instant, after: Instant): Instant {
  const old = zone.offset(before);
  let [low, high] = [before, after];
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (zone.offset(middle) === old) low = middle;
    else high = middle;
  }
  return high;
}

function yearTable(name: string, year: number): readonly Span[] {
  const key = `${name}/${year}`;
  const known = tables.get(key);
  if (known) return known;
  const zone = IANAZone.create(checkZone(name));
  const start = Date.UTC(year, 0, 1);
  const spans: Span[] = [{ fromUtc: start, offsetMs: zone.offset(start) * 60_000 }];
  for (let day = start; day < Date.UTC(year + 1, 0, 1); day += DAY) {
    if (zone.offset(day) !== zone.offset(day + DAY)) {
      const at = transition(zone, day, day + DAY);
      spans.push({ fromUtc: at, offsetMs: zone.offset(at) * 60_000 });
    }
  }
  tables.set(key, spans);
  return spans;
}

function spanAt(name: string, instant: Instant): Span {
  const spans = yearTable(name, new Date(instant).getUTCFullYear());
  const span = spans.findLast((candidate) => candidate.fromUtc <= instant);
  if (!span) throw new InvalidInput(`no offset of ${name} at ${instant}`);
  return span;
}

/** Milliseconds that local time in the zone is ahead of UTC at an instant. */
export function offsetAt(name: string, instant: Instant): number {
  return spanAt(name, instant).offsetMs;
}

/**
 * The instant at which clocks in the zone show `local` (written as if it were UTC). A time that clocks skip moves to
 * the first instant after the gap; one they show twice is the first of the two.
 */
export function fromLocal(name: string, local: number): Instant {
  const early = local - offsetAt(name, local - DAY);
  const late = local - offsetAt(name, local + DAY);
  const fitting = [early, late].filter((instant) => instant + offsetAt(name, instant) === local);
  if (fitting.length > 0) return Math.min(...fitting);
  return spanAt(name, Math.max(early, late)).fromUtc;
}

import { IANAZone } from 'luxon';
import { InvalidInput } from './errors.ts';
import type { DurationMs, Instant } from './model.ts';

/**
 * IANA zones as tables of offsets, a stretch of time each, made once from luxon and then only looked up: luxon is right
 * but slow, and slots are asked for by the million. The only file that imports luxon.
 */
const DAY = 86_400_000;
const STRETCH = 400 * DAY;
/** More than any zone is ahead of UTC or behind: what a stretch's local times are in UTC lies inside its table. */
const MARGIN = 2 * DAY;

/** A time in which the offset stays the same. Local times are written as if they were UTC. */
interface Span {
  readonly fromUtc: Instant;
  readonly offsetMs: DurationMs;
  /** The local time at which it ends; the next span may show some before it again, or leave some out. */
  readonly endLocal: number;
  /** The latest local time that clocks had shown when it began: later than its own first where clocks went back. */
  readonly shownLocal: number;
}

/** @throws InvalidInput for a name the IANA database does not have. */
export function checkZone(name: string): string {
  if (!IANAZone.isValidZone(name)) {
    throw new InvalidInput(`"${name}" is no time zone; give an IANA name such as Asia/Ho_Chi_Minh or UTC`);
  }
  return name;
}

// A zone of old whose offset had seconds comes out of the division by 60,000 with a rest.
const offsetOf = (zone: IANAZone, instant: Instant): DurationMs => Math.round(zone.offset(instant) * 60_000);

/** The first whole second after `before` at which the offset is another. */
function transition(zone: IANAZone, before: Instant, after: Instant): Instant {
  const old = offsetOf(zone, before);
  let [low, high] = [before, after];
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (offsetOf(zone, middle) === old) low = middle;
    else high = middle;
  }
  return high;
}

function spansBetween(zone: IANAZone, start: Instant, end: Instant): readonly Span[] {
  const changes = [{ fromUtc: start, offsetMs: offsetOf(zone, start) }];
  for (let day = start, offset = offsetOf(zone, start); day < end; day += DAY) {
    const next = offsetOf(zone, day + DAY);
    if (next === offset) continue;
    changes.push({ fromUtc: transition(zone, day, day + DAY), offsetMs: next });
    offset = next;
  }
  return changes.map(({ fromUtc, offsetMs }, index) => {
    const [before, after] = [changes[index - 1], changes[index + 1]];
    return {
      fromUtc,
      offsetMs,
      endLocal: after ? after.fromUtc + offsetMs : Number.POSITIVE_INFINITY,
      shownLocal: before ? fromUtc + before.offsetMs - 1 : Number.NEGATIVE_INFINITY,
    };
  });
}

/** The clocks of one zone. */
export class Zone {
  readonly #zone: IANAZone;
  readonly #stretches = new Map<number, readonly Span[]>();

  constructor(name: string) {
    this.#zone = IANAZone.create(checkZone(name));
  }

  #spans(time: number): readonly Span[] {
    const index = Math.floor(time / STRETCH);
    const known = this.#stretches.get(index);
    if (known) return known;
    const made = spansBetween(this.#zone, index * STRETCH - MARGIN, (index + 1) * STRETCH + MARGIN);
    this.#stretches.set(index, made);
    return made;
  }

  #spanAt(instant: Instant): Span {
    const spans = this.#spans(instant);
    for (let index = spans.length - 1; index >= 0; index--) {
      const span = spans[index];
      if (span && span.fromUtc <= instant) return span;
    }
    throw new InvalidInput(`${instant} is no instant; give epoch milliseconds`);
  }

  /** Milliseconds that local time is ahead of UTC at an instant. */
  offsetAt(instant: Instant): DurationMs {
    return this.#spanAt(instant).offsetMs;
  }

  /**
   * The instant at which clocks show `local`. A time that they skip moves to the first instant after the gap; one that
   * they show twice is the first of the two. A later local time is never an earlier instant.
   */
  fromLocal(local: number): Instant {
    for (const span of this.#spans(local)) {
      if (local < span.endLocal) return Math.max(span.fromUtc, local - span.offsetMs);
    }
    throw new InvalidInput(`${local} is no local time; give milliseconds, written as if they were UTC`);
  }

  /** The latest local time whose instant is not after this one: what clocks show, or showed before they went back. */
  lastLocal(instant: Instant): number {
    const { offsetMs, shownLocal } = this.#spanAt(instant);
    return Math.max(instant + offsetMs, shownLocal);
  }
}

const zones = new Map<string, Zone>();

/** @throws InvalidInput for a name the IANA database does not have. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const zone = new Zone(name);
  zones.set(name, zone);
  return zone;
}

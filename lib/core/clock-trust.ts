import type { DurationMs, Instant } from './model.ts';
import { because, type Reason } from './reason.ts';

/** Both clocks at one moment. */
export interface ClockReading {
  readonly nowUtc: Instant;
  readonly monotonicMs: DurationMs;
}

/** An answer of the cloud as it came in. */
export interface ClockAnswer extends ClockReading {
  /** When it was asked for, by the monotonic clock. */
  readonly sentMs: DurationMs;
  /** The cloud's time, to the second; null where it tells none. */
  readonly dateUtc: Instant | null;
}

/** What is known of the wall clock. */
export interface ClockTrust {
  /** Why the time is not to be gone by; null where it is. */
  readonly doubt: Reason | null;
  /** Of the wall clock against the monotonic one, as it was last seen. */
  readonly offsetMs: DurationMs;
  /** Of the cloud's clock against the monotonic one; null until an answer told its time. */
  readonly cloudOffsetMs: DurationMs | null;
  /** When the doubt began, by the monotonic clock. */
  readonly sinceMs: DurationMs;
  /** Answers since then, and those in a row that told the same time as the wall clock. */
  readonly answers: number;
  readonly agreed: number;
}

/** Nobody's clock is adjusted by more between two looks without being set. */
const JUMP_MS = 60_000;
const APART_MS = 5 * 60_000;
const ENOUGH = 3;
/** A cloud that answers, but tells no time, contradicts nobody: the clock is gone by after this. */
const SILENT_MS = 60_000;

/** Told as exactly as it is known: an answer's time is a second, and was some time on its way. */
const inWhole = (unitMs: DurationMs, ms: DurationMs): DurationMs => Math.round(ms / unitMs) * unitMs;

/** At a start nothing is known: an RTC may be years off until NTP has set it right. */
export const firstClockLook = ({ nowUtc, monotonicMs }: ClockReading): ClockTrust => ({
  doubt: because('clock-unproven', {}),
  offsetMs: nowUtc - monotonicMs,
  cloudOffsetMs: null,
  sinceMs: monotonicMs,
  answers: 0,
  agreed: 0,
});

const trusted = (trust: ClockTrust): ClockTrust => ({ ...trust, doubt: null, answers: 0, agreed: 0 });

const doubtful = (trust: ClockTrust, doubt: Reason, monotonicMs: DurationMs): ClockTrust => ({
  ...trust,
  doubt,
  sinceMs: trust.doubt === null ? monotonicMs : trust.sinceMs,
  answers: 0,
  agreed: 0,
});

/** What the clocks themselves say: that the wall clock was set, or that the machine slept. */
export function lookAtClock(before: ClockTrust, { nowUtc, monotonicMs }: ClockReading): ClockTrust {
  const offsetMs = nowUtc - monotonicMs;
  const jumpMs = offsetMs - before.offsetMs;
  const { doubt, cloudOffsetMs, sinceMs, answers } = before;
  const trust = { ...before, offsetMs };
  if (Math.abs(jumpMs) > JUMP_MS) {
    // Set to the time that the cloud told last: set right.
    if (cloudOffsetMs !== null && Math.abs(offsetMs - cloudOffsetMs) <= APART_MS) return trusted(trust);
    return doubtful(
      { ...trust, sinceMs: monotonicMs },
      because('clock-jumped', { byMs: inWhole(1_000, jumpMs) }),
      monotonicMs,
    );
  }
  const silent = cloudOffsetMs === null && answers > 0 && monotonicMs - sinceMs >= SILENT_MS;
  return doubt !== null && silent ? trusted(trust) : trust;
}

/** How far the wall clock is ahead of the cloud's, or below 0 behind it; 0 where the answer may have been made just then. */
function aheadMs({ nowUtc, monotonicMs, sentMs, dateUtc }: ClockAnswer & { readonly dateUtc: Instant }): DurationMs {
  const sentUtc = nowUtc - (monotonicMs - sentMs);
  return Math.max(0, sentUtc - (dateUtc + 999)) + Math.min(0, nowUtc - dateUtc);
}

/** What an answer of the cloud says of the wall clock. */
export function hearClock(before: ClockTrust, answer: ClockAnswer): ClockTrust {
  const trust = lookAtClock(before, answer);
  const { dateUtc, monotonicMs } = answer;
  const answers = trust.answers + 1;
  if (dateUtc === null) return { ...trust, answers };
  const told = { ...trust, answers, cloudOffsetMs: dateUtc - monotonicMs };
  const ahead = aheadMs({ ...answer, dateUtc });
  if (Math.abs(ahead) > APART_MS)
    return doubtful(told, because('clock-apart', { aheadMs: inWhole(60_000, ahead) }), monotonicMs);
  if (trust.doubt === null) return told;
  const agreed = trust.agreed + 1;
  const enough = trust.doubt.rule === 'clock-unproven' ? 1 : ENOUGH;
  return agreed >= enough ? trusted(told) : { ...told, agreed };
}

/** The best that is known of the time: the wall clock's, or while that is apart from the cloud, the cloud's. */
export function reckonedUtc({ doubt, cloudOffsetMs }: ClockTrust, { nowUtc, monotonicMs }: ClockReading): Instant {
  return doubt === null || cloudOffsetMs === null ? nowUtc : monotonicMs + cloudOffsetMs;
}

import {
  type ClockReading,
  type ClockTrust,
  type DurationMs,
  explain,
  firstClockLook,
  hearClock,
  type Instant,
  lookAtClock,
  type Reason,
  reckonedUtc,
} from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

export interface ClockState {
  /** Why the time is not gone by; null where it is. */
  readonly doubt: Reason | null;
  /** By how much the wall clock was ahead of the cloud's when that last told its time; null before. */
  readonly aheadMs: DurationMs | null;
}

export interface ClockGuardDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly onState?: (state: ClockState) => void;
}

export interface ClockGuard {
  /**
   * Why the wall clock is not to be gone by, or null. It looks at both clocks as they are: where it says null, the time
   * that is read in the same turn is good.
   */
  doubt(): Reason | null;
  /** An answer came in that was asked for at `sentMs` of the monotonic clock; what it says of the time, if anything. */
  heard(sentMs: DurationMs, dateUtc: Instant | null): void;
  /** The best that is known of the time, also while the wall clock is wrong. */
  reckonedUtc(): Instant;
  /** How many answers came in yet. */
  answers(): number;
  /** How often the time became good. */
  turns(): number;
  /** Told when it does, and whether it was found wrong before; else it was only not proven yet. */
  onTrust(listener: (wasWrong: boolean) => void): void;
  check(): { readonly ok: boolean; readonly detail: string };
}

const HINT =
  'no new backup is asked for until the clock is right: see whether NTP (chronyc tracking, timedatectl) runs here and ' +
  "on the cloud's controllers";
/** A doubt that grows by less is the same one. */
const SAME_MS = 120_000;

const byMs = (doubt: Reason | null): DurationMs => {
  if (doubt?.rule === 'clock-jumped') return doubt.params.byMs;
  return doubt?.rule === 'clock-apart' ? doubt.params.aheadMs : 0;
};
const isSame = (one: Reason | null, other: Reason): boolean =>
  one?.rule === other.rule && Math.abs(byMs(one) - byMs(other)) < SAME_MS;

/**
 * Slots go by the wall clock, and a wrong one would move every schedule to where it never comes back from: so nothing is
 * decided by a clock that jumped, or that the cloud's answers contradict.
 */
export function createClockGuard({ clock, log, onState = () => undefined }: ClockGuardDeps): ClockGuard {
  const read = (): ClockReading => ({ nowUtc: clock.nowUtc(), monotonicMs: clock.monotonicMs() });
  const listeners: ((wasWrong: boolean) => void)[] = [];
  let trust: ClockTrust = firstClockLook(read());
  let told: Reason | null = null;
  let turns = 0;
  let answers = 0;

  function tell(doubt: Reason): void {
    if (doubt.rule === 'clock-unproven' || isSame(told, doubt)) return;
    told = doubt;
    log.error('clock.doubtful', { seconds: Math.round(byMs(doubt) / 1_000), because: doubt, hint: HINT });
  }

  function become(next: ClockTrust): void {
    const before = trust.doubt;
    trust = next;
    const { doubt, cloudOffsetMs, offsetMs } = next;
    onState({ doubt, aheadMs: cloudOffsetMs === null ? null : offsetMs - cloudOffsetMs });
    if (doubt !== null) tell(doubt);
    else if (before !== null) trusted();
  }

  function trusted(): void {
    const wasWrong = told !== null;
    if (told !== null) log.info('clock.trusted', { because: told });
    told = null;
    turns++;
    for (const listener of listeners) listener(wasWrong);
  }

  return {
    doubt() {
      become(lookAtClock(trust, read()));
      return trust.doubt;
    },
    heard(sentMs, dateUtc) {
      answers++;
      become(hearClock(trust, { ...read(), sentMs, dateUtc }));
    },
    reckonedUtc: () => reckonedUtc(trust, read()),
    answers: () => answers,
    turns: () => turns,
    onTrust: (listener) => void listeners.push(listener),
    // Before the first answer there is nothing to be wrong about: that no answer comes is said of the cloud.
    check: () => ({
      ok: trust.doubt === null || trust.doubt.rule === 'clock-unproven',
      detail: trust.doubt === null ? 'as the cloud tells it, or not contradicted' : explain(trust.doubt),
    }),
  };
}

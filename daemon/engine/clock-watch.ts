import type { DurationMs } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClockGuard } from './clock-guard.ts';
import { createPoke } from './poke.ts';

/** A jump is noticed this soon where nothing else looks. */
const IDLE_MS: DurationMs = 30_000;
/** A clock that jumped, as after a machine slept, is held against some answers at once. */
const JUMPED_MS: DurationMs = 5_000;

export interface ClockWatchDeps {
  readonly clock: Clock;
  readonly guard: ClockGuard;
  /** Has the cloud answer something. */
  readonly ask: () => void;
  /** The time is good again: mends what was written while it was not. */
  readonly onTrust: () => Promise<void>;
}

/** Looks at the clocks where nothing else does, and for answers while the time is doubtful. */
export function createClockWatch({ clock, guard, ask, onTrust }: ClockWatchDeps) {
  const wake = createPoke(clock);
  guard.onTrust(wake.poke);
  let turn = 0;
  let answers = 0;

  async function round(): Promise<DurationMs> {
    const doubt = guard.doubt();
    if (doubt === null) {
      if (turn === guard.turns()) return IDLE_MS;
      const now = guard.turns();
      await onTrust();
      turn = now;
      return IDLE_MS;
    }
    // At a start the first look at the region is under way anyway.
    if (doubt.rule === 'clock-unproven') return JUMPED_MS;
    if (answers === guard.answers()) ask();
    answers = guard.answers();
    return doubt.rule === 'clock-jumped' ? JUMPED_MS : IDLE_MS;
  }

  return async (signal: AbortSignal): Promise<void> => {
    for (;;) await wake.wait(clock.nowUtc() + (await round()), signal);
  };
}

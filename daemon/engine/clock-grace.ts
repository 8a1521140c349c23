import type { DurationMs } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { PrunePort, WrongClock } from '../ports/prune.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { Settings } from './settings.ts';

export interface ClockGraceDeps {
  readonly pruning: Pick<PrunePort, 'wrongClock' | 'noteWrongClock'>;
  readonly clock: Clock;
  readonly guard: Pick<ClockGuard, 'doubt' | 'onTrust'>;
  readonly settings: Settings;
}

export interface ClockGrace {
  /** Stores what became of the clock; false while it is in doubt. */
  look(): Promise<boolean>;
  /** For how long nothing is to be deleted still. */
  leftMs(): DurationMs;
}

/**
 * After the clock was wrong nothing is deleted for a grace, by when somebody may have seen what it did. A restart does not
 * end it: who mends a clock often restarts what went by it.
 */
export function createClockGrace({ pruning, clock, guard, settings }: ClockGraceDeps): ClockGrace {
  let known: WrongClock | null | 'unread' = 'unread';
  /** It was found right again, and that is not stored yet. */
  let cameRight = false;
  guard.onTrust((wasWrong) => {
    cameRight ||= wasWrong;
  });
  const note = async (wrong: WrongClock): Promise<void> => {
    await pruning.noteWrongClock(wrong);
    known = wrong;
  };
  const isWrong = (): boolean => known !== 'unread' && known?.rightSinceUtc === null;
  return {
    async look() {
      if (known === 'unread') known = await pruning.wrongClock();
      const doubt = guard.doubt();
      if (doubt !== null) {
        if (doubt.rule !== 'clock-unproven' && !isWrong()) await note({ rightSinceUtc: null });
        return false;
      }
      if (cameRight || isWrong()) {
        cameRight = false;
        await note({ rightSinceUtc: clock.nowUtc() });
      }
      return true;
    },
    leftMs() {
      const { graceMs } = settings();
      if (known === null && !cameRight) return 0;
      if (known === null || known === 'unread' || cameRight || known.rightSinceUtc === null) return graceMs;
      return Math.max(0, Math.min(graceMs, known.rightSinceUtc + graceMs - clock.nowUtc()));
    },
  };
}

import type { DurationMs } from '../../../lib/core/index.ts';
import { type Clock, sleep } from '../../ports/clock.ts';
import type { Revocations } from './revocations.ts';
import type { Sessions } from './sessions.ts';

const EVERY_MS: DurationMs = 15_000;

/** Ends sessions whose time is up, and revokes what is due, whether anybody comes or not. */
export function tidySessions(
  sessions: Pick<Sessions, 'sweep'>,
  revocations: Pick<Revocations, 'run'>,
  clock: Clock,
): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    for (;;) {
      sessions.sweep();
      await revocations.run();
      await sleep(clock, EVERY_MS, signal);
    }
  };
}

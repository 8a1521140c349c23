import type { DurationMs } from '../../../lib/core/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { SignOnPort } from './sign-on.ts';

const AT_ONCE = 4;
const AGAIN_MS: DurationMs = 60_000;
/** Then it is left to run out by itself. */
const TRIES = 5;

interface Pending {
  readonly token: string;
  readonly dueMs: number;
  readonly tries: number;
}

export interface Revocations {
  /** Ends the token in Keystone after so long. */
  add(token: string, afterMs: DurationMs): void;
  /** Those that are due now, to their end; what fails is tried again later. */
  run(): Promise<void>;
}

export interface RevocationDeps {
  readonly signOn: Pick<SignOnPort, 'revoke'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Log;
}

export function createRevocations({ signOn, clock, log }: RevocationDeps): Revocations {
  let pending: readonly Pending[] = [];

  async function revoke({ token, tries }: Pending): Promise<void> {
    try {
      await signOn.revoke(token);
    } catch (error) {
      const again = tries + 1 < TRIES;
      const hint = again ? 'it is tried again' : 'it lives until it runs out';
      log.warn('session.not_revoked', { err: error, hint });
      if (again) pending = [...pending, { token, tries: tries + 1, dueMs: clock.monotonicMs() + AGAIN_MS }];
    }
  }

  return {
    add(token, afterMs) {
      pending = [...pending, { token, dueMs: clock.monotonicMs() + afterMs, tries: 0 }];
    },
    async run() {
      const nowMs = clock.monotonicMs();
      const due = pending.filter(({ dueMs }) => dueMs <= nowMs);
      pending = pending.filter(({ dueMs }) => dueMs > nowMs);
      const workers = Array.from({ length: AT_ONCE }, async () => {
        for (let next = due.pop(); next; next = due.pop()) await revoke(next);
      });
      await Promise.all(workers);
    },
  };
}

import { type Clock, sleep } from '../ports/clock.ts';
import type { DecisionsPort } from '../ports/decisions.ts';
import type { DeparturesPort } from '../ports/departures.ts';
import type { RetentionPort } from '../ports/retention.ts';
import type { StandstillPort } from '../ports/standstills.ts';
import type { ClockGuard } from './clock-guard.ts';
import { SENT_FOR_MS } from './deletions.ts';

const EVERY_MS = 10 * 60_000;
/** A clock that is doubtful is mostly right again soon. */
const AGAIN_MS = 5_000;
/** A hold that ended counts no more; its row stays for a while, for who asks why a backup went. */
const ENDED_HOLD_MS = 30 * 24 * 60 * 60_000;

export interface HeartbeatDeps {
  readonly standstills: StandstillPort;
  readonly decisions: DecisionsPort;
  readonly retention: Pick<RetentionPort, 'endHolds'>;
  readonly departures: Pick<DeparturesPort, 'endDepartures'>;
  readonly clock: Clock;
  readonly guard: Pick<ClockGuard, 'doubt'>;
}

/**
 * Notes that the service runs, so that the next life, or this one after a sleep of its machine, knows since when none did;
 * and takes away what is old: recorded decisions, ended holds, owners' deletions that are done or were lost.
 */
export function createHeartbeat({
  standstills,
  decisions,
  retention,
  departures,
  clock,
  guard,
}: HeartbeatDeps): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    for (;;) {
      const isSure = guard.doubt() === null;
      if (isSure) {
        await standstills.beat(clock.nowUtc());
        await retention.endHolds(clock.nowUtc() - ENDED_HOLD_MS);
        await departures.endDepartures(clock.nowUtc() - SENT_FOR_MS);
        while (await decisions.trim(clock.nowUtc())) await clock.sleepUntil(clock.nowUtc(), signal);
      }
      await sleep(clock, isSure ? EVERY_MS : AGAIN_MS, signal);
    }
  };
}

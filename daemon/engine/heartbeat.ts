import { type Clock, sleep } from '../ports/clock.ts';
import type { DecisionsPort } from '../ports/decisions.ts';
import type { DeparturesPort } from '../ports/departures.ts';
import type { ForgettingPort } from '../ports/forgetting.ts';
import type { RetentionPort } from '../ports/retention.ts';
import type { StandstillPort } from '../ports/standstills.ts';
import type { ClockGuard } from './clock-guard.ts';
import { SENT_FOR_MS } from './deletions.ts';
import { KNOWN_MS } from './forget.ts';

const EVERY_MS = 10 * 60_000;
/** A clock that is doubtful is mostly right again soon. */
const AGAIN_MS = 5_000;

export interface HeartbeatDeps {
  readonly standstills: StandstillPort;
  readonly decisions: DecisionsPort;
  readonly retention: Pick<RetentionPort, 'endHolds'>;
  readonly departures: Pick<DeparturesPort, 'endDepartures'>;
  readonly forgetting: Pick<ForgettingPort, 'trimEnded'>;
  readonly clock: Clock;
  readonly guard: Pick<ClockGuard, 'doubt'>;
}

/**
 * Notes that the service runs, so that the next life, or this one after a sleep of its machine, knows since when none did;
 * and takes away what is old: recorded decisions, and what has ended.
 */
export function createHeartbeat({
  standstills,
  decisions,
  retention,
  departures,
  forgetting,
  clock,
  guard,
}: HeartbeatDeps): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    for (;;) {
      const isSure = guard.doubt() === null;
      if (isSure) {
        await standstills.beat(clock.nowUtc());
        await retention.endHolds(clock.nowUtc() - KNOWN_MS);
        await departures.endDepartures(clock.nowUtc() - SENT_FOR_MS);
        while (await forgetting.trimEnded(clock.nowUtc() - KNOWN_MS)) await clock.sleepUntil(clock.nowUtc(), signal);
        while (await decisions.trim(clock.nowUtc())) await clock.sleepUntil(clock.nowUtc(), signal);
      }
      await sleep(clock, isSure ? EVERY_MS : AGAIN_MS, signal);
    }
  };
}

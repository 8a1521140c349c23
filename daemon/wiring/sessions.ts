import { createRates } from '../http/api/rates.ts';
import type { Routes } from '../http/api/server.ts';
import { createSignOn } from '../http/auth/sign-on.ts';
import { eventsRoutes } from '../http/routes/events.ts';
import { sessionRoutes } from '../http/routes/session.ts';
import { createDoor, type Door, type TokenDoor } from '../http/session/door.ts';
import { createRevocations } from '../http/session/revocations.ts';
import { createSessions } from '../http/session/sessions.ts';
import { tidySessions } from '../http/session/tidy.ts';
import { SIGN_INS, SWITCHES, TRIES } from '../http/session/tries.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type { EventsPort } from '../ports/events.ts';
import type { Log } from '../ports/log.ts';
import type { Live } from './live.ts';

/** When the daemon stops, so long is given to ending the tokens of sessions; what is left of them runs out. */
const LEAVE_MS = 1_500;

export interface SessionParts {
  readonly live: Pick<Live, 'http' | 'endpoint'>;
  readonly tokens: TokenDoor;
  readonly events: EventsPort;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the page needs besides the resources: who is signed in, and what changes. */
export interface PageParts {
  readonly door: Door;
  readonly routes: readonly Routes[];
  readonly tidy: (signal: AbortSignal) => Promise<void>;
  endAll(): void;
  /** After the last request: the tokens of those who were signed in are ended. */
  leave(): Promise<void>;
}

export function buildSessions({ live, tokens, events, clock, log }: SessionParts): PageParts {
  const signOn = createSignOn(live.endpoint);
  const revocations = createRevocations({ signOn, clock, log });
  const sessions = createSessions({ clock, revocations });
  const cookie = () => ({ basePath: live.http().base_path });
  const door = createDoor({ tokens, sessions, cookie });
  const tries = {
    perUser: createRates(() => TRIES, clock),
    perAddress: createRates(() => SIGN_INS, clock),
  };
  const switches = createRates(() => SWITCHES, clock);
  return {
    door,
    routes: [
      sessionRoutes({ door, tokens, sessions, revocations, cookie, clock, signOn, tries, switches, log }),
      eventsRoutes({ events, door, clock, log }),
    ],
    tidy: tidySessions(sessions, revocations, clock),
    endAll: sessions.endAll,
    async leave() {
      const done = new AbortController();
      const late = sleep(clock, LEAVE_MS, done.signal).catch(() => undefined);
      await Promise.race([revocations.run(), late]);
      done.abort();
    },
  };
}

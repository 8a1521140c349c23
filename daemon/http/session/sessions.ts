import { createHash, randomBytes } from 'node:crypto';
import type { DurationMs, Instant } from '../../../lib/core/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Revocations } from './revocations.ts';

const HOUR: DurationMs = 3_600_000;
export const IDLE_MS: DurationMs = HOUR;
export const LONGEST_MS: DurationMs = 12 * HOUR;
/**
 * Trove works on with the token of a request long after its 202. One that was lent out lives so long at least, or what
 * was begun with it would fail.
 */
export const LENT_MS: DurationMs = 10 * 60_000;
const MOST = 10_000;
const MOST_OF_USER = 20;

/** What somebody signed in with. */
export interface Grant {
  readonly userId: string;
  /** Gives the tokens of other projects: of no project, or the one that was brought. */
  readonly base: string;
  /** Of the project that he is in. */
  readonly token: string;
  /** Those are revoked that were made for this session; not one that somebody brought. */
  readonly isBrought: boolean;
  readonly expiresUtc: Instant;
}

/** Lives in memory alone, and ends with the process. */
export interface Session {
  readonly key: string;
  readonly userId: string;
  readonly base: string;
  readonly token: string;
  readonly csrf: string;
  readonly expiresUtc: Instant;
  /** Aborted when it ends, or goes to another project. */
  readonly over: AbortSignal;
}

interface Held {
  readonly session: Session;
  readonly end: AbortController;
  readonly isBrought: boolean;
  readonly usedMs: number;
  readonly lentMs: number | null;
}

export interface Sessions {
  /** The id that goes into the cookie, and nowhere else. */
  begin(grant: Grant): { readonly id: string; readonly session: Session };
  /** The session of a cookie, which is used by that; null where there is none any more. */
  find(id: string): Session | null;
  /** In another project from now on; null where it has ended meanwhile. */
  move(session: Session, token: string): Session | null;
  /** Its token went out to do something. */
  lend(session: Session): void;
  end(session: Session): void;
  /** Ends those whose time is up. */
  sweep(): void;
  endAll(): void;
}

export interface SessionsDeps {
  readonly clock: Pick<Clock, 'nowUtc' | 'monotonicMs'>;
  readonly revocations: Pick<Revocations, 'add'>;
}

const secret = (): string => randomBytes(32).toString('base64url');
/** What is kept of an id: who reads this memory cannot act as its owner. */
const keyOf = (id: string): string => createHash('sha256').update(id).digest('base64');

export function createSessions({ clock, revocations }: SessionsDeps): Sessions {
  /** The one that was used last is the last. */
  const all = new Map<string, Held>();

  function put(held: Held): Session {
    const { session } = held;
    all.delete(session.key);
    all.set(session.key, held);
    return session;
  }

  function isOver({ session, usedMs }: Held): boolean {
    return session.expiresUtc <= clock.nowUtc() || usedMs + IDLE_MS <= clock.monotonicMs();
  }

  function revoke({ lentMs }: Held, token: string): void {
    const sinceMs = lentMs === null ? LENT_MS : clock.monotonicMs() - lentMs;
    revocations.add(token, Math.max(0, LENT_MS - sinceMs));
  }

  function end(key: string): void {
    const held = all.get(key);
    if (!held) return;
    all.delete(key);
    const { base, token } = held.session;
    if (token !== base) revoke(held, token);
    if (!held.isBrought) revocations.add(base, 0);
    held.end.abort();
  }

  /** Makes room: of the user's own the one that was used longest ago, and then of all. */
  function makeRoom(userId: string): void {
    const own = [...all.values()].filter(({ session }) => session.userId === userId);
    for (const { session } of own.slice(0, Math.max(0, own.length + 1 - MOST_OF_USER))) end(session.key);
    const [oldest] = all.keys();
    if (all.size >= MOST && oldest !== undefined) end(oldest);
  }

  return {
    begin({ isBrought, expiresUtc, ...grant }) {
      makeRoom(grant.userId);
      const id = secret();
      const controller = new AbortController();
      const session: Session = {
        ...grant,
        key: keyOf(id),
        csrf: secret(),
        expiresUtc: Math.min(expiresUtc, clock.nowUtc() + LONGEST_MS),
        over: controller.signal,
      };
      put({ session, end: controller, isBrought, usedMs: clock.monotonicMs(), lentMs: null });
      return { id, session };
    },
    find(id) {
      const held = all.get(keyOf(id));
      if (!held) return null;
      if (!isOver(held)) return put({ ...held, usedMs: clock.monotonicMs() });
      end(held.session.key);
      return null;
    },
    move(session, token) {
      const held = all.get(session.key);
      if (!held) {
        revocations.add(token, 0);
        return null;
      }
      const { session: before } = held;
      const controller = new AbortController();
      const moved = put({
        ...held,
        session: { ...before, token, over: controller.signal },
        end: controller,
        lentMs: null,
      });
      if (before.token !== before.base) revoke(held, before.token);
      held.end.abort();
      return moved;
    },
    lend({ key }) {
      const held = all.get(key);
      if (held) all.set(key, { ...held, lentMs: clock.monotonicMs() });
    },
    end: ({ key }) => end(key),
    sweep() {
      for (const held of [...all.values()]) if (isOver(held)) end(held.session.key);
    },
    endAll() {
      for (const key of [...all.keys()]) end(key);
    },
  };
}

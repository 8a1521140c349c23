import type { FastifyRequest } from 'fastify';
import type { Authenticate, Caller } from '../api/caller.ts';
import { ApiError } from '../api/error.ts';
import { refusal } from '../refusals/index.ts';
import { type CookieSettings, readCookie } from './cookie.ts';
import { refuseForgery } from './forgery.ts';
import type { Session, Sessions } from './sessions.ts';

/** Who a token is of, as Keystone says: `daemon/http/auth`. */
export interface TokenDoor {
  ofRequest(request: FastifyRequest): Promise<Caller>;
  /** `address` is charged for a token that is none. */
  ofToken(token: string, address: string): Promise<Caller>;
}

export interface Door {
  /** By X-Auth-Token, and by that alone where it came along; else by the session of the cookie. */
  readonly authenticate: Authenticate;
  /** The session that a request comes from. @throws ApiError 403 for a change that its page did not ask for */
  sessionOf(request: FastifyRequest): Session | null;
  /** Who he is now, as Keystone says: a role that was taken away ends within a minute. */
  callerOf(session: Session): Promise<Caller>;
  /** Of a request that was let in. */
  presenceOf(request: FastifyRequest): Presence;
}

/** Whoever stays after he was let in. */
export interface Presence {
  /** Aborted when his session ends or goes elsewhere; null with a token. */
  readonly over: AbortSignal | null;
  /** Who he is by now, asked without using his session. @throws ApiError where he is let in no more */
  again(): Promise<Caller>;
}

export interface DoorDeps {
  readonly tokens: TokenDoor;
  readonly sessions: Pick<Sessions, 'find' | 'end' | 'lend'>;
  readonly cookie: () => CookieSettings;
}

export const bringsToken = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers['x-auth-token'] !== undefined;

export const signedOut = (): ApiError => refusal('session-over', {});

export function createDoor({ tokens, sessions, cookie }: DoorDeps): Door {
  const came = new WeakMap<FastifyRequest, Session>();

  function sessionOf(request: FastifyRequest): Session | null {
    if (bringsToken(request)) return null;
    const id = readCookie(request, cookie());
    const session = id === null ? null : sessions.find(id);
    if (!session) return null;
    refuseForgery(request, session.csrf);
    came.set(request, session);
    return session;
  }

  async function callerOf(session: Session): Promise<Caller> {
    try {
      // Charged by itself: what others guess at the same address keeps nobody out who is in.
      const caller = await tokens.ofToken(session.token, `session ${session.key}`);
      const token = (): string => {
        sessions.lend(session);
        return caller.token();
      };
      return { ...caller, token };
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      sessions.end(session);
      throw signedOut();
    }
  }

  return {
    sessionOf,
    callerOf,
    presenceOf(request) {
      const session = came.get(request);
      if (session) return { over: session.over, again: () => callerOf(session) };
      return { over: null, again: () => tokens.ofRequest(request) };
    },
    async authenticate(request) {
      if (bringsToken(request)) return await tokens.ofRequest(request);
      const session = sessionOf(request);
      if (session) return await callerOf(session);
      if (readCookie(request, cookie()) !== null) throw signedOut();
      return await tokens.ofRequest(request);
    },
  };
}

import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { Caller } from '../api/caller.ts';
import type { Rates } from '../api/rates.ts';
import { RULE_NAMES } from '../api/rules.ts';
import type { Routes } from '../api/server.ts';
import { viewInstant } from '../api/view.ts';
import { errorSchema } from '../contract/common.ts';
import { type SessionView, sessionAnswer, signInBody, switchBody } from '../contract/session.ts';
import { refusal, tooMany } from '../refusals/index.ts';
import { type CookieSettings, readCookie, writeCookie } from '../session/cookie.ts';
import { bringsToken, type Door, signedOut } from '../session/door.ts';
import { type EnterDeps, enter } from '../session/enter.ts';
import { refuseOtherPages } from '../session/forgery.ts';
import { ownProjects } from '../session/own-projects.ts';
import type { Revocations } from '../session/revocations.ts';
import type { Session, Sessions } from '../session/sessions.ts';
import type { NamedProject } from '../session/sign-on.ts';

export interface SessionRoutesDeps extends EnterDeps {
  readonly door: Door;
  readonly sessions: Sessions;
  readonly revocations: Revocations;
  readonly cookie: () => CookieSettings;
  /** Of a session, from project to project. */
  readonly switches: Rates;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

const CONFIG = { rule: 'public' } as const;
const tags = ['session'];
const REFUSED = { 401: errorSchema, 403: errorSchema, 503: errorSchema } as const;

const ownOf = ({ projectId: id, projectName: name }: Caller): NamedProject => ({ id, name });

function viewSession(caller: Caller, session: Session | null, projects: readonly NamedProject[]): SessionView {
  return {
    user: { id: caller.userId, name: caller.userName },
    project: ownOf(caller),
    roles: [...caller.roles],
    is_admin: caller.isAdmin,
    may: RULE_NAMES.filter((rule) => caller.may(rule)),
    expires_at: viewInstant(session?.expiresUtc ?? caller.expiresUtc),
    projects: [...projects],
    csrf: session?.csrf ?? null,
  };
}

/** Signing in and out of the page, and what a token is worth here. Whoever may be asks for no role: it tells which he has. */
export const sessionRoutes =
  (deps: SessionRoutesDeps): Routes =>
  (api) => {
    const { door, sessions, signOn, tokens, revocations, cookie, switches } = deps;
    const projectsOf = ownProjects(deps);

    async function answer(caller: Caller, session: Session | null) {
      const projects = session === null ? [] : caller.isDelegated ? [ownOf(caller)] : await projectsOf(session);
      return { session: viewSession(caller, session, projects) };
    }

    api.get(
      '/v1/session',
      {
        config: CONFIG,
        schema: { summary: 'Who one is, and what one may do', tags, response: { 200: sessionAnswer, ...REFUSED } },
      },
      async (request) => {
        const session = door.sessionOf(request);
        return await answer(await (session ? door.callerOf(session) : door.authenticate(request)), session);
      },
    );

    api.post(
      '/v1/session',
      {
        config: CONFIG,
        schema: { summary: 'Sign in', tags, body: signInBody, response: { 200: sessionAnswer, ...REFUSED } },
      },
      async (request, reply) => {
        refuseOtherPages(request);
        const { grant, caller } = await enter(deps, request.body, request.ip);
        const before = readCookie(request, cookie());
        const old = before === null ? null : sessions.find(before);
        if (old) sessions.end(old);
        const { id, session } = sessions.begin(grant);
        reply.header('set-cookie', writeCookie(request, cookie(), id));
        return await answer(caller, session);
      },
    );

    api.put(
      '/v1/session',
      {
        config: CONFIG,
        schema: {
          summary: 'Go to another project',
          tags,
          body: switchBody,
          response: { 200: sessionAnswer, ...REFUSED },
        },
      },
      async (request) => {
        const session = needed(door.sessionOf(request), bringsToken(request));
        const waitMs = switches.take(session.key);
        if (waitMs > 0) throw tooMany('too-many-switches', waitMs);
        const token = await signOn.tokenOf(session.base, { id: request.body.project_id });
        const caller = await tokens.ofToken(token, `session ${session.key}`);
        const moved = sessions.move(session, token);
        if (!moved) throw signedOut();
        return await answer(caller, moved);
      },
    );

    api.delete(
      '/v1/session',
      { config: CONFIG, schema: { summary: 'Sign out', tags, response: { 204: z.null(), 403: errorSchema } } },
      async (request, reply) => {
        if (bringsToken(request)) needed(null, true);
        refuseOtherPages(request);
        const session = door.sessionOf(request);
        if (session) {
          sessions.end(session);
          await revocations.run();
        }
        reply.header('set-cookie', writeCookie(request, cookie(), null));
        return reply.code(204).send(null);
      },
    );
  };

function needed(session: Session | null, hasToken: boolean): Session {
  if (session) return session;
  if (!hasToken) throw signedOut();
  throw refusal('no-session', {});
}

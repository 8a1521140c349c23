import { randomUUID } from 'node:crypto';
import type { Authenticate, Caller } from '../../../daemon/http/api/caller.ts';
import { RULE_NAMES } from '../../../daemon/http/api/rules.ts';
import type { Routes } from '../../../daemon/http/api/server.ts';
import { type SessionView, sessionAnswer, signInBody, switchBody } from '../../../daemon/http/contract/session.ts';
import { refusal, tooMany } from '../../../daemon/http/refusals/index.ts';
import { callerOf } from '../../http/api/lab.ts';
import { NOW_UTC, PROJECTS } from './fleet.ts';

/** Whose password is his name. */
const ROLES: Readonly<Record<string, string>> = { demo: 'member', reader: 'reader', admin: 'admin' };
const COOKIE = 'lab-session';
const TRIES = 5;

interface Session {
  readonly user: string;
  readonly projectId: string;
  readonly csrf: string;
}

export interface People {
  readonly authenticate: Authenticate;
  readonly routes: Routes;
  /** As when Keystone's tokens expire. */
  endSessions(): void;
  /** As after a minute. */
  forgetTries(): void;
}

const signedOut = () => refusal('session-over', {});

/** Sign-in as the daemon has it, without a Keystone. */
export function createPeople(): People {
  const sessions = new Map<string, Session>();
  let tries = 0;

  const idIn = (cookie: string | undefined): string => new RegExp(`${COOKIE}=([\\w-]+)`).exec(cookie ?? '')?.[1] ?? '';
  const nameOf = (id: string): string => PROJECTS.find((project) => project.id === id)?.name ?? id;
  function callerIn({ user, projectId }: Session): Caller {
    const caller = callerOf(ROLES[user] ?? 'member', projectId);
    return {
      ...caller,
      userId: `u-${user}`,
      userName: user,
      projectName: nameOf(projectId),
      expiresUtc: NOW_UTC + 3_600_000,
    };
  }
  function viewOf(session: Session): { session: SessionView } {
    const caller = callerIn(session);
    return {
      session: {
        user: { id: caller.userId, name: caller.userName },
        project: { id: caller.projectId, name: caller.projectName },
        roles: [...caller.roles],
        is_admin: caller.isAdmin,
        may: RULE_NAMES.filter((rule) => caller.may(rule)),
        expires_at: new Date(caller.expiresUtc).toISOString(),
        projects: [...PROJECTS],
        csrf: session.csrf,
      },
    };
  }
  function judge(user: string, secret: string): void {
    tries += 1;
    if (tries > TRIES) throw tooMany('too-many-sign-ins', 40_000);
    if (ROLES[user] === undefined || secret !== user) throw refusal('sign-in-refused', {});
    tries = 0;
  }

  const routes: Routes = (api) => {
    const config = { rule: 'public' } as const;
    const response = { 200: sessionAnswer };
    api.get('/v1/session', { config, schema: { response } }, async ({ headers }) => {
      const session = sessions.get(idIn(headers.cookie));
      if (!session) throw signedOut();
      return viewOf(session);
    });
    api.post('/v1/session', { config, schema: { body: signInBody, response } }, async ({ body }, reply) => {
      const [user, secret] = 'token' in body ? [body.token, body.token] : [body.user, body.password];
      judge(user, secret);
      const named = 'token' in body ? null : body.project;
      const project = named === null ? PROJECTS[0] : PROJECTS.find(({ name }) => name === named);
      if (!project) throw refusal('no-role', { project: named, domain: 'Default' });
      const [id, csrf] = [randomUUID(), randomUUID()];
      const session = { user, csrf, projectId: project.id };
      sessions.set(id, session);
      reply.header('set-cookie', `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Strict`);
      return viewOf(session);
    });
    api.put('/v1/session', { config, schema: { body: switchBody, response } }, async ({ body, headers }) => {
      const id = idIn(headers.cookie);
      const before = sessions.get(id);
      if (!before) throw signedOut();
      const session = { ...before, projectId: body.project_id };
      sessions.set(id, session);
      return viewOf(session);
    });
    api.delete('/v1/session', { config }, async ({ headers }, reply) => {
      sessions.delete(idIn(headers.cookie));
      return reply.code(204).send();
    });
  };

  return {
    routes,
    authenticate: async ({ headers, method }) => {
      const session = sessions.get(idIn(headers.cookie));
      if (!session) throw signedOut();
      if (method !== 'GET' && headers['x-csrf-token'] !== session.csrf) throw refusal('csrf', {});
      return callerIn(session);
    },
    endSessions: () => sessions.clear(),
    forgetTries: () => {
      tries = 0;
    },
  };
}

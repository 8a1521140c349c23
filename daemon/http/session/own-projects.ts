import type { DurationMs } from '../../../lib/core/index.ts';
import type { Clock } from '../../ports/clock.ts';
import { ApiError } from '../api/error.ts';
import type { Session } from './sessions.ts';
import type { NamedProject, SignOnPort } from './sign-on.ts';

const FRESH_MS: DurationMs = 60_000;

interface Known {
  readonly projects: readonly NamedProject[];
  readonly atMs: number;
}

export interface OwnProjectsDeps {
  readonly signOn: Pick<SignOnPort, 'projects'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** Where somebody may go, asked for once a minute at most; where Keystone cannot say, what it said last. */
export function ownProjects({
  signOn,
  clock,
}: OwnProjectsDeps): (session: Session) => Promise<readonly NamedProject[]> {
  const known = new WeakMap<Session, Known>();
  return async (session) => {
    const before = known.get(session);
    if (before && clock.monotonicMs() - before.atMs < FRESH_MS) return before.projects;
    const projects = await signOn.projects(session.base).catch((error: unknown) => {
      if (error instanceof ApiError) return before?.projects ?? [];
      throw error;
    });
    known.set(session, { projects, atMs: clock.monotonicMs() });
    return projects;
  };
}

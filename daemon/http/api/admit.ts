import type { FastifyReply, FastifyRequest } from 'fastify';
import { refusal, tooMany } from '../refusals/index.ts';
import type { Authenticate } from './caller.ts';
import type { Rates } from './rates.ts';

export interface AdmitDeps {
  readonly authenticate: Authenticate;
  /** Of each project; without it there is no limit. */
  readonly projectRate?: Rates;
  /** Requests of one project under way at once; without it there is no limit. */
  readonly projectAtOnce?: () => number;
}

const SOON_MS = 1_000;

/** Lets a request through to its handler, or throws why not. */
export function admitting({ authenticate, projectRate, projectAtOnce = () => Number.POSITIVE_INFINITY }: AdmitDeps) {
  const underWay = new Map<string, number>();

  /** Counts until the answer is taken, or its caller is gone. */
  function count(projectId: string, { raw }: FastifyReply): void {
    underWay.set(projectId, (underWay.get(projectId) ?? 0) + 1);
    raw.once('close', () => {
      const left = (underWay.get(projectId) ?? 0) - 1;
      if (left > 0) underWay.set(projectId, left);
      else underWay.delete(projectId);
    });
  }

  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { rule } = request.routeOptions.config;
    if (rule === undefined || rule === 'public') return;
    request.caller = await authenticate(request);
    const { projectId, projectName } = request.caller;
    const waitMs = projectRate?.take(projectId) ?? 0;
    if (waitMs > 0) throw tooMany('too-many-requests', waitMs, projectName);
    // A stream of events stays open, and has bounds of its own.
    if (rule !== 'event:read') {
      if ((underWay.get(projectId) ?? 0) >= projectAtOnce()) {
        throw tooMany('too-many-at-once', SOON_MS, projectName);
      }
      count(projectId, reply);
    }
    if (request.caller.may(rule)) return;
    throw refusal('forbidden', { project: projectName, rule });
  };
}

import type { FastifyRequest } from 'fastify';
import { InvalidInput } from '../../../lib/core/index.ts';
import type { AuditPort } from '../../ports/audit.ts';
import type { Clock } from '../../ports/clock.ts';
import { CloudUnavailable } from '../../ports/cloud.ts';
import { ApiError } from './error.ts';
import type { Rule } from './rules.ts';

export interface AuditDeps {
  readonly audit: Pick<AuditPort, 'begin' | 'end'>;
  readonly clock: Pick<Clock, 'nowUtc'>;
}

export interface Change<T> {
  readonly action: Rule;
  readonly targetId: string;
  /** Whose the target is, where an admin changes what is another project's. */
  readonly projectId?: string;
  readonly before?: unknown;
  /** What is written down of what came of it. */
  readonly after?: (result: T) => unknown;
}

/** The caller's own fault, which the service saw and did nothing. */
const isRefusal = (error: unknown): boolean =>
  error instanceof InvalidInput || (error instanceof ApiError && error.status < 500);

/** For the tenant's eyes: of a fault of ours only where to ask. */
function told(error: unknown, { id, language }: Pick<FastifyRequest, 'id' | 'language'>): unknown {
  // A fault of ours is no ApiError: what such a one says was written for the caller.
  if (error instanceof ApiError) return { error: error.said(language).words[0] };
  if (error instanceof InvalidInput) return { error: error.message };
  if (error instanceof CloudUnavailable) return { because: error.reason };
  return { error: `a fault of the service; its log tells of it under ${id}` };
}

/** Carries a change out between two lines of the audit: a kill in between leaves the first, which says who asked. */
export async function audited<T>(
  { audit, clock }: AuditDeps,
  request: Pick<FastifyRequest, 'id' | 'caller' | 'language'>,
  change: Change<T>,
  carryOut: () => Promise<T>,
): Promise<T> {
  const { id: requestId, caller } = request;
  const { action, targetId, projectId = caller.projectId, before = null, after = () => null } = change;
  const { userId, userName } = caller;
  const intent = { projectId, userId, userName, action, targetId, before, requestId };
  const entry = await audit.begin(intent, clock.nowUtc());
  let result: T;
  try {
    result = await carryOut();
  } catch (error) {
    await audit.end(entry, isRefusal(error) ? 'refused' : 'failed', told(error, request));
    throw error;
  }
  // Outside of the try: where this line cannot be written the change was made all the same, and is not called failed.
  await audit.end(entry, 'done', after(result));
  return result;
}

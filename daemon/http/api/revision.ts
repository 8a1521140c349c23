import type { FastifyRequest } from 'fastify';
import type { Refusals } from '../refusals/catalogue.ts';
import { refusal } from '../refusals/index.ts';
import type { ApiError } from './error.ts';

/** The ETag of what is changed by its revision. */
export const etagOf = (revision: number): string => `"${revision}"`;

type What = Refusals['changed-meanwhile']['what'];

export const movedError = (what: What): ApiError => refusal('changed-meanwhile', { what });

/**
 * The revision that a change is of, by its If-Match; `*` stands for the one there is.
 * @throws ApiError 428 where there is none, 412 where it is of another
 */
export function revisionAsked(request: Pick<FastifyRequest, 'headers'>, what: What, there: number): number {
  const asked = request.headers['if-match'];
  if (asked === undefined) {
    throw refusal('if-match-missing', { what });
  }
  const tags = asked.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (tags.includes('*') || tags.includes(etagOf(there))) return there;
  throw movedError(what);
}

import type { FastifyRequest } from 'fastify';
import { ApiError } from './error.ts';

/** The ETag of what is changed by its revision. */
export const etagOf = (revision: number): string => `"${revision}"`;

const READ_AGAIN = 'read it again with GET, and send the ETag of that answer as If-Match';

export const movedError = (what: string): ApiError =>
  new ApiError(412, 'changed-meanwhile', `${what} was changed since you read it`, { hint: READ_AGAIN });

/**
 * The revision that a change is of, by its If-Match; `*` stands for the one there is.
 * @throws ApiError 428 where there is none, 412 where it is of another
 */
export function revisionAsked(request: Pick<FastifyRequest, 'headers'>, what: string, there: number): number {
  const asked = request.headers['if-match'];
  if (asked === undefined) {
    throw new ApiError(428, 'if-match-missing', `a change of ${what} needs If-Match, so that nobody's is lost`, {
      hint: `${READ_AGAIN}; If-Match: * changes whatever is there`,
    });
  }
  const tags = asked.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (tags.includes('*') || tags.includes(etagOf(there))) return there;
  throw movedError(what);
}

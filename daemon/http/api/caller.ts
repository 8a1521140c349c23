import type { FastifyRequest } from 'fastify';
import type { Instant } from '../../../lib/core/index.ts';
import type { Rule } from './rules.ts';

/** Who asks: what Keystone says of the token, and nothing that the request says of itself. */
export interface Caller {
  readonly userId: string;
  readonly userName: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly roles: readonly string[];
  /** May see every project. */
  readonly isAdmin: boolean;
  /** By a trust or an application credential: Keystone lets him into no other project by it. */
  readonly isDelegated: boolean;
  readonly expiresUtc: Instant;
  /** The token's id, for what is done in Trove in the caller's own name: never logged nor stored. */
  readonly token: () => string;
  may(rule: Rule): boolean;
}

/** @throws ApiError 401 where nobody is let in, 503 where Keystone cannot say */
export type Authenticate = (request: FastifyRequest) => Promise<Caller>;

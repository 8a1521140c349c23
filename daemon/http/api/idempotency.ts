import type { FastifyRequest } from 'fastify';
import { refusal } from '../refusals/index.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** By which the same request that comes again is done once; null where it has none. @throws ApiError 400 `bad-key` */
export function keyOf({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  const given = headers['idempotency-key'];
  if (given === undefined) return null;
  if (typeof given === 'string' && KEY.test(given)) return given;
  throw refusal('bad-key', {});
}

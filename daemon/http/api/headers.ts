import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from './server.ts';

/** Origins of pages that may call from a browser, such as `https://portal.example`. */
export type Origins = () => readonly string[];

/** Of every answer; a route may say otherwise. Nothing of it is a page, unless a route says so. */
const PROTECTION = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const TAKEN = 'accept-language, content-type, idempotency-key, if-match, if-none-match, last-event-id, x-auth-token';
const GIVEN = 'etag, link, location, retry-after, x-openstack-request-id';
const DAY_SECONDS = '86400';

/** Names the request, tells browsers what not to do with an answer, and answers those that ask before they call. */
export function protecting(api: Api, origins: Origins): void {
  api.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...PROTECTION, 'x-openstack-request-id': request.id });
    if (allowOrigin(request, reply, origins()) && isPreflight(request)) {
      await reply
        .headers({
          'access-control-allow-methods': METHODS,
          'access-control-allow-headers': TAKEN,
          'access-control-max-age': DAY_SECONDS,
        })
        .code(204)
        .send();
    }
  });
}

/** Without `allow-credentials`: a cookie never works from another origin, a token does. */
function allowOrigin(
  { headers: { origin } }: FastifyRequest,
  reply: FastifyReply,
  origins: readonly string[],
): boolean {
  if (origins.length === 0) return false;
  reply.header('vary', 'Origin');
  if (origin === undefined || !origins.includes(origin)) return false;
  reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': GIVEN });
  return true;
}

const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;

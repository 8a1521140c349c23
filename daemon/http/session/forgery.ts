import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { refusal } from '../refusals/index.ts';

type From = Pick<FastifyRequest, 'method' | 'headers' | 'host'>;

const HARMLESS = new Set(['GET', 'HEAD', 'OPTIONS']);
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Sec-Fetch-Site is the browser's own word, which it gives where the way is safe; else Origin tells the host. */
function isOfOtherPage({ headers, host }: From): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  const { origin } = headers;
  if (origin === undefined) return false; // no browser sends a form or a fetch of another page without one
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

/** @throws ApiError 403 for a change that another page has a browser ask for */
export function refuseOtherPages(request: From): void {
  if (HARMLESS.has(request.method) || !isOfOtherPage(request)) return;
  throw refusal('cross-origin', {});
}

/** @throws ApiError 403 for a change by a cookie that the session's own page did not ask for */
export function refuseForgery(request: From, csrf: string): void {
  if (HARMLESS.has(request.method)) return;
  refuseOtherPages(request);
  const given = request.headers['x-csrf-token'];
  if (typeof given === 'string' && timingSafeEqual(digest(given), digest(csrf))) return;
  throw refusal('csrf', {});
}

import type { FastifyRequest } from 'fastify';

export interface CookieSettings {
  /** Where the service lies for a browser: `/`, or what a proxy puts before it. */
  readonly basePath: string;
}

type From = Pick<FastifyRequest, 'protocol' | 'headers'>;

const NAME = 'trove-autobackup';

/**
 * Over https the name binds a browser: `__Host-` takes no cookie that another host of the domain, or another path, has set;
 * below a path of its own only `__Secure-` can be had.
 */
function nameFor(isSecure: boolean, { basePath }: CookieSettings): string {
  if (!isSecure) return NAME;
  return `${basePath === '/' ? '__Host-' : '__Secure-'}${NAME}`;
}

/** Whether the browser came by https: as the connection says, or a trusted proxy. */
const isSecure = ({ protocol }: From): boolean => protocol === 'https';

/** The form of our ids, which needs no quoting: what else stands there is none. */
const ID = /^[\w-]{43}$/;

/** The id of the session, where one came along. */
export function readCookie(request: From, settings: CookieSettings): string | null {
  const begin = `${nameFor(isSecure(request), settings)}=`;
  const pairs = request.headers.cookie?.split(';').map((pair) => pair.trim()) ?? [];
  const id = pairs.find((pair) => pair.startsWith(begin))?.slice(begin.length) ?? '';
  return ID.test(id) ? id : null;
}

/** For Set-Cookie; null ends the one that the browser has. */
export function writeCookie(request: From, settings: CookieSettings, id: string | null): string {
  const secure = isSecure(request);
  const attributes = `Path=${settings.basePath}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return `${nameFor(secure, settings)}=${id ?? '; Max-Age=0'}; ${attributes}`;
}

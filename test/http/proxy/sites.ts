import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './nginx.ts';

const ROOT = join(import.meta.dirname, '../../..');
const EXAMPLE = readFileSync(join(ROOT, 'packaging/examples/nginx.conf'), 'utf8');
const OPERATING = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
/** Where both say that the service listens. */
const SERVICE = '127.0.0.1:8780';

/** Each of these once, and nothing else is changed. */
export function filled(text: string, places: Readonly<Record<string, string>>): string {
  return Object.entries(places).reduce((done, [from, to]) => {
    if (done.split(from).length !== 2) throw new Error(`"${from}" does not stand in it once`);
    return done.replace(from, to);
  }, text);
}

export interface Site {
  readonly name: string;
  readonly basePath: string;
  readonly cookie: string;
  /** With `service` as host:port. */
  readonly at: (service: string, place: Place) => string;
}

/** `packaging/examples/nginx.conf` as it stands. */
const ownHost: Site = {
  name: 'the example, with a host of its own',
  basePath: '/',
  cookie: '__Host-trove-autobackup',
  at: (service, { port, cert, key }) =>
    filled(EXAMPLE, {
      [`server ${SERVICE};`]: `server ${service};`,
      'listen 443 ssl http2;': `listen 127.0.0.1:${port} ssl http2;`,
      'listen [::]:443 ssl http2;': '',
      '/etc/nginx/backup.pem': cert,
      '/etc/nginx/backup.key': key,
    }),
};

/** The block of docs/operating.md as it stands, in a server that somebody has already. */
const ownPath: Site = {
  name: 'the block of docs/operating.md, below a path',
  basePath: '/backups/',
  cookie: '__Secure-trove-autobackup',
  at: (service, { port, cert, key }) => {
    const [, block = ''] = /```nginx\n(.*?)```/s.exec(OPERATING) ?? [];
    return `server {
      listen 127.0.0.1:${port} ssl http2;
      ssl_certificate ${cert};
      ssl_certificate_key ${key};
      ${filled(block, { [`http://${SERVICE}/`]: `http://${service}/` })}
    }`;
  },
};

export const SITES = [ownHost, ownPath] as const;

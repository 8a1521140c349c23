import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { createApi, type Routes } from '../../../daemon/http/api/server.ts';
import type { EventView } from '../../../daemon/http/contract/overview.ts';
import { silent } from '../../http/api/lab.ts';
import { SLOW } from './browser.ts';
import { builtPage } from './built-page.ts';
import { createFleet, type Instance, NOW_UTC } from './fleet.ts';
import { lists, noPolicies } from './lists.ts';
import { createPeople } from './people.ts';
import { sums } from './sums.ts';

export interface LabOptions {
  /** Of the project `demo`. */
  readonly instances?: number;
  /** Which share of them is protected. */
  readonly well?: number;
  /** Where a proxy puts it. */
  readonly basePath?: string;
  /** The folder of a built page; by default the one that is published. */
  readonly page?: string;
  readonly routes?: readonly Routes[];
}

export interface Lab {
  readonly url: string;
  readonly fleet: Instance[];
  tell(event: EventView): void;
  /** How many pages hear of changes. */
  listeners(): number;
  endSessions(): void;
  forgetTries(): void;
  /** Answers nothing any more, and cuts what is open. */
  goAway(): void;
  comeBack(): void;
  stop(): Promise<void>;
}

const CONTENT_POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"],
  ...["require-trusted-types-for 'script'", "trusted-types 'none'"],
].join('; ');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function sendFile(folder: string, path: string, response: ServerResponse): void {
  const file = path === '' ? 'index.html' : path;
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  const headers = {
    'content-type': type,
    'content-security-policy': CONTENT_POLICY,
    'x-content-type-options': 'nosniff',
  };
  try {
    response.writeHead(200, headers).end(readFileSync(join(folder, file)));
  } catch {
    response.writeHead(404).end();
  }
}

/** The page as it is published and an API with the daemon's own schemas, but nothing behind it than what is made up here. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { instances = 200, basePath = '/' } = options;
  const folder = options.page ?? (await builtPage());
  const people = createPeople();
  const fleet = createFleet(instances, options.well);
  const streams = new Set<ServerResponse>();
  const events: Routes = (api) => {
    api.get('/v1/events', { config: { rule: 'event:read' } }, (_request, reply) => {
      const { raw } = reply.hijack();
      raw.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
      streams.add(raw.on('close', () => streams.delete(raw)));
    });
  };
  const own = [people.routes, events, lists(() => fleet), sums(() => fleet)];
  const api = createApi({
    authenticate: people.authenticate,
    log: silent,
    routes: [...own, ...(options.routes ?? [noPolicies])],
  });
  await api.ready();

  let isAway = false;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (isAway) return request.socket.destroy();
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (!path.startsWith(basePath)) return response.writeHead(404).end();
    const rest = path.slice(basePath.length);
    if (!rest.startsWith('v1/')) return sendFile(folder, rest, response);
    response.setHeader('date', new Date(NOW_UTC).toUTCString());
    request.url = `/${(request.url ?? '').slice(basePath.length)}`;
    if (SLOW > 1) setTimeout(() => api.routing(request, response), Math.random() * 100 * SLOW);
    else api.routing(request, response);
  });
  const port = await new Promise<number>((ready) => {
    server.listen(0, '127.0.0.1', () => ready((server.address() as AddressInfo).port));
  });
  return {
    url: `http://127.0.0.1:${port}${basePath}`,
    fleet,
    tell(event) {
      for (const stream of streams) stream.write(`event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
    },
    listeners: () => streams.size,
    endSessions: people.endSessions,
    forgetTries: people.forgetTries,
    goAway() {
      isAway = true;
      server.closeAllConnections();
    },
    comeBack() {
      isAway = false;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await api.close();
    },
  };
}

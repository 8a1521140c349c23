import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Routes } from '../api/server.ts';
import { chooseEncoding, hasTag } from '../static/choose.ts';
import type { Page, PageFile } from '../static/page.ts';
import { PAGE_HEADERS } from '../static/policy.ts';

const FOR_EVER = 'public, max-age=31536000, immutable';
/** Kept, and asked about each time. */
const ASK_AGAIN = 'no-cache';

const NOT_BUILT = `The page was not built. In the folder of the source:

  npm ci && npm run build:web

and start the service again. All that the page does can be done without it: see v1/openapi.json.
`;

function send({ headers }: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  const encoding = chooseEncoding(headers['accept-encoding'], file);
  const etag = `"${file.hash}-${encoding}"`;
  reply.headers({
    ...PAGE_HEADERS,
    etag,
    vary: 'accept-encoding',
    'cache-control': file.isHashed ? FOR_EVER : ASK_AGAIN,
  });
  if (hasTag(headers['if-none-match'], etag)) return reply.code(304).send();
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.type(file.type).send(file.bodies.get(encoding));
}

/** The page, from its own files, which lie in memory: a path is only ever looked for among theirs. null: not built. */
export const pageRoutes =
  (page: Page | null): Routes =>
  (api) => {
    const options = { config: { rule: 'public' }, schema: { hide: true } } as const;
    api.get('/', options, (request, reply) => {
      const index = page?.get('index.html');
      if (index) return send(request, reply, index);
      return reply.code(404).headers(PAGE_HEADERS).type('text/plain; charset=utf-8').send(NOT_BUILT);
    });
    const params = z.object({ '*': z.string() });
    api.get('/*', { ...options, schema: { hide: true, params } }, (request, reply) => {
      const file = page?.get(request.params['*']);
      return file ? send(request, reply, file) : reply.callNotFound();
    });
  };

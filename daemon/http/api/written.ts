import type { FastifyReply, FastifyRequest } from 'fastify';

/** The same answer again is no answer: 304. It is the caller's alone, and asked for anew each time. */
export function sendWritten(
  request: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  { bytes, etag }: { readonly bytes: Uint8Array; readonly etag: string },
): FastifyReply {
  reply.headers({ etag, 'cache-control': 'private, no-cache', vary: 'accept-language' });
  const known = request.headers['if-none-match'] ?? '';
  if (known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)) return reply.code(304).send();
  return reply
    .type('application/json; charset=utf-8')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

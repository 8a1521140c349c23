import type { FastifyReply } from 'fastify';

/**
 * Aborts when the answer is out, or nobody is there any more to read it: what it would take is then not asked of Trove.
 * fastify's own `request.signal` aborts as soon as a body has been read.
 */
export function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}

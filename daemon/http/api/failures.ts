import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { explain, InvalidInput } from '../../../lib/core/index.ts';
import { CloudUnavailable, isShutOut } from '../../ports/cloud.ts';
import type { Log } from '../../ports/log.ts';
import type { ErrorBody } from '../contract/common.ts';
import { ApiError } from './error.ts';

/** Of what fastify itself refuses. */
const TITLES: Readonly<Record<number, string>> = { 413: 'too-large', 415: 'unsupported-media-type' };
const HINTS: Readonly<Record<number, string>> = {
  413: 'a body has at most 64 KiB',
  415: 'send the body as JSON, with Content-Type: application/json',
};
const SEE = 'see /v1/openapi.json for what this route takes';

const body = (request: Pick<FastifyRequest, 'id'>, { status, title, message, hint, details }: ApiError): ErrorBody => ({
  error: { code: status, title, message, hint, request_id: request.id, ...(details && { details }) },
});

/** The first field that is wrong, and what is wrong with it. */
function invalid(error: FastifyError): ApiError | null {
  if (!hasZodFastifySchemaValidationErrors(error)) return null;
  const [issue] = error.validation;
  const field = issue?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  const text = `${error.validationContext ?? 'request'}${field === '' ? '' : ` field ${field}`}: ${issue?.message ?? 'is not valid'}`;
  return new ApiError(400, 'invalid', text, { hint: SEE, cause: error });
}

/** Which answer an error is; null: a fault of ours. */
function known(error: FastifyError, request: FastifyRequest): ApiError | null {
  if (error instanceof ApiError) return error;
  if (error instanceof InvalidInput) return new ApiError(400, 'invalid', error.message, { cause: error });
  if (error instanceof CloudUnavailable) return ofCloud(error, request);
  const { statusCode = 500 } = error;
  if (statusCode < 400 || statusCode >= 500) return invalid(error);
  return invalid(error) ?? ofFramework(statusCode, error);
}

/** Trying again helps where something is away, and not where the project shuts the service out. */
function ofCloud(error: CloudUnavailable, { language }: FastifyRequest): ApiError {
  const text = explain(error.reason, language);
  if (isShutOut(error)) {
    return new ApiError(409, 'shut-out', text, { hint: 'ask your operator for it; nothing was changed', cause: error });
  }
  const { retryAfterMs } = error;
  const headers = retryAfterMs === null ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
  const hint = 'try again in a minute; nothing was changed';
  return new ApiError(503, 'cloud-unavailable', text, { hint, headers, cause: error });
}

const ofFramework = (status: number, error: Error): ApiError =>
  new ApiError(status, TITLES[status] ?? 'invalid', error.message, { hint: HINTS[status] ?? SEE, cause: error });

/** A body that is refused is let in to its end, up to this length: who is cut while he sends it, a proxy too, never hears why. */
const LET_IN_BYTES = 2 ** 20;
const endsSoon = ({ headers }: FastifyRequest): boolean => Number(headers['content-length']) <= LET_IN_BYTES;

export const answerError =
  (log: Log) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const answer = known(error, request);
    // Node reads on by itself where the connection stays; fastify would close it.
    if (answer?.status === 413 && endsSoon(request)) reply.removeHeader('connection');
    if (answer) return reply.code(answer.status).headers(answer.headers).send(body(request, answer));
    log.error('http.failed', { request: request.id, route: request.routeOptions.url ?? '', error: String(error) });
    const fault = new ApiError(500, 'internal', 'this request failed by a fault of the service', {
      hint: 'give its request_id to your operator, who finds it in the log',
    });
    return reply.code(500).send(body(request, fault));
  };

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = new ApiError(404, 'no-route', `there is no ${request.method} ${request.url.split('?')[0]}`, {
    hint: 'see /v1/openapi.json for what there is',
  });
  return reply.code(404).send(body(request, error));
}

/** A path that cannot be decoded: no route is looked for, and no hook has run. */
export function answerBadUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = ofFramework(error.statusCode ?? 400, new Error('the path of this request cannot be decoded'));
  return reply.code(answer.status).header('x-openstack-request-id', request.id).send(body(request, answer));
}

const GARBLED: Readonly<Record<string, readonly [status: number, title: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'headers-too-large', 'the headers of this request are longer than 16 KiB'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'timeout', 'this request did not come in time'],
};

/** What is no request, or none in time: it is answered by hand, and its connection closed. */
export function answerGarbled(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, title, message] = GARBLED[error.code ?? ''] ?? [400, 'garbled', 'this is no request of HTTP'];
  const id = `req-${randomUUID()}`;
  const hint = 'send it anew, on a connection of its own';
  const text = JSON.stringify(body({ id }, new ApiError(status, title, message, { hint })));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    `X-OpenStack-Request-Id: ${id}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}

import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { InvalidInput, type Language } from '../../../lib/core/index.ts';
import { CloudUnavailable, isShutOut } from '../../ports/cloud.ts';
import type { Log } from '../../ports/log.ts';
import type { ErrorBody } from '../contract/common.ts';
import { refusal } from '../refusals/index.ts';
import { ApiError } from './error.ts';

/** Of what fastify itself refuses. */
const TITLES: Readonly<Record<number, string>> = { 413: 'too-large', 415: 'unsupported-media-type' };
const HINTS: Readonly<Record<number, string>> = {
  413: 'a body has at most 64 KiB',
  415: 'send the body as JSON, with Content-Type: application/json',
};
const SEE = 'see /v1/openapi.json for what this route takes';

type Asked = Pick<FastifyRequest, 'id' | 'language'>;

/** What it says to who asked, and in which language. */
function written(
  { id, language: wished }: Asked,
  error: ApiError,
): { readonly body: ErrorBody; readonly language: Language } {
  const { status, title, details } = error;
  const { words, language } = error.said(wished);
  const [message, hint] = words;
  return {
    body: { error: { code: status, title, message, hint, request_id: id, ...(details && { details }) } },
    language,
  };
}

function send(error: ApiError, request: Asked, reply: FastifyReply): FastifyReply {
  const { body, language } = written(request, error);
  return reply
    .code(error.status)
    .headers({ ...error.headers, 'content-language': language })
    .send(body);
}

/** The first field that is wrong, and what is wrong with it. */
function invalid(error: FastifyError): ApiError | null {
  if (!hasZodFastifySchemaValidationErrors(error)) return null;
  const [issue] = error.validation;
  const field = issue?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  const text = `${error.validationContext ?? 'request'}${field === '' ? '' : ` field ${field}`}: ${issue?.message ?? 'is not valid'}`;
  return new ApiError(400, 'invalid', text, { hint: SEE, cause: error });
}

/** Which answer an error is; null: a fault of ours. */
function known(error: FastifyError): ApiError | null {
  if (error instanceof ApiError) return error;
  if (error instanceof InvalidInput) return new ApiError(400, 'invalid', error.message, { cause: error });
  if (error instanceof CloudUnavailable) return ofCloud(error);
  const { statusCode = 500 } = error;
  if (statusCode < 400 || statusCode >= 500) return invalid(error);
  return invalid(error) ?? ofFramework(statusCode, error);
}

/** Trying again helps where something is away, and not where the project shuts the service out. */
function ofCloud(error: CloudUnavailable): ApiError {
  const { reason: because, retryAfterMs } = error;
  if (isShutOut(error)) return refusal('shut-out', { because }, { cause: error });
  const headers = retryAfterMs === null ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
  return refusal('cloud-unavailable', { because }, { headers, cause: error });
}

const ofFramework = (status: number, error: Error): ApiError =>
  new ApiError(status, TITLES[status] ?? 'invalid', error.message, { hint: HINTS[status] ?? SEE, cause: error });

/** A body that is refused is let in to its end, up to this length: who is cut while he sends it, a proxy too, never hears why. */
const LET_IN_BYTES = 2 ** 20;
const endsSoon = ({ headers }: FastifyRequest): boolean => Number(headers['content-length']) <= LET_IN_BYTES;

export const answerError =
  (log: Log) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const answer = known(error);
    // Node reads on by itself where the connection stays; fastify would close it.
    if (answer?.status === 413 && endsSoon(request)) reply.removeHeader('connection');
    if (answer) return send(answer, request, reply);
    log.error('http.failed', { request: request.id, route: request.routeOptions.url ?? '', error: String(error) });
    return send(refusal('internal', {}), request, reply);
  };

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = new ApiError(404, 'no-route', `there is no ${request.method} ${request.url.split('?')[0]}`, {
    hint: 'see /v1/openapi.json for what there is',
  });
  return send(error, request, reply);
}

/** A path that cannot be decoded: no route is looked for, and no hook has run. */
export function answerBadUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = ofFramework(error.statusCode ?? 400, new Error('the path of this request cannot be decoded'));
  return send(answer, request, reply.header('x-openstack-request-id', request.id));
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
  const { body } = written({ id, language: 'en' }, new ApiError(status, title, message, { hint }));
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    `X-OpenStack-Request-Id: ${id}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}

import { Stopped } from './call.ts';
import { type Delivery, type ErrorCode, OpenStackError } from './errors.ts';
import { type Redact, redactCause } from './redact.ts';

/** A body beyond the cap; thrown by the reader of the body. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the answer is longer than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

/** A request that got no full answer, as far as this side saw it. */
export interface Attempt {
  readonly method: string;
  readonly url: string;
  readonly sentRequestId: string;
  /** Whether it was handed to fetch. */
  readonly sent: boolean;
  /** Of the answer that began. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
}

/** URL, name, connection and certificate come before the first byte of a request. */
const NEVER_SENT = new Set(['ERR_INVALID_URL', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
const CERTIFICATE = /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

interface Failure {
  readonly code: ErrorCode;
  readonly delivery: Delivery;
  readonly next: string;
}

/** What a failed attempt means. */
export function connectionError(cause: unknown, attempt: Attempt, redact: Redact): OpenStackError {
  const { code, delivery, next } = failureOf(cause, attempt);
  return new OpenStackError(`${attempt.method} ${attempt.url}: ${redact(reasonOf(cause)).slice(0, 300)}; ${next}`, {
    code,
    delivery,
    status: attempt.status,
    requestId: attempt.requestId,
    sentRequestId: attempt.sentRequestId,
    method: attempt.method,
    url: attempt.url,
    cause: redactCause(cause, redact),
  });
}

function failureOf(cause: unknown, attempt: Attempt): Failure {
  const delivery: Delivery = attempt.sent ? 'unknown' : 'not-sent';
  if (cause instanceof Stopped) {
    return cause.by === 'signal'
      ? { code: 'aborted', delivery, next: 'its caller gave it up' }
      : { code: 'timeout', delivery, next: 'see whether the service is overloaded, or give it more time' };
  }
  if (!attempt.sent) return { code: 'aborted', delivery, next: 'it was not let out, so nothing was sent' };
  if (cause instanceof BodyTooLarge) {
    return { code: 'too-large', delivery: 'answered', next: 'check that this is the right URL, or raise maxBodyBytes' };
  }
  if (attempt.status === undefined && surelyNotSent(cause)) {
    return {
      code: 'connection',
      delivery: 'not-sent',
      next: 'check the URL, the name, the network and the certificate',
    };
  }
  return { code: 'connection', delivery, next: 'the connection broke, so the request may have been carried out' };
}

/**
 * True only when the connection itself failed. `syscall` tells: undici fails a written request with `read`, `write` or no
 * syscall, and a request that waits for a connection with `connect` or `getaddrinfo`; with several addresses it is an
 * AggregateError of one error each.
 */
export function surelyNotSent(error: unknown, depth = 3): boolean {
  if (!(error instanceof Error) || depth === 0) return false;
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.every((one) => surelyNotSent(one, depth - 1));
  }
  const syscall = Reflect.get(error, 'syscall');
  const code = Reflect.get(error, 'code');
  if (typeof syscall === 'string') return syscall === 'connect' || syscall === 'getaddrinfo';
  if (typeof code === 'string') return NEVER_SENT.has(code) || CERTIFICATE.test(code);
  return surelyNotSent(error.cause, depth - 1);
}

/** fetch says "fetch failed"; the reason is in its cause, or in the causes of that. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ');
  if (error instanceof TypeError && error.cause instanceof Error) return reasonOf(error.cause);
  return error.message || error.name;
}

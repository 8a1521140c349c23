/**
 * What went wrong, as one word:
 * - `busy` the instance or backup is in another action (422) · `quota` no unit left (413) · `rate` too many requests (413, 429)
 * - `swift-unavailable` Trove could not reach the project's Swift account (a 401 that is not the token's)
 * - `unauthorized` Keystone or Trove refused the credentials or the token · `no-role` the credentials are right, but the
 *   user has no role on the project, or there is no such project · `no-trust` they are right, but the trust does not hold
 * - `forbidden` a role is missing for this call
 * - `not-found` Trove says itemNotFound: `resourceId` is the id it names, which is not always the one asked for
 * - `bad-request` · `conflict` · `server` (5xx) · `timeout` · `connection` · `aborted` by the caller's signal
 * - `malformed` an answer of the wrong shape: `field` names it · `too-large` a body beyond the cap
 * - `incomplete` a list kept moving while it was read · `no-endpoint` the catalogue has no such service
 */
export type ErrorCode =
  | 'busy'
  | 'quota'
  | 'rate'
  | 'swift-unavailable'
  | 'unauthorized'
  | 'no-role'
  | 'no-trust'
  | 'forbidden'
  | 'not-found'
  | 'bad-request'
  | 'conflict'
  | 'server'
  | 'timeout'
  | 'connection'
  | 'aborted'
  | 'malformed'
  | 'too-large'
  | 'incomplete'
  | 'no-endpoint';

/**
 * How far the request got. `not-sent`: it surely never reached the service. `answered`: a full answer came back.
 * `unknown`: anything else; it may have been carried out, or may be yet.
 */
export type Delivery = 'not-sent' | 'unknown' | 'answered';

export interface ErrorDetails {
  readonly code: ErrorCode;
  readonly delivery: Delivery;
  readonly status?: number | undefined;
  /** The service's own id of the request (`x-openstack-request-id`), where it sends one: Keystone does, Trove 18 does not. */
  readonly requestId?: string | undefined;
  /** The id this client sent along, the same for all attempts of one call. */
  readonly sentRequestId?: string | undefined;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly resourceId?: string | undefined;
  readonly field?: string | undefined;
  readonly cause?: unknown;
}

/** The one error this client throws. Its message says what to do next; it never holds a password or a token. */
export class OpenStackError extends Error {
  override readonly name = 'OpenStackError';
  readonly code: ErrorCode;
  readonly delivery: Delivery;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly sentRequestId: string | undefined;
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly resourceId: string | undefined;
  readonly field: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.delivery = details.delivery;
    this.status = details.status;
    this.requestId = details.requestId;
    this.sentRequestId = details.sentRequestId;
    this.method = details.method;
    this.url = details.url;
    this.retryAfterMs = details.retryAfterMs;
    this.resourceId = details.resourceId;
    this.field = details.field;
  }

  /** The same error, seen from a call that needed this one first: the call itself was never sent. */
  asNotSent(): OpenStackError {
    return this.delivery === 'not-sent'
      ? this
      : new OpenStackError(this.message, { ...this, delivery: 'not-sent', cause: this.cause });
  }
}

/**
 * Whether a POST or DELETE that ended in this error may still have an effect, now or later. False only for a request that
 * was never sent and for a full answer of 4xx or 501. A 500 may leave a row behind (Trove: trove/backup/models.py, where
 * the row is made before the order goes out), and a 202 that could not be read was carried out.
 */
export function mayHaveHappened(error: unknown): boolean {
  if (!(error instanceof OpenStackError)) return true;
  if (error.delivery === 'not-sent') return false;
  const { delivery, status = 0 } = error;
  return !(delivery === 'answered' && ((status >= 400 && status < 500) || status === 501));
}

import { type ErrorCode, OpenStackError } from './errors.ts';
import type { HttpAnswer } from './http.ts';

/** What an answer other than 2xx says. */
interface Fault {
  readonly status: number;
  /** The key Trove puts around it (trove/common/wsgi.py Fault), `text` for a JSON text, undefined for anything else. */
  readonly kind: string | undefined;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

interface Row {
  readonly when: (fault: Fault) => boolean;
  readonly code: ErrorCode;
  /** What to do next. */
  readonly next: string;
}

/** One odd header must not stop work for a day: who asks to be left alone for longer is asked again after this. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;
const KEYSTONE_NOT_FOUND = /^Could not find [a-z ]+: (\S+)\.$/;
const TROVE_NOT_FOUND = /Resource (\S+) cannot be found/;
const SWIFT = /^(Swift account not accessible|Cannot connect to Swift|Swift is disabled)/;
const status = (from: number, to: number) => (fault: Fault) => fault.status >= from && fault.status <= to;

/** First match wins. Statuses alone do not tell: a 401 may be Swift's, a 413 a quota or a rate, a 403 Nova's. */
const ROWS: readonly Row[] = [
  {
    // Trove: trove/common/exception.py SwiftAuthError (401), SwiftNotFound (404), SwiftConnectionError (500)
    when: (fault) => SWIFT.test(fault.message),
    code: 'swift-unavailable',
    next: "see whether Swift runs and whether the user's role is among its operator_roles",
  },
  {
    // Trove: trove/common/wsgi.py OverLimitFault
    when: (fault) =>
      fault.status === 429 ||
      (fault.status === 413 && (fault.retryAfterMs !== undefined || /rate-limited/.test(fault.message))),
    code: 'rate',
    next: 'wait, or raise the http_*_rate limits of Trove',
  },
  {
    // Trove: trove/common/exception.py QuotaExceeded
    when: (fault) => fault.status === 413 && fault.kind === 'overLimit',
    code: 'quota',
    next: 'delete something or ask for a higher quota of the project',
  },
  {
    // Trove: trove/common/auth.py admin_context
    when: (fault) => fault.status === 401 && /admin privileges/.test(fault.message),
    code: 'forbidden',
    next: 'this call needs an admin role on the project of the token',
  },
  {
    when: status(401, 401),
    code: 'unauthorized',
    next: 'check user, domain and password, or what else signs in; a token may have expired',
  },
  {
    // Trove: trove/extensions/mgmt/instances/service.py answers a failure of Nova so
    when: (fault) => fault.status === 403 && fault.kind === 'text',
    code: 'server',
    next: 'a service behind Trove failed; see whether Nova runs',
  },
  {
    // Another client's failure in Trove's own words: novaclient's ends in "(HTTP 503)" (novaclient/exceptions.py)
    when: (fault) => fault.status === 400 && /\(HTTP 5\d\d\)/.test(fault.message),
    code: 'server',
    next: 'a service behind Trove failed; see whether Nova runs',
  },
  {
    when: status(403, 403),
    code: 'forbidden',
    next: 'the role of the user does not allow it, or the token is of another project',
  },
  {
    // Trove's, or Keystone's (keystone/exception.py NotFound); not that of a URL that is not there
    when: (fault) => fault.status === 404 && (fault.kind === 'itemNotFound' || KEYSTONE_NOT_FOUND.test(fault.message)),
    code: 'not-found',
    next: 'the message names what is missing, which need not be what was asked for',
  },
  { when: status(404, 404), code: 'bad-request', next: 'this is not how the service says "not found": check the URL' },
  { when: status(409, 409), code: 'conflict', next: 'look at its state and try again' },
  { when: status(422, 422), code: 'busy', next: 'try again when the action that runs has ended' },
  { when: status(400, 499), code: 'bad-request', next: 'correct the request' },
  { when: status(501, 501), code: 'bad-request', next: 'the datastore or the cluster does not support it' },
  { when: status(500, 599), code: 'server', next: "look into the service's log for the request id" },
];

const OTHERWISE: Pick<Row, 'code' | 'next'> = {
  code: 'malformed',
  next: 'neither an answer nor an error: check the URL',
};

/** Throws unless the status is 2xx. */
export function assertOk(answer: HttpAnswer, nowUtc: number): void {
  if (answer.status >= 200 && answer.status < 300) return;
  throw faultError(answer, nowUtc);
}

function faultError(answer: HttpAnswer, nowUtc: number): OpenStackError {
  const fault = readFault(answer, nowUtc);
  const { method, url } = answer.request;
  const { code, next } = ROWS.find(({ when }) => when(fault)) ?? OTHERWISE;
  const said = fault.message === '' ? 'no reason given' : fault.message.replace(/\.$/, '');
  return new OpenStackError(`${method} ${url}: ${fault.status}, ${said}; ${next}`, {
    code,
    delivery: 'answered',
    status: fault.status,
    requestId: answer.requestId,
    sentRequestId: answer.sentRequestId,
    method,
    url,
    retryAfterMs: fault.retryAfterMs,
    // Trove: trove/common/exception.py NotFound
    resourceId: code === 'not-found' ? missing(fault.message) : undefined,
  });
}

function missing(message: string): string | undefined {
  return (TROVE_NOT_FOUND.exec(message) ?? KEYSTONE_NOT_FOUND.exec(message))?.[1];
}

function readFault(answer: HttpAnswer, nowUtc: number): Fault {
  const { kind, message } = readBody(answer.text);
  return {
    status: answer.status,
    kind,
    message: plain(answer.redact(message)),
    retryAfterMs: retryAfterMs(answer.headers.get('retry-after'), nowUtc),
  };
}

/** `{"<kind>": {"message"}}`, `{"message"}`, a JSON text, or what a proxy says in HTML. */
function readBody(text: string): { kind: string | undefined; message: string } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { kind: undefined, message: text };
  }
  if (typeof body === 'string') return { kind: 'text', message: body };
  const top = messageOf(body);
  if (top !== undefined) return { kind: undefined, message: top };
  const [kind, inner] = Object.entries(body ?? {})[0] ?? [];
  return { kind, message: messageOf(inner) ?? '' };
}

function messageOf(body: unknown): string | undefined {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof message === 'string' ? message : undefined;
}

/** Without tags, on one line, and short. */
function plain(message: string): string {
  return message
    .slice(0, 4_000)
    .replace(/<head[\s\S]*?<\/head>|<[^>]*>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}

/** In seconds or as a date (RFC 9110, 10.2.3), and no longer than is believed. */
function retryAfterMs(header: string | null, nowUtc: number): number | undefined {
  if (header === null) return undefined;
  const waitMs = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowUtc;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), LONGEST_RETRY_AFTER_MS);
}

import type { Refusal } from './event.ts';

/** Thrown inside this folder only; `parseNotification` turns it into its answer. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly reason: Refusal;

  constructor(reason: Refusal) {
    super(reason.rule);
    this.reason = reason;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Ids are 32 or 36 characters, event types some 40; a longer one is not Trove's, and would be stored. */
const LONGEST = 255;

/** One for all messages: it holds nothing between two calls, and making one costs more than most messages. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

export function readText(body: string | Uint8Array, maxBytes: number): string {
  // A caller in plain JavaScript may hand over anything.
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) throw wrong('body', 'a text or bytes');
  // A text has at least a byte a character, so a huge one is not encoded only to be refused.
  const bytes = typeof body !== 'string' ? body.byteLength : body.length > maxBytes ? body.length : utf8Length(body);
  if (bytes > maxBytes) throw new Refused({ rule: 'too-large', params: { bytes, maxBytes } });
  if (typeof body === 'string') return body;
  try {
    return UTF8.decode(body);
  } catch {
    throw new Refused({ rule: 'not-utf8', params: {} });
  }
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

export function readObject(text: string, part: 'body' | 'oslo.message'): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refused({ rule: 'not-json', params: { part } });
  }
  return asObject(value, part);
}

export function asObject(value: unknown, field: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw wrong(field, 'an object');
}

export function asText(value: unknown, field: string): string {
  const text = asOptionalText(value, field);
  if (text === undefined) throw wrong(field, 'a text');
  return text;
}

/** Null, nothing and an empty text are all "not said": services without a project send "". */
export function asOptionalText(value: unknown, field: string): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value !== 'string' || value.length > LONGEST)
    throw wrong(field, `a text of at most ${LONGEST} characters`);
  // JSON can write half a character, and what goes into a URL or a file then throws or becomes another text.
  if (!value.isWellFormed()) throw wrong(field, 'a text of whole characters');
  return value;
}

const TIME = /^(\d{4}-\d\d-(\d\d))[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|\+00:00)?$/;

/** oslo.messaging writes `str(utcnow())`: UTC without saying so. (oslo_messaging/notify/notifier.py) */
export function asUtc(value: unknown, field: string): number {
  const match = TIME.exec(asText(value, field));
  const utc = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[3]}Z`);
  // Date.parse takes the 30th of February for a day in March, and NaN is no day at all.
  if (new Date(utc).getUTCDate() !== Number(match?.[2])) throw wrong(field, 'a time in UTC');
  return utc;
}

export function wrong(field: string, expected: string): Refused {
  return new Refused({ rule: 'wrong-field', params: { field, expected } });
}

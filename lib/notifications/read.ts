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

export function readText(body: string | Uint8Array, maxBytes: number): string {
  // A text has at least a byte a character, so a huge one is not encoded only to be refused.
  const bytes = typeof body !== 'string' ? body.byteLength : body.length > maxBytes ? body.length : utf8Length(body);
  if (bytes > maxBytes) throw new Refused({ rule: 'too-large', params: { bytes, maxBytes } });
  if (typeof body === 'string') return body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
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
  if (typeof value === 'string' && value.length <= LONGEST) return value;
  throw wrong(field, `a text of at most ${LONGEST} characters`);
}

const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|\+00:00)?$/;

/** oslo.messaging writes `str(utcnow())`: UTC without saying so. (oslo_messaging/notify/notifier.py) */
export function asUtc(value: unknown, field: string): number {
  const match = TIME.exec(asText(value, field));
  const utc = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}Z`);
  if (Number.isNaN(utc)) throw wrong(field, 'a time in UTC');
  return utc;
}

export function wrong(field: string, expected: string): Refused {
  return new Refused({ rule: 'wrong-field', params: { field, expected } });
}

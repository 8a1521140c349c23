import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ParseResult, parseNotification, type Refusal } from '../../lib/notifications/index.ts';
import { CAPTURED } from './captured.ts';

const RULES: readonly Refusal['rule'][] = ['too-large', 'not-utf8', 'not-json', 'wrong-field'];

/** An event whose ids can be stored and asked for, or a refusal by a known rule. */
function isAnswer(result: ParseResult): boolean {
  if (result.kind === 'refused') return RULES.includes(result.reason.rule);
  const { eventType, messageId, timestampUtc, instanceId, projectId, backupId } = result.event;
  const texts = [eventType, messageId, instanceId, projectId, backupId].filter((text) => text !== undefined);
  return texts.every((text) => text !== '' && encodeURIComponent(text) !== '') && Number.isSafeInteger(timestampUtc);
}
const answers = (body: string | Uint8Array): boolean => isAnswer(parseNotification(body));
const enveloped = (inner: string): string => JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': inner });
const always = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => boolean): void =>
  fc.assert(fc.property(arbitrary, holds), { numRuns: 1_000 });

const captured = fc.constantFrom(...CAPTURED.map(({ body }) => body));
const bytes = captured.map((body) => new TextEncoder().encode(body));

const message = (change: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    message_id: 'm1',
    event_type: 'trove.instance.create',
    timestamp: '2026-11-22 06:38:42.530167',
    payload: { instance_id: 'i1', backup_id: 'b1', tenant_id: 'p1' },
    ...change,
  });

describe('whatever comes is an event or refused by name', () => {
  it('of bytes', () => {
    always(fc.uint8Array({ maxLength: 200 }), answers);
  });

  it('of text, bare or in the envelope', () => {
    always(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => answers(text) && answers(enveloped(text)));
  });

  it('of a captured message that is cut', () => {
    always(fc.tuple(bytes, fc.nat()), ([body, at]) => answers(body.subarray(0, at % body.length)));
  });

  it('of a captured message with bytes changed', () => {
    const change = fc.tuple(fc.nat(), fc.nat(255));
    always(fc.tuple(bytes, fc.array(change, { minLength: 1, maxLength: 5 })), ([body, changes]) => {
      for (const [at, to] of changes) body[at % body.length] = to;
      return answers(body);
    });
  });

  it('of two captured messages run together', () => {
    always(fc.tuple(captured, captured, fc.nat()), ([a, b, at]) => answers(a.slice(0, at % a.length) + b));
  });

  it('of messages with anything in their fields', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('i1', '2026-11-22 06:38:42.5', 'dbaas.backup_create.end', '\ud800', '\u0000', 'x'.repeat(300)),
      fc.constantFrom(1e308, -0, 2 ** 53, Number.MAX_SAFE_INTEGER),
    );
    const payload = fc.record({ instance_id: anything, backup_id: anything, tenant_id: anything });
    const fields = { message_id: anything, event_type: anything, timestamp: anything };
    always(fc.record({ ...fields, payload: fc.oneof(anything, payload) }, { requiredKeys: [] }), (change) =>
      answers(message(change)),
    );
  });

  const DEEP = 100_000;
  it.each([
    { what: 'lists in lists', body: '['.repeat(DEEP) + ']'.repeat(DEEP) },
    { what: 'objects in objects', body: `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}` },
    { what: 'envelopes in envelopes', body: enveloped(enveloped(enveloped(message({})))) },
    {
      what: 'a payload of lists in lists',
      body: message({}).replace('"i1"', `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`),
    },
    { what: 'a number without end', body: message({}).replace('"m1"', '9'.repeat(100_000)) },
    { what: 'a number beyond all numbers', body: message({}).replace('"m1"', '1e999999') },
    {
      what: 'a fraction of a second without end',
      body: message({ timestamp: `2026-11-22 06:38:42.${'1'.repeat(230)}` }),
    },
    { what: 'a key twice', body: `{"payload":5,${message({}).slice(1)}` },
    { what: 'a key of the prototype', body: `{"__proto__":{"payload":1},${message({}).slice(1)}` },
    {
      what: 'a constructor in the payload',
      body: message({ payload: { constructor: 1, toString: 2, instance_id: 'i' } }),
    },
    { what: 'half a character', body: message({ event_type: '\udfff' }) },
    { what: 'nulls', body: '\u0000'.repeat(100) },
    { what: 'a byte order mark', body: `\ufeff${message({})}` },
  ])('of $what', ({ body }) => {
    expect(answers(body)).toBe(true);
    expect(answers(new TextEncoder().encode(body))).toBe(true);
    expect(answers(enveloped(body))).toBe(true);
  });

  it.each([null, undefined, 5, Symbol('x'), [], {}, () => undefined, new ArrayBuffer(8), new Date()])(
    'of what is no body at all: %s',
    (body) => {
      const { kind } = parseNotification(body as unknown as string);
      expect(kind).toBe('refused');
    },
  );

  it('of bytes whose memory is gone or shared', () => {
    const gone = new Uint8Array(new ArrayBuffer(8));
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    expect(answers(gone)).toBe(true);
    expect(answers(new Uint8Array(new SharedArrayBuffer(8)))).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { type NotificationEvent, parseNotification, type Refusal } from '../../lib/notifications/index.ts';
import { eventOf } from './captured.ts';

const message = (change: object = {}, payload: unknown = { instance_id: 'i1', backup_id: 'b1', tenant_id: 'p1' }) => ({
  message_id: 'm1',
  event_type: 'trove.instance.create',
  timestamp: '2026-11-22 06:38:42.530167',
  payload,
  ...change,
});
const parse = (value: unknown) => parseNotification(JSON.stringify(value));

describe('an event', () => {
  const rows: readonly (readonly [string, NotificationEvent['type']])[] = [
    ['trove.instance.modify_volume', 'instance.changed'],
    ['trove.instance.modify_flavor', 'instance.changed'],
    ['dbaas.upgrade.end', 'instance.changed'],
    ['dbaas.upgrade.error', 'instance.changed'],
    ['dbaas.upgrade.start', 'other'],
    ['dbaas.instance_detach.end', 'instance.changed'],
    ['dbaas.instance_promote.end', 'instance.changed'],
    ['dbaas.instance_eject.end', 'instance.changed'],
    ['dbaas.instance_reset_status.end', 'instance.changed'],
    ['dbaas.instance_delete.error', 'instance.changed'],
    ['dbaas.backup_create.error', 'other'],
    ['dbaas.backup_delete.error', 'other'],
    ['dbaas.cluster_create.end', 'other'],
    ['dbaas.user_create.end', 'other'],
    ['dbaas.quota', 'other'],
    ['compute.instance.create.end', 'other'],
    ['xdbaas.backup_delete.end', 'other'],
  ];
  it.each(rows)('%s is %s', (eventType, type) => {
    expect(parse(message({ event_type: eventType }))).toMatchObject({ kind: 'event', event: { type, eventType } });
  });

  it.each([
    ['2026-11-22 06:38:42', '2026-11-22T06:38:42.000Z'],
    ['2026-11-22T06:38:42.5Z', '2026-11-22T06:38:42.500Z'],
    ['2026-11-22 06:38:42.530167+00:00', '2026-11-22T06:38:42.530Z'],
  ])('of %s was sent at %s, whatever the zone here', (timestamp, utc) => {
    expect(eventOf(parse(message({ timestamp }))).timestampUtc).toBe(Date.parse(utc));
  });

  it('has the project of its context where the payload has none, and none where nobody says it', () => {
    const payload = { instance_id: 'i1', tenant_id: null };
    expect(eventOf(parse(message({ _context_project_id: 'p2' }, payload))).projectId).toBe('p2');
    expect(eventOf(parse(message({ _context_project_id: '' }, payload)))).not.toHaveProperty('projectId');
  });

  it('does not read what an object inherits', () => {
    const body = '{"__proto__":{"payload":{"instance_id":"i"}},"message_id":"m","event_type":"e","timestamp":"x"}';
    expect(parseNotification(body)).toMatchObject({ reason: { rule: 'wrong-field', params: { field: 'payload' } } });
  });
});

describe('a message is refused by name', () => {
  const bytes = (...values: number[]) => new Uint8Array(values);
  const wrong = (field: string, expected: string): Refusal => ({ rule: 'wrong-field', params: { field, expected } });
  const long = 'x'.repeat(256);
  const rows: readonly { readonly what: string; readonly body: string | Uint8Array; readonly reason: Refusal }[] = [
    { what: 'nothing', body: '', reason: { rule: 'not-json', params: { part: 'body' } } },
    { what: 'half of one', body: '{"oslo.mess', reason: { rule: 'not-json', params: { part: 'body' } } },
    { what: 'bytes that are no UTF-8', body: bytes(0x7b, 0xff, 0x7d), reason: { rule: 'not-utf8', params: {} } },
    { what: 'brackets without end', body: '['.repeat(500_000), reason: { rule: 'not-json', params: { part: 'body' } } },
    { what: 'a list', body: '[]', reason: wrong('body', 'an object') },
    { what: 'null', body: 'null', reason: wrong('body', 'an object') },
    { what: 'a number', body: '5', reason: wrong('body', 'an object') },
    { what: 'an envelope around an object', body: '{"oslo.message":{}}', reason: wrong('oslo.message', 'a text') },
    {
      what: 'an envelope around no JSON',
      body: '{"oslo.message":"{"}',
      reason: { rule: 'not-json', params: { part: 'oslo.message' } },
    },
    { what: 'an envelope around a list', body: '{"oslo.message":"[]"}', reason: wrong('oslo.message', 'an object') },
    {
      what: 'no payload',
      body: JSON.stringify({ ...message(), payload: null }),
      reason: wrong('payload', 'an object'),
    },
    { what: 'no event type', body: JSON.stringify(message({ event_type: '' })), reason: wrong('event_type', 'a text') },
    { what: 'no id', body: JSON.stringify(message({ message_id: null })), reason: wrong('message_id', 'a text') },
    {
      what: 'an id that is a number',
      body: JSON.stringify(message({ message_id: 5 })),
      reason: wrong('message_id', 'a text of at most 255 characters'),
    },
    {
      what: 'an id beyond all measure',
      body: JSON.stringify(message({}, { instance_id: long })),
      reason: wrong('payload.instance_id', 'a text of at most 255 characters'),
    },
    { what: 'no time', body: JSON.stringify(message({ timestamp: undefined })), reason: wrong('timestamp', 'a text') },
    {
      what: 'a time of another zone',
      body: JSON.stringify(message({ timestamp: '2026-11-22 06:38:42+07:00' })),
      reason: wrong('timestamp', 'a time in UTC'),
    },
    {
      what: 'a time that never was',
      body: JSON.stringify(message({ timestamp: '2026-13-22 06:38:42' })),
      reason: wrong('timestamp', 'a time in UTC'),
    },
    {
      what: 'a day that never was',
      body: JSON.stringify(message({ timestamp: '2026-02-30 06:38:42' })),
      reason: wrong('timestamp', 'a time in UTC'),
    },
    {
      what: 'the hour after the last',
      body: JSON.stringify(message({ timestamp: '2026-11-22 24:00:00' })),
      reason: wrong('timestamp', 'a time in UTC'),
    },
    {
      what: 'half a character in an id',
      body: JSON.stringify(message({}, { instance_id: 'i\ud800' })),
      reason: wrong('payload.instance_id', 'a text of whole characters'),
    },
    {
      what: 'what is neither text nor bytes',
      body: null as unknown as string,
      reason: wrong('body', 'a text or bytes'),
    },
    {
      what: 'an object that was parsed already',
      body: message() as unknown as string,
      reason: wrong('body', 'a text or bytes'),
    },
    {
      what: 'an instance without id',
      body: JSON.stringify(message({}, {})),
      reason: wrong('payload.instance_id', 'a text'),
    },
    {
      what: 'a backup without id',
      body: JSON.stringify(message({ event_type: 'dbaas.backup_create.end' }, { instance_id: 'i1' })),
      reason: wrong('payload.backup_id', 'a text'),
    },
    {
      what: 'too many bytes',
      body: new Uint8Array(2 ** 20 + 1),
      reason: { rule: 'too-large', params: { bytes: 1_048_577, maxBytes: 1_048_576 } },
    },
    {
      what: 'too many characters',
      body: 'x'.repeat(2 ** 20 + 1),
      reason: { rule: 'too-large', params: { bytes: 1_048_577, maxBytes: 1_048_576 } },
    },
    {
      what: 'characters of too many bytes',
      body: 'é'.repeat(2 ** 20),
      reason: { rule: 'too-large', params: { bytes: 2_097_152, maxBytes: 1_048_576 } },
    },
  ];
  it.each(rows)('$what', ({ body, reason }) => {
    expect(parseNotification(body)).toEqual({ kind: 'refused', reason });
  });

  it('by a limit of the caller', () => {
    expect(parseNotification('{}', { maxBytes: 1 })).toMatchObject({ reason: { rule: 'too-large' } });
    expect(parseNotification('{}', { maxBytes: 2 })).toMatchObject({ reason: { rule: 'wrong-field' } });
  });
});

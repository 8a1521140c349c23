import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type NotificationEvent,
  type ParseResult,
  parseNotification,
  type Refusal,
} from '../../lib/notifications/index.ts';

interface Captured {
  readonly set: string;
  readonly body: string;
}

const CAPTURED: readonly Captured[] = readFileSync(
  new URL('../fixtures/captures/notifications.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

function eventOf(result: ParseResult): NotificationEvent {
  if (result.kind === 'event') return result.event;
  throw new Error(`refused: ${JSON.stringify(result.reason)}`);
}

const events = CAPTURED.map(({ set, body }) => ({ set, event: eventOf(parseNotification(body)) }));

describe('the recorded messages', () => {
  it('are all events, of these types', () => {
    const counts: Record<string, number> = {};
    for (const { event } of events) {
      const key = `${event.type} ${event.eventType}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    expect(events).toHaveLength(52);
    expect(counts).toEqual({
      'instance.created trove.instance.create': 6,
      'instance.created dbaas.instance_create.end': 6,
      'instance.deleted trove.instance.delete': 5,
      'instance.deleted dbaas.instance_delete.end': 5,
      'instance.changed dbaas.instance_create.error': 1,
      'instance.changed dbaas.instance_restart.end': 1,
      'instance.changed dbaas.instance_resize_volume.error': 1,
      'instance.changed dbaas.instance_resize_instance.error': 1,
      'instance.exists trove.instance.exists': 2,
      'instance.restoring dbaas.instance_create.start': 1,
      'backup.created dbaas.backup_create.end': 3,
      'backup.deleted dbaas.backup_delete.end': 2,
      'other dbaas.instance_create.start': 6,
      'other dbaas.instance_delete.start': 5,
      'other dbaas.instance_restart.start': 1,
      'other dbaas.instance_resize_volume.start': 1,
      'other dbaas.instance_resize_instance.start': 1,
      'other dbaas.backup_create.start': 3,
      'other dbaas.backup_delete.start': 1,
    });
  });

  it('all name the project of the tenant', () => {
    expect(new Set(events.map(({ event }) => event.projectId))).toEqual(new Set(['e8f4f57e1a794d6ca2e3c4eb3ce9596e']));
  });

  it('are the same with and without the envelope', () => {
    const bare = CAPTURED.filter(({ set }) => set.startsWith('driver messaging'));
    expect(bare.every(({ body }) => !body.includes('oslo.message'))).toBe(true);
    expect(bare).toHaveLength(5);
    for (const { body } of bare) {
      const wrapped = JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': body });
      expect(parseNotification(wrapped)).toEqual(parseNotification(body));
    }
  });

  it('are the same as bytes', () => {
    for (const { body } of CAPTURED) {
      expect(parseNotification(new TextEncoder().encode(body))).toEqual(parseNotification(body));
    }
  });

  it('have the ids and the time of an instance that came up', () => {
    expect(events.find(({ event }) => event.type === 'instance.created')?.event).toEqual({
      type: 'instance.created',
      eventType: 'trove.instance.create',
      messageId: 'fd795d03-2adb-42cb-af5f-e7a20b9f46d5',
      timestampUtc: Date.parse('2026-11-22T06:38:50.701Z'),
      instanceId: 'aff54a63-59ac-4bdd-8cb8-1abc2a06f56b',
      projectId: 'e8f4f57e1a794d6ca2e3c4eb3ce9596e',
    });
  });

  it('have the backup that a restore reads, and no instance yet', () => {
    expect(events.find(({ event }) => event.type === 'instance.restoring')?.event).toEqual({
      type: 'instance.restoring',
      eventType: 'dbaas.instance_create.start',
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      timestampUtc: expect.any(Number),
      backupId: '6c3d85c1-23dd-439d-b19a-c1bce0b84015',
      projectId: 'e8f4f57e1a794d6ca2e3c4eb3ce9596e',
    });
  });

  it('have the backup and the instance of a backup that was accepted, and the backup of one that was deleted', () => {
    const made = events.find(({ event }) => event.type === 'backup.created')?.event;
    const gone = events.filter(({ event }) => event.type === 'backup.deleted').map(({ event }) => event);
    expect(made).toMatchObject({
      backupId: 'ff9e8701-ff13-45d1-8fd0-3e5a2d0b42af',
      instanceId: 'aff54a63-59ac-4bdd-8cb8-1abc2a06f56b',
    });
    // Trove says it twice.
    expect(gone.map(({ backupId }) => backupId)).toEqual([made?.backupId, made?.backupId]);
  });
});

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
    ['dbaas.instance_upgrade.end', 'instance.changed'],
    ['dbaas.instance_upgrade.error', 'instance.changed'],
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

describe('no input throws', () => {
  const holds = (result: ParseResult) => ['event', 'refused'].includes(result.kind);

  it('of bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (body) => holds(parseNotification(body))));
  });

  it('of text, bare or in the envelope', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.json()),
        (text) => holds(parseNotification(text)) && holds(parse({ 'oslo.version': '2.0', 'oslo.message': text })),
      ),
    );
  });

  it('of messages with anything in their fields', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('i1', '2026-11-22 06:38:42.5', 'dbaas.backup_create.end'),
    );
    const any = fc.record(
      {
        message_id: anything,
        event_type: anything,
        timestamp: anything,
        payload: fc.oneof(anything, fc.record({ instance_id: anything, backup_id: anything, tenant_id: anything })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(any, (value) => holds(parse(value))),
      { numRuns: 1_000 },
    );
  });

  it('but a caller that breaks its types', () => {
    expect(() => parseNotification(null as unknown as string)).toThrow(TypeError);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { type NotificationEvent, parseNotification } from '../../lib/notifications/index.ts';
import { CAPTURED, events } from './captured.ts';

/**
 * One line a captured message: what is read from it. Read by a human against the capture; UPDATE_GOLDEN=1 writes it
 * anew, and the difference is then to be judged like code.
 */
const FILE = new URL('golden.jsonl', import.meta.url);
if (process.env['UPDATE_GOLDEN']) {
  writeFileSync(FILE, `${events.map(({ event }) => JSON.stringify(event)).join('\n')}\n`);
}
const GOLDEN: readonly NotificationEvent[] = readFileSync(FILE, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

test('each captured message has its line, and there are 52', () => {
  expect(GOLDEN).toHaveLength(52);
  expect(CAPTURED).toHaveLength(52);
});

const ROWS = CAPTURED.map(({ set, body }, index) => {
  const type = /event_type\\?": \\?"([\w.]+)/.exec(body)?.[1];
  return { name: `${index + 1}, ${type} of "${set}",`, body, golden: GOLDEN[index] };
});

describe.each(ROWS)('message $name', ({ body, golden }) => {
  it.each([
    { form: 'as text', raw: body },
    { form: 'as bytes', raw: new TextEncoder().encode(body) },
    { form: 'in the other driver\u2019s form', raw: otherDriver(body) },
  ])('$form is the event of its golden line', ({ raw }) => {
    expect(parseNotification(raw)).toEqual({ kind: 'event', event: golden });
  });
});

/** `messagingv2` has an envelope around what `messaging` sends bare. */
function otherDriver(body: string): string {
  const { 'oslo.message': inner } = JSON.parse(body) as { 'oslo.message'?: string };
  return inner ?? JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': body });
}

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

  it('came with and without the envelope', () => {
    const bare = CAPTURED.filter(({ set }) => set.startsWith('driver messaging'));
    expect(bare.every(({ body }) => !body.includes('oslo.message'))).toBe(true);
    expect(bare).toHaveLength(5);
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

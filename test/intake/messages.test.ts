import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readMessage } from '../../daemon/intake/message.ts';
import { created, idOf, PROJECT } from './messages.ts';

const ID = idOf(1);
const NOTE = { kind: 'note', note: { instanceId: ID, projectId: PROJECT } };
const payload = (over: object) => ({ payload: { instance_id: ID, tenant_id: PROJECT, ...over } });

const READ: readonly { readonly what: string; readonly body: Uint8Array; readonly as: object }[] = [
  { what: 'an instance that is up', body: created(ID), as: NOTE },
  { what: 'one that is deleted', body: created(ID, { event_type: 'trove.instance.delete' }), as: NOTE },
  { what: 'a detached replica', body: created(ID, { event_type: 'dbaas.instance_detach.end' }), as: NOTE },
  {
    what: 'a backup that somebody deleted',
    body: created(ID, { event_type: 'dbaas.backup_delete.end', payload: { tenant_id: PROJECT, backup_id: idOf(2) } }),
    as: { kind: 'deletion', backupId: idOf(2) },
  },
  {
    what: 'a deleted backup whose id is none',
    body: created(ID, { event_type: 'dbaas.backup_delete.end', payload: { tenant_id: PROJECT, backup_id: 'a/b' } }),
    as: { kind: 'refused', because: { params: { field: 'backup_id' } } },
  },
  {
    what: 'the hourly audit, which says nothing new',
    body: created(ID, { event_type: 'trove.instance.exists' }),
    as: { kind: 'ignored' },
  },
  {
    what: 'the start of something',
    body: created(ID, { event_type: 'dbaas.instance_resize_volume.start' }),
    as: { kind: 'ignored' },
  },
  { what: 'one without a project', body: created(ID, { payload: { instance_id: ID } }), as: { kind: 'ignored' } },
  {
    what: 'what is no JSON',
    body: Buffer.from('<html>'),
    as: { kind: 'refused', because: { rule: 'not-json', params: { part: 'body' } } },
  },
  { what: 'what is no UTF-8', body: Buffer.from([0xff, 0xfe]), as: { kind: 'refused', because: { rule: 'not-utf8' } } },
  { what: 'nothing at all', body: Buffer.alloc(0), as: { kind: 'refused' } },
  {
    what: 'an id with a space in it',
    body: created('any text at all'),
    as: { kind: 'refused', because: { params: { field: 'instance_id' } } },
  },
  { what: 'a path in place of an id', body: created('../backups'), as: { kind: 'refused' } },
  {
    what: 'a project with a null character',
    body: created(ID, payload({ tenant_id: 'a\u0000' })),
    as: { kind: 'refused', because: { params: { field: 'tenant_id' } } },
  },
];

test.each(READ)('$what is read as it should', ({ body, as }) => {
  expect(readMessage(body)).toMatchObject(as);
});

test('of the messages of a real region none is refused, and every instance in them is noted', () => {
  const file = new URL('../fixtures/captures/notifications.jsonl', import.meta.url);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const readings = lines.map((line) => readMessage(Buffer.from((JSON.parse(line) as { body: string }).body)));
  expect(readings.filter(({ kind }) => kind === 'refused')).toEqual([]);
  expect(readings.filter(({ kind }) => kind === 'note').length).toBeGreaterThan(5);
  expect(readings.filter(({ kind }) => kind === 'deletion').length).toBeGreaterThan(1);
});

test('a fault of ours makes a message a dead letter, and says where it is without a word of the message', () => {
  const parse = (body: Uint8Array): never => {
    throw new TypeError(`cannot read "${body}"`);
  };
  const { kind, because } = readMessage(Buffer.from('hunter2'), parse) as { kind: string; because: object };
  expect([kind, because]).toEqual([
    'refused',
    { rule: 'fault', params: { error: 'TypeError', at: expect.stringMatching(/^at parse .*messages\.test\.ts/) } },
  ]);
  expect(JSON.stringify(because)).not.toContain('hunter2');
});

test.each([undefined, 'hunter2', null])('also a fault that is no error: %s', (thrown) => {
  const parse = (): never => {
    throw thrown;
  };
  expect(readMessage(Buffer.from('x'), parse)).toEqual({
    kind: 'refused',
    because: { rule: 'fault', params: { error: typeof thrown } },
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BusMessage } from '../../lib/simulator/index.ts';
import { expectLike } from '../contract/shape.ts';
import { accepted, order } from '../contract/stage.ts';
import { rowOf } from '../contract/user.ts';
import { innerOf, type Message, openWorld } from './world.ts';

interface Captured {
  readonly set: string;
  readonly exchange: string;
  readonly routing_key: string;
  readonly content_type: string;
  readonly content_encoding: string;
  readonly delivery_mode: number;
  readonly body: string;
}

const CAPTURED = readFileSync(new URL('../fixtures/captures/notifications.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Captured);

const messageOf = ({ body }: Captured): Message => innerOf({ body } as BusMessage);

function captured(eventType: string, set = 'lifecycle'): Message {
  const found = CAPTURED.filter((one) => one.set === set)
    .map(messageOf)
    .find(({ event_type }) => event_type === eventType);
  if (found === undefined) throw new Error(`no ${eventType} was recorded in "${set}"`);
  return found;
}

/** Everything a plain life says: made, backed up twice, the chain deleted, deleted. */
async function plainLife() {
  const world = await openWorld();
  const { clock, demo } = world;
  const { id } = await order(demo, { name: 'orders-db' });
  clock.advance(5000);
  const backup = async (name: string, parent?: string) => {
    const answer = await demo.backup({ name, instance: id, ...(parent !== undefined && { parent_id: parent }) });
    clock.advance(5000);
    return accepted(answer).id;
  };
  const full = await backup('manual-1');
  await backup('manual-2', full);
  await demo.delete(`/backups/${full}`);
  clock.advance(5000);
  await demo.delete(`/instances/${id}`);
  clock.advance(5000);
  return { ...world, id, full };
}

const PLAIN = [
  'dbaas.instance_create.start',
  'trove.instance.create',
  'dbaas.instance_create.end',
  'dbaas.backup_create.start',
  'dbaas.backup_create.end',
  'dbaas.backup_create.start',
  'dbaas.backup_create.end',
  'dbaas.backup_delete.start',
  'dbaas.backup_delete.end',
  'dbaas.backup_delete.end',
  'dbaas.instance_delete.start',
  'trove.instance.delete',
  'dbaas.instance_delete.end',
];

describe('a plain life', () => {
  it('says the events of the recording, in their order', async () => {
    expect((await plainLife()).events()).toEqual(PLAIN);
  });

  it.each([...new Set(PLAIN)])('%s has the recorded fields', async (eventType) => {
    const { messages } = await plainLife();
    const said = messages.find(({ event_type }) => event_type === eventType);
    expectLike(said, captured(eventType));
    expect(said?.['publisher_id']).toBe(captured(eventType)['publisher_id']);
    expect(said?.['timestamp']).toMatch(/^2026-11-22 06:4\d:\d\d\.\d{6}$/);
  });

  it('names the instance and the backups it is about', async () => {
    const { messages, id, full } = await plainLife();
    const payloads = (eventType: string) =>
      messages.filter((one) => one.event_type === eventType).map(({ payload }) => payload);
    expect(payloads('trove.instance.create')).toMatchObject([{ instance_id: id, state: 'unknown' }]);
    expect(payloads('trove.instance.delete')).toMatchObject([{ instance_id: id, state: 'shutdown' }]);
    // One for each row of the cascade, and each names the backup that was asked for.
    expect(payloads('dbaas.backup_delete.end')).toMatchObject([{ backup_id: full }, { backup_id: full }]);
    expect(payloads('dbaas.backup_create.start')).toMatchObject([{ parent_id: null }, { parent_id: full }]);
  });
});

describe('a replica', () => {
  it('says its master, and ends without the class name of a plain create', async () => {
    const { clock, demo, instance, messages, events } = await openWorld();
    rowOf(await demo.instance({ name: 'orders-replica', replica_of: instance }), 'instance');
    clock.advance(10_000);
    expect(events()).toEqual(['dbaas.instance_create.start', 'trove.instance.create', 'dbaas.instance_create.end']);
    const recorded = CAPTURED.filter(({ set }) => set === 'replica')
      .map(messageOf)
      .filter(({ payload }) => payload['replica_of'] !== undefined);
    expect(recorded.map(({ event_type }) => event_type)).toEqual([
      'dbaas.instance_create.start',
      'dbaas.instance_create.end',
    ]);
    expectLike(messages[0], recorded[0]);
    expectLike(messages[2], recorded[1]);
  });

  it('ends in an error, though ACTIVE, when its snapshot cannot be deleted', async () => {
    const { clock, demo, instance, messages, region } = await openWorld();
    const { id } = rowOf(await demo.instance({ name: 'orders-replica', replica_of: instance }), 'instance');
    region.control.swiftDown = true;
    clock.advance(10_000);
    expect(rowOf(await demo.get(`/instances/${id}`), 'instance').status).toBe('ACTIVE');
    expectLike(messages.at(-1), captured('dbaas.instance_create.error', 'driver messaging (no envelope)'), [
      'payload.exception',
    ]);
  });
});

it('an order that is refused is told with its error', async () => {
  const { demo, instance, messages, events } = await openWorld();
  await demo.backup({ name: 'b', instance, parent_id: '00000000-0000-0000-0000-000000000000' });
  expect(events()).toEqual(['dbaas.backup_create.start', 'dbaas.backup_create.error']);
  expect(messages[1]?.payload).toMatchObject({
    server_type: 'api',
    message: 'Resource 00000000-0000-0000-0000-000000000000 cannot be found.',
    exception: expect.arrayContaining(['Traceback (most recent call last):\n']),
  });
});

it('a request that cannot be read is not told at all', async () => {
  const { demo, events, instance } = await openWorld();
  await demo.backup({ name: '-', instance });
  await demo.delete('/backups/nosuch');
  expect(events()).toEqual([]);
});

describe.each([
  ['messagingv2', 'lifecycle', ['oslo.message', 'oslo.version']],
  ['messaging', 'driver messaging (no envelope)', undefined],
] as const)('with the driver %s', (driver, set, envelope) => {
  it('the body and its properties are as recorded', async () => {
    const { demo, region, instance } = await openWorld({ driver });
    const raw: BusMessage[] = [];
    region.onNotification((message) => raw.push(message));
    await demo.backup({ name: 'b', instance });
    const recorded = CAPTURED.find((one) => one.set === set);
    if (recorded === undefined) throw new Error(`nothing was recorded of ${driver}`);
    const outer = JSON.parse(raw[0]?.body ?? '') as object;
    const keys = Object.keys(JSON.parse(recorded.body) as object).sort();
    expect(Object.keys(outer).sort()).toEqual(keys);
    if (envelope !== undefined) expect(keys).toEqual(envelope);
    expect(raw[0]).toMatchObject({
      exchange: recorded.exchange,
      routingKey: recorded.routing_key,
      properties: {
        contentType: recorded.content_type,
        contentEncoding: recorded.content_encoding,
        deliveryMode: recorded.delivery_mode,
      },
    });
  });
});

describe('what is done to an instance', () => {
  const ACTIONS = [
    ['dbaas.instance_restart.start', { restart: {} }],
    ['dbaas.instance_restart.end', { restart: {} }],
    ['dbaas.instance_resize_volume.start', { resize: { volume: { size: 8 } } }],
    ['dbaas.instance_resize_instance.start', { resize: { flavorRef: '2' } }],
  ] as const;

  it.each(ACTIONS)('%s has the recorded fields', async (eventType, body) => {
    const { clock, demo, instance, messages } = await openWorld();
    expect((await demo.request('POST', `/instances/${instance}/action`, { body })).status).toBe(202);
    clock.advance(10_000);
    const said = messages.find(({ event_type }) => event_type === eventType);
    expectLike(said, captured(eventType));
    expect(said?.payload).toMatchObject({ instance_id: instance });
  });

  it('each living instance is told of every hour, in its own form', async () => {
    const { clock, demo, instance, messages } = await openWorld({ existsEveryMs: 3_600_000, resizeMs: 5_400_000 });
    const body = { resize: { volume: { size: 8 } } };
    await demo.request('POST', `/instances/${instance}/action`, { body });
    clock.advance(3 * 3_600_000);
    const said = messages.filter(({ event_type }) => event_type === 'trove.instance.exists');
    expectLike(said[0], captured('trove.instance.exists'));
    expect(said[0]).toMatchObject({ publisher_id: 'taskmanager.0.0.0.0', _context_user_identity: 'trove - - - -' });
    expect(said.map(({ payload }) => payload['state'])).toEqual(['resize', 'active', 'active']);
  });
});

import { type Channel, connect } from 'amqplib';
import { expect, test } from 'vitest';
import { useBroker } from './broker.ts';
import { bound } from './listener.ts';
import { created, idOf, PROJECT } from './messages.ts';

const broker = useBroker();

test('what Trove tells is noted in its order and acknowledged', async () => {
  const listener = broker.start();
  await listener.when(bound);
  const ids = Array.from({ length: 60 }, (_, n) => idOf(n));
  await broker.trove.tell(...ids);
  await listener.when(({ noted }) => noted.length === ids.length);
  expect(listener.noted).toEqual(ids);
  await listener.stop();
  expect(await broker.trove.waiting(broker.queue)).toBe(0);
});

test('a deleted backup is looked for as a recovery point of ours, and acknowledged when that is durable', async () => {
  const listener = broker.start();
  await listener.when(bound);
  const over = { event_type: 'dbaas.backup_delete.end', payload: { tenant_id: PROJECT, backup_id: idOf(7) } };
  broker.trove.channel.publish('trove', 'notifications.info', created('', over));
  await listener.when(({ results }) => results.includes('noted'));
  expect([listener.suspects, listener.noted]).toEqual([[idOf(7)], []]);
  await listener.stop();
  expect(await broker.trove.waiting(broker.queue)).toBe(0);
});

test('what was told while the daemon was away is noted when it is back', async () => {
  const before = broker.start();
  await before.when(bound);
  await before.stop();
  await broker.trove.tell(idOf(1), idOf(2));
  expect(await broker.trove.waiting(broker.queue)).toBe(2);
  const after = broker.start();
  await after.when(({ noted }) => noted.length === 2);
  expect([before.noted, after.noted]).toEqual([[], [idOf(1), idOf(2)]]);
});

test('a stop waits for the store, and acknowledges what was noted', async () => {
  const { promise: stored, resolve: finish } = Promise.withResolvers<'noted'>();
  const asked = Promise.withResolvers<void>();
  const listener = broker.start({
    store: () => {
      asked.resolve();
      return stored;
    },
  });
  await listener.when(bound);
  await broker.trove.tell(idOf(1));
  await asked.promise;
  const stopped = listener.stop();
  finish('noted');
  await stopped;
  expect(listener.noted).toEqual([idOf(1)]);
  expect(await broker.trove.waiting(broker.queue)).toBe(0);
});

test('a message whose note could not be stored is not acknowledged: it comes again', async () => {
  let failures = 0;
  const listener = broker.start({
    store: async () => {
      failures++;
      if (failures === 1) throw new Error('the disk is full');
      return 'noted';
    },
  });
  await listener.when(bound);
  await broker.trove.tell(idOf(1), idOf(2));
  await listener.when(({ noted }) => new Set(noted).size === 2);
  expect(listener.lines).toContainEqual(expect.objectContaining({ event: 'bus.lost', error: 'the disk is full' }));
});

test('who else listens to notifications.info still gets every message', async () => {
  const heard: string[] = [];
  await broker.trove.channel.assertQueue('notifications.info', { durable: false });
  await broker.trove.channel.bindQueue('notifications.info', 'trove', 'notifications.info');
  await broker.trove.channel.consume('notifications.info', (message) => heard.push(String(message?.content)), {
    noAck: true,
  });
  const listener = broker.start();
  await listener.when(bound);
  const ids = Array.from({ length: 20 }, (_, n) => idOf(n));
  await broker.trove.tell(...ids);
  await listener.when(({ noted }) => noted.length === ids.length);
  expect(heard.map((text) => ids.findIndex((id) => text.includes(id)))).toEqual(ids.map((_, index) => index));
});

const FORBIDDEN: readonly { readonly what: string; readonly act: (channel: Channel) => Promise<unknown> }[] = [
  { what: "read another service's queue", act: (channel) => channel.get('notifications.info') },
  { what: 'declare a queue of another name', act: (channel) => channel.assertQueue('ceilometer') },
  { what: "delete Trove's exchange", act: (channel) => channel.deleteExchange('trove') },
  {
    what: "publish to Trove's exchange",
    act: (channel) => {
      channel.publish('trove', 'notifications.info', Buffer.from('{}'));
      return channel.checkQueue('autobackup-1');
    },
  },
];

test.each(FORBIDDEN)("the daemon's user may not $what", async ({ act }) => {
  await broker.trove.channel.assertQueue('notifications.info', { durable: false });
  const model = await connect(broker.rabbit.url);
  const channel = await model.createChannel();
  const closed = new Promise((resolve) => channel.once('error', resolve));
  await act(channel).catch(() => undefined);
  expect(await closed).toMatchObject({ code: 403 });
  await model.close();
});

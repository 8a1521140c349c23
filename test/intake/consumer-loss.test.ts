import { describe, expect, test } from 'vitest';
import { silentWire, useBroker } from './broker.ts';
import { cancelConsumer, channelError, crashChannel, crashQueue } from './broker-deeds.ts';
import { bound, type Listener } from './listener.ts';
import { idOf } from './messages.ts';
import { publishUndecodable } from './undecodable.ts';

const broker = useBroker();

const hears = async (listener: Listener, n: number): Promise<void> => {
  await broker.trove.tell(idOf(n));
  await listener.when(({ noted }) => noted.includes(idOf(n)));
};

const evaluate = (deed: (queue: string) => string) => broker.rabbit.rabbitmqctl('eval', deed(broker.queue));

const LOSSES: readonly { readonly what: string; readonly lose: () => Promise<unknown>; readonly says: RegExp }[] = [
  {
    what: 'its queue is deleted',
    lose: () => broker.trove.channel.deleteQueue(broker.queue),
    says: /cancelled the consumer/,
  },
  {
    what: 'the broker cancels its consumer and the queue stays',
    lose: () => evaluate(cancelConsumer),
    says: /cancelled the consumer/,
  },
  {
    what: 'the broker finds a fault with its channel',
    lose: () => evaluate(channelError),
    says: /PRECONDITION.FAILED.*unknown delivery tag/,
  },
  {
    what: 'the process of its channel crashes',
    lose: () => evaluate(crashChannel),
    says: /INTERNAL.ERROR|closed the channel/,
  },
  {
    what: 'an operator closes its connection',
    lose: () => broker.rabbit.rabbitmqctl('close_all_user_connections', 'autobackup', 'maintenance'),
    says: /CONNECTION.FORCED.*maintenance/,
  },
];

test.each(LOSSES)('when $what, it consumes within 5 s again and is bound', async ({ lose, says }) => {
  const listener = broker.start();
  await listener.when(bound);
  await lose();
  const lostMs = performance.now();
  await listener.when((it) => it.count('bus.consuming') === 2 && bound(it));
  expect(performance.now() - lostMs).toBeLessThan(5_000);
  expect(listener.lines.find(({ event }) => event === 'bus.lost')?.['error']).toMatch(says);
  expect(listener.looks().bound).toBe(2);
  await hears(listener, 1);
});

test('when the process of its queue crashes, it hears what is told afterwards', async () => {
  const listener = broker.start();
  await listener.when(bound);
  await evaluate(crashQueue);
  // While the queue is down, the broker drops what is for it, and says so to nobody.
  for (let n = 1; listener.noted.length === 0 && n < 100; n++) await broker.trove.tell(idOf(n));
  await listener.when(({ noted }) => noted.length > 0);
});

test('when a message cannot be decoded at all, the queue is emptied, the region looked at, and the next one heard', async () => {
  const listener = broker.start();
  await listener.when(bound);
  const looks = listener.looks().bound;
  publishUndecodable(broker.trove.channel, 'trove', 'notifications.info', 20_000);
  await listener.when((it) => it.count('bus.purged') === 1 && bound(it));
  expect(listener.lines.find(({ event }) => event === 'bus.lost')?.['error']).toMatch(/cannot be decoded/);
  expect(listener.looks().bound).toBeGreaterThan(looks);
  await hears(listener, 1);
});

test('when there are more notes than are kept, the region is looked at', async () => {
  const listener = broker.start({ store: async () => 'overflow' });
  await listener.when(bound);
  await broker.trove.tell(idOf(1));
  await listener.when((it) => it.results.length === 1);
  expect(listener.looks()).toEqual({ bound: 1, overflow: 1 });
});

test('a queue of its name that was declared otherwise is told, and used as soon as that is mended', async () => {
  await broker.trove.channel.assertQueue(broker.queue, { durable: false });
  const listener = broker.start();
  await listener.when(({ state }) => /PRECONDITION.FAILED/.test(state().lastError ?? ''));
  expect(listener.state()).toMatchObject({ consuming: false, bound: false });
  await broker.trove.channel.deleteQueue(broker.queue);
  const mendedMs = performance.now();
  await listener.when(bound);
  expect(performance.now() - mendedMs).toBeLessThan(5_000);
  await hears(listener, 1);
});

test('when the broker is killed and started, it consumes within 5 s again, and is bound within 2 s of the exchange', async () => {
  const listener = broker.start();
  await listener.when(bound);
  await broker.rabbit.kill();
  await listener.when((it) => it.count('bus.lost') > 0 && !it.state().consuming && !it.state().bound);
  await broker.rabbit.start();
  const startedMs = performance.now();
  await listener.when((it) => it.count('bus.consuming') === 2);
  expect(performance.now() - startedMs).toBeLessThan(5_000);
  // Its exchange went with the broker; Trove declares it with its next message.
  expect(listener.state().bound).toBe(false);
  await broker.troveComesBack();
  const declaredMs = performance.now();
  await listener.when(bound);
  expect(performance.now() - declaredMs).toBeLessThan(2_000);
  await hears(listener, 1);
});

test.each(['a wrong password', 'nobody there'])('with %s the password is in no line and no state', async (what) => {
  const url = new URL(broker.rabbit.url);
  url.password = 'hunt/er2';
  if (what === 'nobody there') url.port = '1';
  const listener = broker.start({ url: url.href });
  await listener.when((it) => it.count('bus.lost') > 0 && it.state().lastError !== null);
  const said = JSON.stringify([listener.lines, listener.state()]);
  expect(said).toMatch(/ACCESS_REFUSED|ECONNREFUSED/);
  expect(said).not.toMatch(/hunt\/er2|hunt%2Fer2/i);
});

describe('an exchange that is not there', () => {
  test('is waited for, and the queue is bound within 2 s of its declaration', async () => {
    await broker.trove.channel.deleteExchange('trove');
    const listener = broker.start();
    await listener.when((it) => it.count('bus.exchange_absent') === 1 && it.state().consuming);
    expect(listener.state()).toMatchObject({ bound: false, lastError: 'no exchange "trove" yet' });
    await broker.trove.channel.assertExchange('trove', 'topic', { durable: false });
    const declaredMs = performance.now();
    await listener.when(bound);
    expect(performance.now() - declaredMs).toBeLessThan(2_000);
    expect(listener.count('bus.exchange_absent')).toBe(1);
    await hears(listener, 1);
  });

  test('is declared where the operator says how', async () => {
    await broker.trove.channel.deleteExchange('trove');
    const listener = broker.start({ url: broker.rabbit.adminUrl, declare: 'transient' });
    await listener.when(bound);
    await hears(listener, 1);
  });

  test('comes back while the connection stands: the queue is bound to it again within 2 s', async () => {
    const listener = broker.start();
    await listener.when(bound);
    await broker.trove.channel.deleteExchange('trove');
    await broker.trove.channel.assertExchange('trove', 'topic', { durable: false });
    const declaredMs = performance.now();
    expect(await broker.trove.routed()).toBe(false);
    while (!(await broker.trove.routed()));
    expect(performance.now() - declaredMs).toBeLessThan(2_000);
    await hears(listener, 1);
    expect(listener.count('bus.lost')).toBe(0);
  });
});

test('a broker that fell silent does not hold up the stop, nor keep the process alive', async () => {
  const wire = await silentWire(broker.rabbit.url);
  const listener = broker.start({ url: wire.url });
  await listener.when(bound);
  wire.fallSilent();
  const stoppedMs = performance.now();
  await listener.stop();
  await wire.closed;
  expect(performance.now() - stoppedMs).toBeLessThan(6_000);
  wire.end();
});

test('a broker that takes the connection and says nothing does not hold up the stop', async () => {
  const wire = await silentWire(broker.rabbit.url);
  wire.fallSilent();
  const listener = broker.start({ url: wire.url });
  await wire.opened;
  const stoppedMs = performance.now();
  await listener.stop();
  await wire.closed;
  expect(performance.now() - stoppedMs).toBeLessThan(2_000);
  wire.end();
});

test('a broker that fell silent is left after two heartbeats that did not come', async () => {
  const wire = await silentWire(broker.rabbit.url);
  const listener = broker.start({ url: `${wire.url}?heartbeat=1` });
  await listener.when(bound);
  wire.fallSilent();
  await listener.when((it) => it.count('bus.lost') > 0);
  expect(listener.lines.find(({ event }) => event === 'bus.lost')?.['error']).toBe('Heartbeat timeout');
  expect(listener.state()).toMatchObject({ consuming: false, bound: false });
  wire.end();
});

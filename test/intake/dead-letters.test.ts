import type { Channel, GetMessage } from 'amqplib';
import { expect, test } from 'vitest';
import { parseNotification } from '../../lib/notifications/index.ts';
import { useBroker } from './broker.ts';
import { bound } from './listener.ts';
import { created, idOf } from './messages.ts';

const broker = useBroker();
const deadQueue = (): string => `${broker.queue}.dead`;

async function letters(channel: Channel): Promise<readonly GetMessage[]> {
  const found: GetMessage[] = [];
  for (;;) {
    const letter = await channel.get(deadQueue(), { noAck: true });
    if (!letter) return found;
    found.push(letter);
  }
}

test('what cannot be read lies with the dead letters as it came, with why and where from, before it is acknowledged', async () => {
  const listener = broker.start();
  await listener.when(bound);
  await broker.trove.say(Buffer.from('hunter2'));
  await broker.trove.tell(idOf(1));
  await listener.when(({ noted }) => noted.length === 1);
  await listener.stop();
  expect(await broker.trove.waiting(broker.queue)).toBe(0);
  const found = await letters(broker.trove.channel);
  expect(found.map(({ content }) => String(content))).toEqual(['hunter2']);
  expect(found[0]?.properties).toMatchObject({
    deliveryMode: 2,
    headers: {
      'x-refused-because': 'not-json',
      'x-refused-params': '{"part":"body"}',
      'x-original-exchange': 'trove',
      'x-original-routing-key': 'notifications.info',
      'x-original-content-type': 'application/json',
    },
  });
});

test('it is counted and told without its text', async () => {
  const listener = broker.start();
  await listener.when(bound);
  await broker.trove.say(Buffer.from('hunter2'));
  await listener.when((it) => it.results.length === 1);
  expect(listener.results).toEqual(['dead']);
  expect(listener.lines).toContainEqual(
    expect.objectContaining({
      event: 'message.refused',
      because: { rule: 'not-json', params: { part: 'body' } },
      bytes: 7,
      count: 1,
      deadLetters: deadQueue(),
    }),
  );
  expect(JSON.stringify(listener.lines)).not.toContain('hunter2');
});

test('a message that meets a fault of ours is a dead letter, and the next ones are read', async () => {
  const listener = broker.start({
    parse: (body) => {
      if (Buffer.from(body).includes(idOf(1))) throw new RangeError('a fault');
      return parseNotification(body);
    },
  });
  await listener.when(bound);
  await broker.trove.tell(idOf(1), idOf(2));
  await listener.when(({ noted }) => noted.length === 1);
  expect(listener.noted).toEqual([idOf(2)]);
  expect(listener.count('bus.lost')).toBe(0);
  expect((await letters(broker.trove.channel))[0]?.properties.headers).toMatchObject({ 'x-refused-because': 'fault' });
});

test('a forged message whose properties cannot be written again is a dead letter all the same', async () => {
  const listener = broker.start();
  await listener.when(bound);
  const { channel } = broker.trove;
  // 255 bytes that are no UTF-8 are three times as many when they are written as text.
  const odd = Buffer.alloc(255, 0xff).toString('latin1').slice(0, 127);
  channel.publish('trove', 'notifications.info', Buffer.from('x'), {
    contentType: odd,
    contentEncoding: odd,
    messageId: odd,
    headers: { 'x-refused-because': 'nothing', nested: { list: [1, null, { a: true }] } },
  });
  await listener.when((it) => it.results.length === 1);
  expect(listener.results).toEqual(['dead']);
  expect((await letters(channel))[0]?.properties.headers).toMatchObject({ 'x-refused-because': 'not-json' });
});

test('they are bounded: the oldest go first', async () => {
  const listener = broker.start();
  await listener.when(bound);
  const told = await broker.rabbit.rabbitmqctl('list_queues', 'name', 'durable', 'arguments');
  const line = told.split('\n').find((each) => each.startsWith(`${deadQueue()}\t`));
  expect(line).toMatch(/true.*"x-max-length",10000.*"x-max-length-bytes",67108864.*"x-overflow","drop-head"/);
});

test('a queue for them that an operator declared with bounds of his own is taken as it is', async () => {
  await broker.trove.channel.assertQueue(deadQueue(), { durable: true, arguments: { 'x-max-length': 1 } });
  const listener = broker.start();
  await listener.when(bound);
  for (const text of ['a', 'b', 'c']) await broker.trove.say(Buffer.from(text));
  await listener.when((it) => it.results.length === 3);
  expect((await letters(broker.trove.channel)).map(({ content }) => String(content))).toEqual(['c']);
});

test('when their queue is deleted it is declared again, and no message is acknowledged without a place', async () => {
  const listener = broker.start();
  await listener.when(bound);
  await broker.trove.channel.deleteQueue(deadQueue());
  await broker.trove.say(Buffer.from('hunter2'));
  await listener.when((it) => it.results.includes('dead'));
  expect(listener.lines.find(({ event }) => event === 'bus.lost')?.['error']).toMatch(/the queue .* is gone/);
  expect((await letters(broker.trove.channel)).map(({ content }) => String(content))).toEqual(['hunter2']);
});

test('when their exchange is deleted it is declared again', async () => {
  const listener = broker.start();
  await listener.when(bound);
  await broker.trove.channel.deleteExchange(deadQueue());
  await broker.trove.say(Buffer.from('hunter2'));
  await listener.when((it) => it.results.includes('dead'));
  expect(await letters(broker.trove.channel)).toHaveLength(1);
});

/** What the daemon's user may write to; it is the last of the three kinds of rights that tests take away. */
const mayWrite = (pattern: string) =>
  broker.rabbit.rabbitmqctl('set_permissions', 'autobackup', '^autobackup.*', pattern, '^(autobackup.*|trove)$');

test('where the broker refuses them no message is lost, and the right that lacks is told with its command', async () => {
  const listener = broker.start();
  await listener.when(bound);
  await mayWrite(`^${broker.queue}$`);
  try {
    await broker.trove.say(Buffer.from('hunter2'));
    await listener.when((it) => it.count('bus.lost') > 0);
    const lost = listener.lines.find(({ event }) => event === 'bus.lost');
    expect(lost?.['error']).toMatch(/ACCESS.REFUSED.*-\d+\.dead'/);
    const own = `'^${broker.queue}(\\.dead)?$'`;
    const read = `'^(${broker.queue}(\\.dead)?|trove)$'`;
    expect(lost?.['hint']).toContain(`rabbitmqctl set_permissions -p / autobackup ${own} ${own} ${read}`);
    expect(listener.results).toEqual([]);
    expect(JSON.stringify(listener.lines)).not.toMatch(/hunter2|autobackup:/);
    // As the hint says, to the letter.
    await broker.rabbit.rabbitmqctl(
      'set_permissions',
      ...['autobackup', own, own, read].map((word) => word.replaceAll("'", '')),
    );
    await listener.when((it) => it.results.includes('dead'), 40_000);
    expect((await letters(broker.trove.channel)).map(({ content }) => String(content))).toEqual(['hunter2']);
    expect(await broker.trove.waiting(broker.queue)).toBe(0);
  } finally {
    await mayWrite('^autobackup.*');
  }
}, 60_000);

test('a thousand of them among a thousand others: each where it belongs', async () => {
  const listener = broker.start();
  await listener.when(bound);
  const { channel } = broker.trove;
  for (let n = 0; n < 1_000; n++) {
    channel.publish('trove', 'notifications.info', created(idOf(n)));
    channel.publish('trove', 'notifications.info', Buffer.from(`junk ${n}`));
  }
  await listener.when((it) => it.results.length >= 2_000);
  expect(listener.noted).toEqual(Array.from({ length: 1_000 }, (_, n) => idOf(n)));
  expect(await broker.trove.waiting(deadQueue())).toBe(1_000);
  expect(listener.count('message.refused')).toBeLessThan(500);
});

import { connect } from 'amqplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRabbit, type Rabbit, startRabbit } from '../../daemon/demo/rabbitmq.ts';

const TIME_LIMIT_MS = 240_000;

let rabbit: Rabbit;
beforeAll(async () => {
  expect(findRabbit(), 'rabbitmq-server is not installed: apt-get install rabbitmq-server').not.toBeNull();
  rabbit = await startRabbit();
}, TIME_LIMIT_MS);
afterAll(() => rabbit?.stop());

test('the daemon may have queues of its own and look at the exchange, but not declare it', async () => {
  const connection = await connect(rabbit.url);
  connection.on('error', () => undefined);
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  await channel.assertQueue('autobackup', { durable: true });
  await expect(channel.assertExchange('trove', 'topic', { durable: false })).rejects.toThrow('ACCESS_REFUSED');
  await connection.close();
});

test(
  'a power cut takes what is not durable, and the port stays the same',
  async () => {
    const admin = await connect(rabbit.adminUrl);
    admin.on('error', () => undefined);
    await (await admin.createChannel()).assertExchange('trove', 'topic', { durable: false });
    expect(await rabbit.rabbitmqctl('list_exchanges', 'name')).toMatch(/^trove$/m);
    await rabbit.kill();
    await expect(connect(rabbit.url)).rejects.toThrow('ECONNREFUSED');
    await rabbit.start();
    expect(await rabbit.rabbitmqctl('list_exchanges', 'name')).not.toMatch(/^trove$/m);
  },
  TIME_LIMIT_MS,
);

// Not so after a power cut: RabbitMQ writes a queue's declaration to disk a moment later.
test(
  'an orderly restart keeps what is durable, and takes what is not',
  async () => {
    const admin = await connect(rabbit.adminUrl);
    admin.on('error', () => undefined);
    const channel = await admin.createChannel();
    await channel.assertExchange('trove', 'topic', { durable: false });
    await channel.assertQueue('autobackup', { durable: true });
    await rabbit.restart();
    expect(await rabbit.rabbitmqctl('list_exchanges', 'name')).not.toMatch(/^trove$/m);
    expect(await rabbit.rabbitmqctl('list_queues', 'name')).toMatch(/^autobackup$/m);
  },
  TIME_LIMIT_MS,
);

import { type Channel, connect } from 'amqplib';
import { created, idOf } from './messages.ts';

/** As Trove: declares the exchange and tells of instances. */
export interface Trove {
  readonly channel: Channel;
  tell(...instanceIds: readonly string[]): Promise<void>;
  say(body: Buffer): Promise<void>;
  /** Resolves when the broker has all that was published by hand. */
  told(): Promise<void>;
  /** Whether a message finds any queue. */
  routed(): Promise<boolean>;
  /** What waits in a queue for a consumer. */
  waiting(queue: string): Promise<number>;
  close(): Promise<void>;
}

export async function asTrove(adminUrl: string): Promise<Trove> {
  const model = await connect(adminUrl);
  model.on('error', () => undefined); // a broker that is killed takes its connections with it
  const channel = await model.createConfirmChannel();
  channel.on('error', () => undefined);
  await channel.assertExchange('trove', 'topic', { durable: false });
  let returned = 0;
  channel.on('return', () => {
    returned++;
  });
  const say = async (body: Buffer): Promise<void> => {
    channel.publish('trove', 'notifications.info', body, { contentType: 'application/json', persistent: true });
    await channel.waitForConfirms();
  };
  return {
    channel,
    say,
    told: async () => {
      await channel.waitForConfirms();
    },
    tell: async (...instanceIds) => {
      for (const id of instanceIds) await say(created(id));
    },
    routed: async () => {
      const before = returned;
      channel.publish('trove', 'notifications.info', created(idOf(0)), { mandatory: true });
      // What comes back comes back before the confirmation.
      await channel.waitForConfirms();
      return returned === before;
    },
    waiting: async (queue) => (await channel.checkQueue(queue)).messageCount,
    close: () => model.close().catch(() => undefined),
  };
}

import type { ChannelModel, ConsumeMessage } from 'amqplib';
import type { Dead } from './batch.ts';
import { isThere } from './binding.ts';

/** The oldest go first beyond these: whoever may forge messages must not fill the broker's disk. */
const MOST_LETTERS = 10_000;
const MOST_BYTES = 64 * 2 ** 20;

export interface DeadLetters {
  /** Where they lie: an exchange and a queue of this name. */
  readonly name: string;
  /** Resolves when the broker has confirmed that all are on their queue. */
  bury(dead: readonly Dead<ConsumeMessage>[]): Promise<void>;
}

/**
 * A place of our own for what cannot be read. Named after the queue, because that is where the daemon's user has rights.
 * We publish there ourselves: a dead-letter argument on the queue would be refused wherever it exists without one.
 */
export async function openDeadLetters(
  model: ChannelModel,
  queue: string,
  fail: (error: unknown) => void,
): Promise<DeadLetters> {
  const name = `${queue}.dead`;
  // Looked for first: an operator may have declared it with bounds of his own, and ours would then be refused.
  const [exchangeThere, queueThere] = await Promise.all([
    look(model, (channel) => channel.checkExchange(name)),
    look(model, (channel) => channel.checkQueue(name)),
  ]);
  const channel = await model.createConfirmChannel();
  channel.on('error', fail);
  channel.on('close', () => setImmediate(fail, new Error('the broker closed the channel of the dead letters')));
  if (!exchangeThere) await channel.assertExchange(name, 'fanout', { durable: true });
  if (!queueThere) {
    const bounds = { 'x-max-length': MOST_LETTERS, 'x-max-length-bytes': MOST_BYTES, 'x-overflow': 'drop-head' };
    await channel.assertQueue(name, { durable: true, arguments: bounds });
  }
  await channel.bindQueue(name, name, '');
  let returned = 0;
  channel.on('return', () => {
    returned++;
  });
  return {
    name,
    async bury(dead) {
      for (const { message, because } of dead) {
        channel.publish(name, '', message.content, {
          persistent: true,
          mandatory: true,
          headers: labels(message, because),
        });
      }
      await channel.waitForConfirms();
      // What comes back does so before its confirmation. A new session declares the queue anew.
      if (returned > 0) throw new Error(`the queue ${name} is gone; dead letters have no place to go to`);
    },
  };
}

async function look(
  model: ChannelModel,
  check: (channel: Awaited<ReturnType<ChannelModel['createChannel']>>) => Promise<unknown>,
): Promise<boolean> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined); // the same error rejects the call below
  const there = await isThere(check(channel));
  if (there) await channel.close();
  return there;
}

/** All in headers, which take any text: in the properties a forged one could be too long to be written again. */
function labels({ fields, properties }: ConsumeMessage, { rule, params }: Dead<ConsumeMessage>['because']) {
  return {
    'x-refused-because': rule,
    'x-refused-params': JSON.stringify(params),
    'x-refused-redelivered': fields.redelivered,
    'x-original-exchange': fields.exchange,
    'x-original-routing-key': fields.routingKey,
    ...(typeof properties.contentType === 'string' && { 'x-original-content-type': properties.contentType }),
  };
}

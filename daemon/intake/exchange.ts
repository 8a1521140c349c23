import type { ChannelModel } from 'amqplib';

export interface Binding {
  readonly queue: string;
  readonly exchange: string;
  readonly topic: string;
  readonly declare: 'never' | 'durable' | 'transient';
}

/**
 * Binds our queue if the exchange is there. Looked for passively, on a channel of its own, since a failed look closes
 * the channel: declaring it otherwise than Trove did is refused, and Trove's is gone after a broker restart until
 * Trove declares it again.
 * @returns false while the exchange is absent
 */
export async function bind(model: ChannelModel, binding: Binding): Promise<boolean> {
  const { queue, exchange, topic, declare } = binding;
  const channel = await model.createChannel();
  channel.on('error', () => undefined); // the same error rejects the call below
  try {
    if (declare === 'never') await channel.checkExchange(exchange);
    else await channel.assertExchange(exchange, 'topic', { durable: declare === 'durable' });
    await channel.bindQueue(queue, exchange, `${topic}.info`);
    await channel.close();
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === 404) return false;
    throw error;
  }
}

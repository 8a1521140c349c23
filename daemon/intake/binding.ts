import type { Channel, ChannelModel } from 'amqplib';

export interface Binding {
  readonly queue: string;
  readonly exchange: string;
  readonly topic: string;
  readonly declare: 'never' | 'durable' | 'transient';
}

/** True when the call went well, false when what it names is absent. A refusal closes its channel. */
export const isThere = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    (error: unknown) => {
      if ((error as { code?: number }).code === 404) return false;
      throw error;
    },
  );

/**
 * Binds our queue whenever it is called, if the exchange is there; it resolves to false while that is absent. Looked
 * for passively, on a channel of its own, since a failed look closes the channel: declaring it otherwise than Trove
 * did is refused, and Trove's is gone after a broker restart until Trove declares it again.
 */
export function createBinder(model: ChannelModel, { queue, exchange, topic, declare }: Binding) {
  let standing: Channel | null = null;

  async function channel(): Promise<Channel> {
    if (standing) return standing;
    const fresh = await model.createChannel();
    fresh.on('error', () => undefined); // the same error rejects the call that met it
    fresh.on('close', () => {
      standing = null;
    });
    standing = fresh;
    return fresh;
  }

  async function look(): Promise<void> {
    const on = await channel();
    if (declare === 'never') await on.checkExchange(exchange);
    else await on.assertExchange(exchange, 'topic', { durable: declare === 'durable' });
    await on.bindQueue(queue, exchange, `${topic}.info`);
  }

  return (): Promise<boolean> => isThere(look());
}

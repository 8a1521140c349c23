import { connect } from 'amqplib';
import { waitFor } from '../region/tenant.ts';

const QUEUE = 'notifications.info';

/** Somebody else on the region's bus: a queue of his own, and what happens to the one that Ceilometer would consume. */
export interface Witness {
  /** Event types by message id, of all that was said since he came. */
  readonly heard: ReadonlyMap<string, string>;
  /** What waits in `notifications.info`. */
  waiting(): Promise<number>;
  /** Takes all out of it, as Ceilometer does; their message ids. */
  takeAll(): Promise<ReadonlySet<string>>;
  close(): Promise<void>;
}

interface Said {
  readonly message_id: string;
  readonly event_type: string;
}

function said(content: Buffer): Said {
  const body = JSON.parse(content.toString()) as Said & { readonly 'oslo.message'?: string };
  return body['oslo.message'] === undefined ? body : (JSON.parse(body['oslo.message']) as Said);
}

export async function comeToTheBus(adminUrl: string): Promise<Witness> {
  const heard = new Map<string, string>();
  const model = await connect(adminUrl);
  const channel = await model.createChannel();
  await channel.assertExchange('trove', 'topic', { durable: false });
  // As oslo.messaging declares it; Trove does so itself with its first message.
  await channel.assertQueue(QUEUE, { durable: false });
  await channel.bindQueue(QUEUE, 'trove', QUEUE);
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'trove', QUEUE);
  await channel.consume(
    queue,
    (message) => {
      if (!message) return;
      const { message_id: id, event_type: type } = said(message.content);
      heard.set(id, type);
    },
    { noAck: true },
  );
  return {
    heard,
    waiting: async () => (await channel.checkQueue(QUEUE)).messageCount,
    async takeAll() {
      const taken = new Set<string>();
      await waitFor(async () => {
        for (
          let got = await channel.get(QUEUE, { noAck: true });
          got;
          got = await channel.get(QUEUE, { noAck: true })
        ) {
          taken.add(said(got.content).message_id);
        }
        return [...heard.keys()].every((id) => taken.has(id));
      });
      return taken;
    },
    close: () => model.close(),
  };
}

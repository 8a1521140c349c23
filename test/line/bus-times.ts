import { connect } from 'amqplib';
import { waitFor } from '../region/tenant.ts';

/** When the broker hands out `trove.instance.create`, to a listener of the test's own; epoch ms by instance. */
export async function listenForCreates(
  url: string,
): Promise<{ at: ReadonlyMap<string, number>; close(): Promise<void> }> {
  const at = new Map<string, number>();
  const model = await connect(url);
  const channel = await model.createChannel();
  await channel.checkExchange('trove');
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'trove', 'notifications.info');
  await channel.consume(queue, (message) => {
    const body = JSON.parse(message?.content.toString() ?? '{}') as { 'oslo.message'?: string };
    const inner = JSON.parse(body['oslo.message'] ?? '{}') as {
      event_type?: string;
      payload?: { instance_id: string };
    };
    if (inner.event_type === 'trove.instance.create' && inner.payload) at.set(inner.payload.instance_id, Date.now());
  });
  return { at, close: () => model.close() };
}

/** Resolves to when the exchange is there, looked for every 50 ms, each time on a fresh channel. */
export async function exchangeAppears(url: string): Promise<number> {
  return waitFor(
    async () => {
      const model = await connect(url).catch(() => null);
      if (!model) return false;
      try {
        const channel = await model.createChannel();
        channel.on('error', () => undefined);
        await channel.checkExchange('trove');
        return Date.now();
      } catch {
        return false;
      } finally {
        await model.close().catch(() => undefined);
      }
    },
    { timeoutMs: 60_000, everyMs: 50 },
  );
}

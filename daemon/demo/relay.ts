import { connect } from 'amqplib';
import type { Region } from '../../lib/simulator/index.ts';

const EXCHANGE = 'trove';

/** Sends the region's notifications to a real broker, as Trove's oslo.messaging does. The answer ends it. */
export async function relay(region: Region, url: string): Promise<() => Promise<void>> {
  const connection = await connect(url);
  connection.on('error', () => undefined); // what is lost with the broker is lost in a real cloud too
  const channel = await connection.createChannel();
  await channel.assertExchange(EXCHANGE, 'topic', { durable: false });
  const silence = region.onNotification(({ routingKey, body, properties }) => {
    const { contentType, contentEncoding } = properties;
    channel.publish(EXCHANGE, routingKey, Buffer.from(body), { contentType, contentEncoding, persistent: true });
  });
  return async () => {
    silence();
    await connection.close().catch(() => undefined);
  };
}

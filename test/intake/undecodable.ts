import type { Channel } from 'amqplib';

const frame = (type: number, channel: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(7);
  head.writeUInt8(type, 0);
  head.writeUInt16BE(channel, 1);
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload, Buffer.from([0xce])]);
};
const shortText = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);

/** Tables in tables, each six bytes more than the one in it: a key without a letter, the tag, and a length. */
function nestedTable(depth: number): Buffer {
  const table = Buffer.alloc(4 + depth * 6);
  for (let level = 0; level <= depth; level++) {
    const at = level * 6;
    table.writeUInt32BE((depth - level) * 6, at);
    if (level < depth) table.write('F', at + 5);
  }
  return table;
}

/**
 * Publishes what RabbitMQ takes and amqplib cannot decode: headers so deep that its decoder runs out of stack. Written
 * by hand, because its encoder cannot make them either.
 */
export function publishUndecodable(channel: Channel, exchange: string, routingKey: string, depth: number): void {
  const { ch, connection } = channel as unknown as {
    ch: number;
    connection: { sendBytes(bytes: Buffer): void };
  };
  const BASIC = 60;
  const PUBLISH = 40;
  const method = Buffer.alloc(6);
  method.writeUInt16BE(BASIC, 0);
  method.writeUInt16BE(PUBLISH, 2);
  const publish = Buffer.concat([method, shortText(exchange), shortText(routingKey), Buffer.from([0])]);
  const header = Buffer.alloc(14);
  header.writeUInt16BE(BASIC, 0);
  header.writeBigUInt64BE(1n, 4);
  header.writeUInt16BE(1 << 13, 12); // the headers are there, and no other property
  connection.sendBytes(
    Buffer.concat([
      frame(1, ch, publish),
      frame(2, ch, Buffer.concat([header, nestedTable(depth)])),
      frame(3, ch, Buffer.from('x')),
    ]),
  );
}

import { createServer, connect as dial, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Rabbit, startRabbit } from '../../daemon/demo/rabbitmq.ts';
import { type Listener, type ListenerOptions, listen } from './listener.ts';
import { asTrove, type Trove } from './trove.ts';

/** A real RabbitMQ for the tests of a file, with a queue, a Trove and consumers for each. */
export interface Broker {
  readonly rabbit: Rabbit;
  readonly trove: Trove;
  readonly queue: string;
  start(over?: Partial<ListenerOptions>): Listener;
  /** Trove connects again and declares its exchange, as with its next message. */
  troveComesBack(): Promise<void>;
}

export function useBroker(conf?: () => string): Broker {
  let rabbit: Rabbit | null = null;
  let trove: Trove | null = null;
  let queues = 0;
  const listeners: Listener[] = [];
  const there = <T>(part: T | null): T => {
    if (part === null) throw new Error('the broker is not up');
    return part;
  };
  const troveComesBack = async (): Promise<void> => {
    await trove?.close();
    trove = await asTrove(there(rabbit).adminUrl);
  };
  beforeAll(async () => {
    rabbit = await startRabbit({ conf: conf?.() ?? '' });
  });
  beforeEach(async () => {
    queues++;
    await troveComesBack();
  });
  afterEach(async () => {
    for (const listener of listeners.splice(0)) await listener.stop();
    await trove?.close();
  });
  afterAll(() => rabbit?.stop());
  const broker: Broker = {
    get rabbit() {
      return there(rabbit);
    },
    get trove() {
      return there(trove);
    },
    get queue() {
      return `autobackup-${queues}`;
    },
    start(over = {}) {
      const listener = listen({ url: broker.rabbit.url, queue: broker.queue, ...over });
      listeners.push(listener);
      return listener;
    },
    troveComesBack,
  };
  return broker;
}

/** A wire to a broker that can fall silent, as a network that swallows everything does. */
export async function silentWire(url: string) {
  const sockets: Socket[] = [];
  let silent = false;
  const pipe = (from: Socket, to: Socket): void => {
    sockets.push(from);
    from.on('error', () => undefined);
    from.on('data', (chunk) => silent || to.write(chunk));
  };
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const server = createServer((near) => {
    const far = dial(Number(new URL(url).port), '127.0.0.1');
    pipe(near, far);
    pipe(far, near);
    opened.resolve();
    near.on('close', () => closed.resolve());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const through = new URL(url);
  through.port = String((server.address() as { port: number }).port);
  return {
    url: through.href,
    fallSilent: () => {
      silent = true;
    },
    /** When the daemon has come. */
    opened: opened.promise,
    /** When the daemon's side of it is closed. */
    closed: closed.promise,
    end: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

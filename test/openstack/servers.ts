import net from 'node:net';
import { Worker } from 'node:worker_threads';

export interface TestServer {
  readonly url: string;
  /** Requests of which at least the first bytes arrived. */
  readonly seen: () => number;
  readonly close: () => Promise<void>;
}

/** A TCP server on a free port: `onRequest` gets each chunk of a connection, `onConnect` each connection. */
export async function tcpServer(behaviour: {
  readonly onRequest?: (socket: net.Socket, count: number) => void;
  readonly onConnect?: (socket: net.Socket) => void;
}): Promise<TestServer> {
  let count = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => {
      count += 1;
      behaviour.onRequest?.(socket, count);
    });
    behaviour.onConnect?.(socket);
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    seen: () => count,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The url of a port where nobody listens. */
export async function closedPort(host = '127.0.0.1'): Promise<string> {
  const server = net.createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return `http://${host}:${port}`;
}

/**
 * A port whose queue of connections is full and of which none is taken, so that a new one is never answered. It needs a
 * thread of its own: a process that listens takes what comes as soon as its event loop turns.
 */
export async function fullPort(): Promise<TestServer> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer();
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const queued = await Promise.all([0, 1, 2, 3].map(() => queue(port)));
  return {
    url: `http://127.0.0.1:${port}`,
    seen: () => 0,
    close: async () => {
      for (const socket of queued) socket.destroy();
      await worker.terminate();
    },
  };
}

/** Resolves when connected, or when it is clear that nobody answers. */
function queue(port: number): Promise<net.Socket> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => {});
    setTimeout(() => resolve(socket), 300);
  });
}

function listen(server: net.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'));
      else resolve(address.port);
    });
  });
}

import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What happens to the next request for a backup, or the next DELETE of one; each is used once. */
export interface Fault {
  /** The sender is cut off before Trove sees the request, which goes on all the same. */
  readonly cutSender?: boolean;
  /** Runs when the request has arrived here in full, before Trove sees it. */
  readonly beforeForward?: () => Promise<void>;
  /** Runs when Trove has answered, before the answer goes back. */
  readonly beforeAnswer?: () => Promise<void>;
  /** The answer is cut off: it never reaches the daemon. */
  readonly dropAnswer?: boolean;
}

/** A request as it came through. */
export interface Passed {
  readonly atMs: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Of the answer. */
  readonly status: number;
}

/** To ask for a backup, and to have one deleted. */
export type Verb = 'POST' | 'DELETE';

function verbOf({ method, url = '' }: IncomingMessage): Verb | null {
  if (method === 'POST' && url.endsWith('/backups')) return method;
  return method === 'DELETE' && /\/backups\/[^/]+$/.test(url) ? method : null;
}

/** Puts another body in the place of the one that Trove gave to a request, or undefined to leave it. */
export type Rewrite = (request: Passed, body: unknown) => unknown;

export interface TroveProxy {
  readonly origin: string;
  /** Every request that came through and was answered, in order. */
  readonly passed: readonly Passed[];
  /** Bodies of the requests for backups that came through, in order. */
  readonly posts: readonly string[];
  /** The answer takes it back, if no request has come. */
  failNext(fault: Fault, verb?: Verb): () => void;
  /** Told of every request for a backup, before Trove sees it; null ends it. */
  watch(look: ((body: string) => Promise<void>) | null): void;
  /** From now on answers of JSON are given as this says; null ends it. */
  rewrite(how: Rewrite | null): void;
  close(): Promise<void>;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function forward(
  target: string,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<{ answer: IncomingMessage; body: Buffer }> {
  return new Promise((done, failed) => {
    const { host: _, connection: __, ...headers } = incoming.headers;
    const outgoing = request(new URL(incoming.url ?? '/', target), { method: incoming.method, headers, agent: false });
    outgoing.on('response', (answer) => bodyOf(answer).then((read) => done({ answer, body: read }), failed));
    outgoing.on('error', failed);
    outgoing.end(body);
  });
}

/** Stands between the daemon and Trove, and breaks the wire where a test says: what a network may do at any moment. */
export async function startProxy(target: string): Promise<TroveProxy> {
  const posts: string[] = [];
  const passed: Passed[] = [];
  let how: Rewrite | null = null;
  let look: ((body: string) => Promise<void>) | null = null;
  const faults: Readonly<Record<Verb, Fault[]>> = { POST: [], DELETE: [] };
  const sockets = new Set<Socket>();

  function rewritten(request: Passed, body: Buffer): Buffer {
    if (!how || body.length === 0) return body;
    const other = how(request, JSON.parse(body.toString()));
    return other === undefined ? body : Buffer.from(JSON.stringify(other));
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const verb = verbOf(incoming);
    const fault = verb ? faults[verb].shift() : undefined;
    if (fault?.cutSender) outgoing.socket?.destroy();
    if (verb === 'POST') {
      posts.push(body.toString());
      await look?.(body.toString());
    }
    await fault?.beforeForward?.();
    const { answer, body: answered } = await forward(target, incoming, body);
    const { method = '', url = '' } = incoming;
    const request: Passed = { atMs: Date.now(), method, path: url, status: answer.statusCode ?? 0 };
    passed.push(request);
    await fault?.beforeAnswer?.();
    if (fault?.dropAnswer) {
      outgoing.socket?.destroy();
      return;
    }
    const { connection: _, 'transfer-encoding': __, 'content-length': ___, ...headers } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 502, headers).end(rewritten(request, answered));
  }

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.socket?.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    posts,
    passed,
    failNext: (fault, verb = 'POST') => {
      faults[verb].push(fault);
      return () => {
        const at = faults[verb].indexOf(fault);
        if (at >= 0) faults[verb].splice(at, 1);
      };
    },
    watch: (next) => {
      look = next;
    },
    rewrite: (next) => {
      how = next;
    },
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}

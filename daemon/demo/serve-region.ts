import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Region } from '../../lib/simulator/index.ts';

export interface RegionServer {
  /** `http://127.0.0.1:<port>`; the region's catalogue names it. */
  readonly url: string;
  /** Cuts what is under way. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Puts a real HTTP server before a region. Where the region or an interceptor throws, the connection is cut. */
export async function serveRegion(region: Region): Promise<RegionServer> {
  const server = createServer((incoming, outgoing) => {
    answer(region, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  region.setOrigin(url);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(region: Region, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const response = await region.fetch(await requestOf(region, incoming, outgoing));
  // The region has a time of its own, which it tells where the real services do; this machine's is none of it.
  outgoing.sendDate = false;
  outgoing.writeHead(response.status, [...response.headers].flat());
  if (response.body === null) return void outgoing.end();
  Readable.fromWeb(response.body as ReadableStream).pipe(outgoing);
}

async function requestOf(region: Region, incoming: IncomingMessage, outgoing: ServerResponse): Promise<Request> {
  const { method = 'GET', url = '/' } = incoming;
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = chunks.length > 0 ? Buffer.concat(chunks) : null;
  return new Request(new URL(url, region.origin), { method, headers, body, signal: gone.signal });
}

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** A port that nobody listens at now: the page's address is told before the daemon has begun. */
export async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

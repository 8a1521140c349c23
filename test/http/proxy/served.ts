import { type Daemon, type DaemonOptions, openDaemon } from '../daemon.ts';
import { type Client, clientOf } from './client.ts';
import { type Nginx, startNginx } from './nginx.ts';
import type { Site } from './sites.ts';

export interface Served {
  readonly daemon: Daemon;
  readonly nginx: Nginx;
  /** Of what lies where the site has the service. */
  readonly client: Client;
  /** With a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** A whole daemon, and nginx before it as the site says. */
export async function serve({ basePath, at }: Site, options: DaemonOptions = {}): Promise<Served> {
  const http = { base_path: basePath, trusted_proxies: ['127.0.0.1'], ...options.http };
  const daemon = await openDaemon({ ...options, http });
  const nginx = await startNginx((place) => at(new URL(daemon.url).host, place));
  return {
    daemon,
    nginx,
    client: clientOf(nginx.url + basePath.slice(0, -1), nginx.authority),
    url: nginx.url + basePath,
    async close() {
      await nginx.close();
      await daemon.close();
    },
  };
}

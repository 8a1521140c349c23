import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../daemon/demo/free-port.ts';
import { runOnLeash } from '../../../daemon/demo/leash.ts';
import { createAuthority } from '../../intake/certificates.ts';
import { waitFor } from '../../region/tenant.ts';

const NGINX = '/usr/sbin/nginx';
const HOST = '127.0.0.1';
/** What is around a file of `sites-enabled`: Debian's nginx.conf, with everything in a folder of its own. */
const around = (site: string): string => `
daemon off;
pid nginx.pid;
error_log stderr notice;
events {}
http {
  access_log off;
  gzip on;
  types { text/html html; }
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`).join(' ')}
  include ${site};
}
`;

/** What an operator has to fill in. */
export interface Place {
  readonly port: number;
  readonly cert: string;
  readonly key: string;
}

export interface Nginx {
  /** https, with no slash at its end. */
  readonly url: string;
  /** That of whoever signed its certificate, a PEM file. */
  readonly authority: string;
  /** What it told of: warnings and errors. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

/** The real one, before whatever `site` names, on a free port. */
export async function startNginx(site: (place: Place) => string): Promise<Nginx> {
  const home = mkdtempSync(join(tmpdir(), 'autobackup-nginx-'));
  // Started by root it works as another user, who keeps long bodies there for a while.
  chmodSync(home, 0o711);
  const authority = createAuthority();
  const pair = authority.issue('proxy', `IP:${HOST}`);
  // At the last: nobody else is to take it meanwhile.
  const port = await freePort(HOST);
  writeFileSync(join(home, 'site.conf'), site({ port, ...pair }));
  writeFileSync(join(home, 'nginx.conf'), around(join(home, 'site.conf')));
  const words = ['-p', home, '-e', 'stderr', '-c', join(home, 'nginx.conf')];
  const leash = runOnLeash(NGINX, words, { ...process.env, HOME: home });
  const lines = () => leash.output().split('\n');
  async function close(): Promise<void> {
    await leash.terminate();
    authority.remove();
    rmSync(home, { recursive: true });
  }
  // By then it listens.
  const isUp = () => leash.output().includes('start worker process ');
  await waitFor(async () => isUp() || !leash.running());
  if (!isUp()) {
    await close();
    throw new Error(`nginx did not start: ${leash.output()}`);
  }
  return {
    url: `https://${HOST}:${port}`,
    authority: authority.cert,
    complaints: () => lines().filter((line) => /\[(warn|error|crit|alert|emerg)\]/.test(line)),
    close,
  };
}

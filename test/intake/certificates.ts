import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Pair {
  /** A certificate for these names, as in `DNS:localhost,IP:127.0.0.1`; paths of PEM files. */
  issue(name: string, alternatives: string): Pair;
  file(name: string, text: string): string;
  remove(): void;
}

const openssl = (cwd: string, ...args: readonly string[]): void => {
  execFileSync('openssl', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
};

/** Makes keys and certificates in a folder of its own. */
export function createAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'autobackup-tls-'));
  const path = (name: string): string => join(folder, name);
  const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(folder, 'req', '-x509', ...KEY, '-subj', '/CN=ca', '-days', '2', '-keyout', 'ca.key', '-out', 'ca.pem');
  return {
    cert: path('ca.pem'),
    key: path('ca.key'),
    issue(name, alternatives) {
      writeFileSync(path(`${name}.ext`), `subjectAltName=${alternatives}\n`);
      openssl(folder, 'req', ...KEY, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
      const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
      openssl(folder, 'x509', '-req', '-in', `${name}.csr`, ...by, '-extfile', `${name}.ext`, '-out', `${name}.pem`);
      return { cert: path(`${name}.pem`), key: path(`${name}.key`) };
    },
    file(name, text) {
      writeFileSync(path(name), text);
      return path(name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

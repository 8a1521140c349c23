import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { type BusTls, readTls, UnusablePem } from '../../daemon/intake/tls.ts';
import { silentWire, useBroker } from './broker.ts';
import { createAuthority } from './certificates.ts';
import { bound } from './listener.ts';
import { idOf } from './messages.ts';

const ours = createAuthority();
const theirs = createAuthority();
afterAll(() => {
  ours.remove();
  theirs.remove();
});
/** The certificate names the host `localhost`, not the address. */
const server = ours.issue('server', 'DNS:localhost');
const client = ours.issue('client', 'DNS:autobackup');
const stranger = theirs.issue('client', 'DNS:autobackup');

const port = await new Promise<number>((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = probe.address() as { port: number };
    probe.close(() => resolve(free));
  });
});
const broker = useBroker(
  () => `listeners.ssl.1 = 127.0.0.1:${port}
ssl_options.cacertfile = ${ours.cert}
ssl_options.certfile = ${server.cert}
ssl_options.keyfile = ${server.key}
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = true
`,
);
const url = (host = 'localhost'): string => `amqps://autobackup:autobackup@${host}:${port}/%2F`;
const right: BusTls = { ca: ours.cert, ...client };

test.each<{ what: string; host?: string; tls: BusTls }>([
  { what: 'the CA and its own certificate', tls: right },
  {
    what: 'the name of the certificate where the url has another',
    host: '127.0.0.1',
    tls: { ...right, server_name: 'localhost' },
  },
  {
    what: 'a file of several CAs',
    tls: { ...right, ca: ours.file('both.pem', readFileSync(theirs.cert, 'utf8') + readFileSync(ours.cert, 'utf8')) },
  },
])('with $what it consumes over TLS', async ({ host, tls }) => {
  const listener = broker.start({ url: url(host), tls });
  await listener.when(bound);
  await broker.trove.tell(idOf(1));
  await listener.when(({ noted }) => noted.includes(idOf(1)));
});

test.each<{ what: string; host?: string; tls: BusTls; says: RegExp }>([
  {
    what: 'a CA that is not the broker\u2019s',
    tls: { ...right, ca: theirs.cert },
    says: /unable to verify|self.signed|issuer/i,
  },
  { what: 'no CA', tls: { ...client }, says: /unable to verify|self.signed|issuer/i },
  {
    what: 'a host that the certificate does not name',
    host: '127.0.0.1',
    tls: right,
    says: /does not match certificate/,
  },
  {
    what: 'a server_name that it does not name',
    tls: { ...right, server_name: 'rabbit.example' },
    says: /does not match certificate/,
  },
  { what: 'no certificate of its own', tls: { ca: ours.cert }, says: /certificate.required|ECONNRESET|closed/i },
  { what: 'a certificate of another CA', tls: { ca: ours.cert, ...stranger }, says: /unknown.ca|ECONNRESET|closed/i },
])('with $what it is refused, and says why', async ({ host, tls, says }) => {
  const listener = broker.start({ url: url(host), tls });
  await listener.when((it) => it.count('bus.lost') > 0);
  expect(listener.lines.find(({ event }) => event === 'bus.lost')?.['error']).toMatch(says);
  expect(listener.state()).toMatchObject({ consuming: false, bound: false });
  expect(JSON.stringify(listener.lines)).not.toContain('autobackup:autobackup');
});

test('a certificate that was renewed is used at the next connection, and one that is broken is told until it is mended', async () => {
  const cert = ours.file('renewed.pem', readFileSync(client.cert, 'utf8'));
  const listener = broker.start({ url: url(), tls: { ...right, cert } });
  await listener.when(bound);
  ours.file('renewed.pem', 'half a fi');
  await broker.trove.channel.deleteQueue(broker.queue);
  await listener.when((it) => /renewed.pem holds no certificate/.test(it.state().lastError ?? ''));
  ours.file('renewed.pem', readFileSync(client.cert, 'utf8'));
  await listener.when(bound);
});

test('a broker that fell silent does not hold up the stop over TLS either', async () => {
  const wire = await silentWire(url());
  const through = new URL(wire.url);
  through.hostname = 'localhost';
  const listener = broker.start({ url: through.href, tls: right });
  await listener.when(bound);
  wire.fallSilent();
  const stoppedMs = performance.now();
  await listener.stop();
  await wire.closed;
  expect(performance.now() - stoppedMs).toBeLessThan(6_000);
  wire.end();
});

describe('a file that cannot be used is refused with what to do', () => {
  const encrypted = (): string => {
    const key = execFileSync('openssl', ['ec', '-in', client.key, '-aes256', '-passout', 'pass:hunter2'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return ours.file('encrypted.key', key.toString());
  };
  const broken = (): string => ours.file('broken.pem', readFileSync(ours.cert, 'utf8').replace(/\n[^-]{40}/, '\n'));
  const FAULTS: readonly { readonly what: string; readonly tls: () => BusTls; readonly says: RegExp }[] = [
    {
      what: 'a CA that is not there',
      tls: () => ({ ca: '/nowhere/ca.pem' }),
      says: /^bus\.tls\.ca: \/nowhere\/ca\.pem cannot be read \(ENOENT\); check the path and who may read it$/,
    },
    { what: 'a folder', tls: () => ({ ca: '/tmp' }), says: /^bus\.tls\.ca: \/tmp cannot be read \(EISDIR\)/ },
    {
      what: 'a CA that is no PEM',
      tls: () => ({ ca: ours.file('text.pem', 'hunter2') }),
      says: /^bus\.tls\.ca: .*text\.pem holds no certificate; give a file in PEM form$/,
    },
    {
      what: 'a key in place of a CA',
      tls: () => ({ ca: client.key }),
      says: /^bus\.tls\.ca: .*client\.key holds no certificate/,
    },
    {
      what: 'a CA that is broken',
      tls: () => ({ ca: broken() }),
      says: /^bus\.tls\.ca: .*broken\.pem holds a certificate that cannot be read \(number 1\)$/,
    },
    {
      what: 'a certificate in place of its key',
      tls: () => ({ ...client, key: client.cert }),
      says: /^bus\.tls\.key: .*client\.pem holds no private key/,
    },
    {
      what: 'the key of another certificate',
      tls: () => ({ ...client, key: server.key }),
      says: /^bus\.tls\.key: .*server\.key is not the key of the certificate in .*client\.pem/,
    },
    {
      what: 'a key with a passphrase',
      tls: () => ({ ...client, key: encrypted() }),
      says: /^bus\.tls\.key: .*encrypted\.key is encrypted; give a key without a passphrase/,
    },
  ];
  test.each(FAULTS)('$what', ({ tls, says }) => {
    const refusal = (() => {
      try {
        return readTls(tls());
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(UnusablePem);
    expect((refusal as Error).message).toMatch(says);
    expect(JSON.stringify([(refusal as Error).message, (refusal as Error).stack])).not.toContain('hunter2');
  });
});

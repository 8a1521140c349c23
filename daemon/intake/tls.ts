import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Paths of PEM files, and the name that the broker's certificate must have where that is not the url's. */
export interface BusTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly server_name?: string | undefined;
}

/** As node:tls takes them; the certificate and the host's name are always verified. */
export interface TlsOptions {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

type PemKey = 'ca' | 'cert' | 'key';

/** Names the key and the file; never what the file holds. */
export class UnusablePem extends Error {
  override readonly name = 'UnusablePem';
  constructor(key: PemKey, path: string, fault: string, cause?: unknown) {
    super(`bus.tls.${key}: ${path} ${fault}`, { cause });
  }
}

/**
 * Read anew for each connection, so that a certificate that was renewed is used without a restart.
 * @throws UnusablePem
 */
export function readTls({ ca, cert, key, server_name: servername }: BusTls): TlsOptions {
  const own = cert !== undefined && key !== undefined ? ownCertificate(cert, key) : {};
  return {
    ...(ca !== undefined && { ca: certificates('ca', ca) }),
    ...own,
    ...(servername !== undefined && { servername }),
  };
}

function ownCertificate(certPath: string, keyPath: string): Pick<TlsOptions, 'cert' | 'key'> {
  const chain = certificates('cert', certPath);
  const key = textOf('key', keyPath);
  const [leaf = ''] = chain;
  if (!new X509Certificate(leaf).checkPrivateKey(privateKey(keyPath, key)))
    throw new UnusablePem(
      'key',
      keyPath,
      `is not the key of the certificate in ${certPath}; give the two that go together`,
    );
  return { cert: chain.join('\n'), key };
}

function privateKey(path: string, pem: string) {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    // Both forms of PEM say it: in the block's name, or in a header.
    const fault = pem.includes('ENCRYPTED')
      ? 'is encrypted; give a key without a passphrase, readable by the daemon alone'
      : 'holds no private key that can be read; give one in PEM form';
    throw new UnusablePem('key', path, fault, error);
  }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function certificates(key: PemKey, path: string): string[] {
  const blocks = textOf(key, path).match(CERTIFICATE) ?? [];
  if (blocks.length === 0) throw new UnusablePem(key, path, 'holds no certificate; give a file in PEM form');
  for (const [index, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch (error) {
      throw new UnusablePem(key, path, `holds a certificate that cannot be read (number ${index + 1})`, error);
    }
  }
  return blocks;
}

function textOf(key: PemKey, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UnusablePem(key, path, `cannot be read (${code}); check the path and who may read it`, error);
  }
}

import { resolve } from 'node:path';
import { CloudConfigError } from './error.ts';
import type { Environment } from './files.ts';
import type { FoundCloud } from './find-cloud.ts';
import { textAt } from './section.ts';

const isFalse = (value: unknown): boolean => value === false || /^(false|no|0)$/i.test(String(value ?? ''));
const isTrue = (value: unknown): boolean => value === true || String(value ?? '').toLowerCase() === 'true';

/**
 * fetch knows neither a cloud's own CA nor a client's certificate: they are refused rather than left out without a word.
 * (openstacksdk: openstack/config/cloud_region.py get_requests_verify_args)
 */
export function assertCertificates({ settings, where }: FoundCloud, env: Environment): void {
  const own = 'or give createKeystone and createTrove a fetch of your own, and readCloud "ownFetch"';
  if (isTrue(settings['insecure']) || isFalse(settings['verify'] ?? true)) {
    throw new CloudConfigError(`${where}: insecure and verify: false are not supported; name the CA, ${own}`);
  }
  if (textAt(settings, 'cert', 'key') !== undefined) {
    throw new CloudConfigError(`${where}: a client's certificate (cert, key) is not supported; leave it out, ${own}`);
  }
  const cacert = textAt(settings, 'cacert');
  if (cacert === undefined) return;
  const path = resolve(cacert.replace(/^~(?=\/)/, env['HOME'] ?? '~'));
  if (env['NODE_EXTRA_CA_CERTS'] !== undefined && resolve(env['NODE_EXTRA_CA_CERTS']) === path) return;
  throw new CloudConfigError(
    `${where}: cacert must be known to Node; start it with NODE_EXTRA_CA_CERTS=${path}, ${own}`,
  );
}

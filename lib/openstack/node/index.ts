import type { Auth } from '../auth.ts';
import type { KeystoneEndpoint, Scope } from '../types.ts';
import { assertCertificates } from './certificates.ts';
import type { Environment } from './files.ts';
import { findCloud } from './find-cloud.ts';
import { settingsOf } from './settings.ts';

export { CloudConfigError } from './error.ts';

export interface ReadCloudOptions {
  /** Default: `OS_CLOUD`, else what the other `OS_*` variables describe, else the only cloud of clouds.yaml. */
  readonly cloud?: string | undefined;
  /** One of the cloud's regions. Default: the first. */
  readonly regionName?: string | undefined;
  /** Default: `process.env`. */
  readonly env?: Environment | undefined;
  /** The fetch you give minds `cacert`, `verify`, `cert` and `key`; without this they are refused. */
  readonly ownFetch?: boolean | undefined;
}

export interface Cloud {
  readonly name: string;
  /** For `createKeystone`. Its secrets are functions, so that printing it shows none. */
  readonly keystone: KeystoneEndpoint & { readonly auth: Auth };
  /** The project or trust that the cloud names; `default` where it names none, as with an application credential. */
  readonly scope: Scope;
  /** Where its secret may stand: secure.yaml, or clouds.yaml where there is no such file; null for the environment. */
  readonly file: string | null;
}

/**
 * A cloud of clouds.yaml, secure.yaml and clouds-public.yaml, or of the `OS_*` variables, found and merged as openstacksdk
 * does (openstack/config/loader.py). Not supported, and refused: other ways to sign in than password, token and application
 * credential; the profiles that come with openstacksdk; scopes that are no project; certificates (see `ownFetch`).
 * @throws CloudConfigError that says where, and what to do
 */
export function readCloud(options: ReadCloudOptions = {}): Cloud {
  const { cloud, regionName, env = process.env, ownFetch = false } = options;
  const found = findCloud(cloud, regionName, env);
  if (!ownFetch) assertCertificates(found, env);
  return { name: found.name, ...settingsOf(found), file: found.file };
}

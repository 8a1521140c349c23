import type { HttpOptions } from '../../lib/openstack/index.ts';
import type { Buckets } from '../cloud/budget.ts';
import { createCallerCloud } from '../cloud/caller.ts';
import { openCloud } from '../cloud/open.ts';
import type { KeystoneConfig } from '../config/keystone.ts';
import type { Config } from '../config/schema.ts';
import type { CallerCloud } from '../ports/caller-cloud.ts';
import type { Clock } from '../ports/clock.ts';
import type { CloudPort } from '../ports/cloud.ts';
import { keystoneOptions } from './identity.ts';

const READ_DEADLINE_MS = 60_000;

export interface CloudParts extends Pick<HttpOptions, 'fetch' | 'onAnswer'> {
  readonly clock: Clock;
  readonly buckets: Buckets;
}

/** Keystone and Trove as the configuration names them; built anew when the credentials change. */
export function buildCloud(
  config: Pick<Config, 'keystone' | 'limits'>,
  { clock, buckets, ...http }: CloudParts,
): CloudPort {
  const { keystone: auth, limits } = config;
  return openCloud({
    keystone: keystoneOptions(auth),
    http,
    home: auth.home,
    tenantScope: auth.tenant_scope,
    tenantApiShare: limits.tenant_api_share,
    buckets,
    clock,
    readDeadlineMs: READ_DEADLINE_MS,
  });
}

/** The same region in the name of whoever calls: where it is, and nothing of the service's own login. */
export function buildCallerCloud(
  auth: KeystoneConfig,
  { clock, fetch, onAnswer }: Omit<CloudParts, 'buckets'>,
): CallerCloud {
  const { authUrl, regionName, interface: face, databaseEndpointOverride } = keystoneOptions(auth);
  const http = { ...(fetch && { fetch }), ...(onAnswer && { onAnswer }) };
  return createCallerCloud({
    endpoint: { authUrl, regionName, interface: face, databaseEndpointOverride, ...http },
    clock,
  });
}

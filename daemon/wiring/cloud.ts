import type { HttpOptions } from '../../lib/openstack/index.ts';
import type { Buckets } from '../cloud/budget.ts';
import { openCloud } from '../cloud/open.ts';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../ports/clock.ts';
import type { CloudPort } from '../ports/cloud.ts';

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
    keystone: {
      authUrl: auth.auth_url,
      auth: { method: 'password', user: auth.user, password: () => auth.password.reveal() },
      regionName: auth.region_name,
      interface: auth.interface,
      databaseEndpointOverride: auth.database_endpoint_override,
    },
    http,
    home: auth.home,
    tenantScope: auth.tenant_scope,
    tenantApiShare: limits.tenant_api_share,
    buckets,
    clock,
    readDeadlineMs: READ_DEADLINE_MS,
  });
}

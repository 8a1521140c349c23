import type { KeystoneConfig } from '../../../daemon/config/keystone.ts';
import { Secret } from '../../../daemon/config/secret.ts';

/** How the service signs in where the standard identities are seeded. */
export const serviceLogin = (authUrl: string): KeystoneConfig => ({
  auth_url: authUrl,
  user: { name: 'autobackup', domain: { name: 'Default' } },
  password: new Secret('autobackup'),
  home: { projectName: 'service', projectDomainName: 'Default' },
  region_name: undefined,
  interface: 'public',
  database_endpoint_override: undefined,
  tenant_scope: 'role',
});

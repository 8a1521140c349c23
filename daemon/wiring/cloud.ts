import { createKeystone, createProjects, createTrove, type HttpOptions } from '../../lib/openstack/index.ts';
import { sparing } from '../cloud/closed-projects.ts';
import { createCloud } from '../cloud/index.ts';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../ports/clock.ts';
import type { CloudPort } from '../ports/cloud.ts';

const READ_DEADLINE_MS = 60_000;

/** Keystone and Trove as the configuration names them; built anew when the credentials change. */
export function buildCloud(
  auth: Config['keystone'],
  http: Pick<HttpOptions, 'fetch' | 'onAnswer'>,
  clock: Clock,
): CloudPort {
  const identity = {
    authUrl: auth.auth_url,
    username: auth.username,
    password: auth.password.reveal(),
    userDomainName: auth.user_domain_name,
    regionName: auth.region_name,
    interface: auth.interface,
    databaseEndpointOverride: auth.database_endpoint_override,
    ...http,
  };
  const keystone = createKeystone(identity);
  const cloud = createCloud({
    projects: createProjects(keystone, identity),
    trove: createTrove(keystone, http),
    home: { projectName: auth.project_name, projectDomainName: auth.project_domain_name },
    readDeadlineMs: READ_DEADLINE_MS,
  });
  return sparing(cloud, () => clock.monotonicMs());
}

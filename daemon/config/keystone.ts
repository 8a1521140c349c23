import { z } from 'zod';
import type { Interface, Scope, UserRef } from '../../lib/openstack/index.ts';
import { findUser } from './cloud.ts';
import { oneSecret, type Secret, secretFileSchema, secretSchema } from './secret.ts';
import { service } from './url.ts';

const text = z.string().min(1);

/** How the service signs in, where it is admin for reading, and how it comes into the tenants' projects. */
export interface KeystoneConfig {
  readonly auth_url: string;
  readonly user: UserRef;
  readonly password: Secret;
  readonly home: Scope;
  readonly region_name: string | undefined;
  readonly interface: Interface;
  readonly database_endpoint_override: string | undefined;
  /** By a role that is inherited on all projects, or by a trust that a member of each has made. */
  readonly tenant_scope: 'role' | 'trust';
}

const written = z.strictObject({
  /** The name of a cloud in clouds.yaml, or of the environment; in place of the next five. */
  cloud: text.optional(),
  auth_url: service('https://keystone.example:5000/v3').optional(),
  username: text.optional(),
  password: secretSchema.optional(),
  password_file: secretFileSchema.optional(),
  user_domain_name: text.optional(),
  project_name: text.optional(),
  project_domain_name: text.optional(),
  region_name: text.optional(),
  interface: z.enum(['public', 'internal', 'admin']).optional(),
  database_endpoint_override: service('https://trove.example:8779').optional(),
  tenant_scope: z.enum(['role', 'trust']).default('role'),
});
type Written = z.output<typeof written>;

const OF_THE_CLOUD = ['auth_url', 'username', 'password', 'password_file', 'user_domain_name'] as const;

/** Either by keys of its own, or by a cloud whose keys may be overridden as to project, region and endpoint. */
export const keystoneSchema = written.transform((given, context): KeystoneConfig => {
  const refuse = (key: keyof Written, message: string): never => {
    context.addIssue({ code: 'custom', path: [key], message });
    return z.NEVER;
  };
  return given.cloud === undefined ? byKeys(given, refuse, context) : byCloud(given.cloud, given, refuse);
});

type Refuse = (key: keyof Written, message: string) => never;

function byKeys(given: Written, refuse: Refuse, context: z.RefinementCtx): KeystoneConfig {
  const need = (key: 'auth_url' | 'username' | 'project_name'): string =>
    given[key] ?? refuse(key, 'missing; set it to text, or name a cloud of clouds.yaml with the key "cloud"');
  const { user_domain_name = 'Default', project_domain_name = 'Default', interface: face = 'internal' } = given;
  return {
    auth_url: need('auth_url'),
    user: { name: need('username'), domain: { name: user_domain_name } },
    password: oneSecret('password', { inline: given.password, file: given.password_file }, context),
    home: { projectName: need('project_name'), projectDomainName: project_domain_name },
    region_name: given.region_name,
    interface: face,
    database_endpoint_override: given.database_endpoint_override,
    tenant_scope: given.tenant_scope,
  };
}

function byCloud(name: string, given: Written, refuse: Refuse): KeystoneConfig {
  for (const key of OF_THE_CLOUD) {
    if (given[key] !== undefined) return refuse(key, 'is the cloud\'s to say; take it out, or take "cloud" out');
  }
  const found = findUser(name, given.region_name);
  if (typeof found === 'string') return refuse('cloud', found);
  const home =
    given.project_name === undefined
      ? found.scope
      : { projectName: given.project_name, projectDomainName: given.project_domain_name ?? 'Default' };
  if (home === 'default' || 'trustId' in home) {
    return refuse('project_name', `cloud "${name}" names no project; set it to the one where the user is admin`);
  }
  return {
    auth_url: found.authUrl,
    user: found.user,
    password: found.password,
    home,
    region_name: found.regionName,
    interface: given.interface ?? found.interface,
    database_endpoint_override: given.database_endpoint_override ?? found.databaseEndpointOverride,
    tenant_scope: given.tenant_scope,
  };
}

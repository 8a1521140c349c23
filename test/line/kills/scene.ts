import type { Region } from '../../region/region.ts';
import { type Tenant, tenant } from '../../region/tenant.ts';

/** Projects with different habits: what is asked for often, seldom, in a small quota, and of PostgreSQL. */
const PROJECTS = [
  { name: 'kills-busy', instances: 5, datastore: 'mysql', quota: 10_000, policy: 'every: 10s, max_incrementals: 3' },
  { name: 'kills-small', instances: 4, datastore: 'mariadb', quota: 14, policy: 'every: 10s, max_incrementals: 2' },
  { name: 'kills-chains', instances: 3, datastore: 'mysql', quota: 10_000, policy: 'every: 20s, full_every: 60s' },
  { name: 'kills-fulls', instances: 2, datastore: 'postgresql', quota: 10_000, policy: 'every: 15s' },
] as const;

export const CAPS = { concurrent: 12, perProject: 5 } as const;

/** The YAML list of the configuration. */
export const POLICIES = PROJECTS.map(
  ({ name, policy }) => `  - { name: ${name}, select: { projects: [${name}@Default] }, ${policy} }`,
).join('\n');

export interface Scene {
  readonly region: Region;
  readonly projects: readonly {
    readonly name: string;
    readonly tenant: Tenant;
    readonly instances: readonly string[];
  }[];
  /** Which of its projects' members may speak for a backup of an instance. */
  tenantOf(instanceId: string): Tenant;
  clear(): Promise<void>;
}

async function build(region: Region, { name, instances, datastore, quota }: (typeof PROJECTS)[number]) {
  await region.project(name);
  const member = await tenant(region, { username: name, password: name, project: name });
  const admin = await tenant(region, { username: 'admin', password: 'secret', project: 'admin' });
  await admin.request('PUT', `/mgmt/quotas/${member.projectId}`, { quotas: { backups: quota } });
  const made: string[] = [];
  // One after the other: requests side by side lose counts of the quota.
  for (let n = 1; n <= instances; n++) made.push((await member.createActive({ name: `db-${n}`, datastore })).id);
  return { name, tenant: member, instances: made };
}

export async function setScene(region: Region): Promise<Scene> {
  const projects = await Promise.all(PROJECTS.map((project) => build(region, project)));
  const owners = new Map(projects.flatMap(({ tenant, instances }) => instances.map((id) => [id, tenant] as const)));
  return {
    region,
    projects,
    tenantOf(instanceId) {
      const owner = owners.get(instanceId);
      if (!owner) throw new Error(`no project of this scene has the instance ${instanceId}`);
      return owner;
    },
    async clear() {
      await region.control({ backup_s: 1, fail: [] });
      for (const [id, owner] of owners) {
        await owner.waitFor(async () => (await owner.request('DELETE', `/instances/${id}`)).status !== 422);
      }
    },
  };
}

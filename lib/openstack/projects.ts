import { z } from 'zod';
import { startCall } from './call.ts';
import { OpenStackError } from './errors.ts';
import { createIdentityReader } from './identity-reader.ts';
import type { Keystone } from './keystone.ts';
import type { CallOptions, KeystoneEndpoint, Scope } from './types.ts';

/** Projects are told apart by name within their domain only. */
export interface NamedProject {
  readonly name: string;
  readonly domainName: string;
}

/** (Keystone: keystone/resource/backends/sql.py Project) */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly domainId: string;
  readonly enabled: boolean;
}

export interface Projects {
  /** The id of a project, or null if there is none of that name. Keystone asks for admin. */
  find(project: NamedProject, adminScope: Scope, call?: CallOptions): Promise<string | null>;
  /** A project by its id, disabled or not; null if Keystone has none. Keystone asks for admin. */
  show(id: string, adminScope: Scope, call?: CallOptions): Promise<Project | null>;
  /**
   * Every project of every domain. Keystone asks for admin.
   * @throws OpenStackError `incomplete` where Keystone cuts its lists short (`list_limit`)
   */
  all(adminScope: Scope, call?: CallOptions): Promise<readonly Project[]>;
  /** Those that the user may ask a token of; trusts are not among them. (Keystone: keystone/api/auth.py AuthProjectsResource) */
  mine(call?: CallOptions): Promise<readonly Project[]>;
}

const ids = z.array(z.object({ id: z.string() }));
/** Keystone: keystone/api/domains.py, keystone/api/projects.py */
const domainsBody = z.object({ domains: ids }).transform(({ domains }) => domains);
const projectsBody = z.object({ projects: ids }).transform(({ projects }) => projects);
const project = z
  .object({ id: z.string(), name: z.string(), domain_id: z.string(), enabled: z.boolean() })
  .transform(({ domain_id: domainId, ...rest }): Project => ({ ...rest, domainId }));
const projects = z.array(project);
const oneBody = z.object({ project });
const mineBody = z.object({ projects });
/** Keystone: keystone/server/flask/common.py wrap_collection */
const allBody = z.object({
  projects,
  truncated: z.boolean().optional(),
  links: z.object({ next: z.string().nullish() }).optional(),
});

/** Looks projects up in Keystone, with tokens of `keystone`; `options` are those it was made with. */
export function createProjects(keystone: Keystone, options: KeystoneEndpoint): Projects {
  const { read, readUnscoped } = createIdentityReader(keystone, options);
  return {
    async find({ name, domainName }, adminScope, limits) {
      const call = startCall(limits);
      const [domain] = await read(
        `/domains?${new URLSearchParams({ name: domainName })}`,
        domainsBody,
        adminScope,
        call,
      );
      if (!domain) return null;
      const query = new URLSearchParams({ name, domain_id: domain.id });
      const [project] = await read(`/projects?${query}`, projectsBody, adminScope, call);
      return project?.id ?? null;
    },
    async show(id, adminScope, limits) {
      try {
        return (await read(`/projects/${encodeURIComponent(id)}`, oneBody, adminScope, startCall(limits))).project;
      } catch (error) {
        const isAbsent = error instanceof OpenStackError && error.code === 'not-found' && error.resourceId === id;
        if (isAbsent) return null;
        throw error;
      }
    },
    async all(adminScope, limits) {
      const { projects: all, truncated, links } = await read('/projects', allBody, adminScope, startCall(limits));
      if (truncated !== true && !links?.next) return all;
      const text = `Keystone cut the list of projects after ${all.length}; raise its list_limit ([resource] or [DEFAULT])`;
      throw new OpenStackError(text, { code: 'incomplete', delivery: 'answered' });
    },
    mine: async (limits) => (await readUnscoped('/auth/projects', mineBody, startCall(limits))).projects,
  };
}

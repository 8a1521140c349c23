import { z } from 'zod';
import { type Call, inheritLimits, startCall } from './call.ts';
import { assertOk } from './fault.ts';
import { createHttp } from './http.ts';
import type { Keystone } from './keystone.ts';
import { retrying } from './retry.ts';
import type { CallOptions, KeystoneOptions, Scope } from './types.ts';
import { identityUrl } from './url.ts';
import { parseBody } from './validate.ts';

/** Projects are told apart by name within their domain only. */
export interface NamedProject {
  readonly name: string;
  readonly domainName: string;
}

export interface Projects {
  /** The id of a project, or null if there is none of that name. Keystone asks for admin. */
  find(project: NamedProject, adminScope: Scope, call?: CallOptions): Promise<string | null>;
}

const ids = z.array(z.object({ id: z.string() }));
/** Keystone: keystone/api/domains.py, keystone/api/projects.py */
const domainsBody = z.object({ domains: ids }).transform(({ domains }) => domains);
const projectsBody = z.object({ projects: ids }).transform(({ projects }) => projects);

/** Looks projects up in Keystone, with tokens of `keystone`; `options` are those it was made with. */
export function createProjects(keystone: Keystone, options: KeystoneOptions): Projects {
  const http = createHttp(options);
  const { now = Date.now } = options;
  const base = identityUrl(options.authUrl);

  async function get<T>(path: string, schema: z.ZodType<T>, scope: Scope, call: Call): Promise<T> {
    let token = await keystone.token({ scope, ...inheritLimits(call) });
    const renew = async () => {
      keystone.invalidate(token);
      token = await keystone.token({ scope, ...inheritLimits(call) });
    };
    const answer = await retrying(call, { sleep: options.sleep, renew }, async () => {
      const headers = { 'x-auth-token': token.id };
      const secrets = [token.id];
      const got = await http.send({ service: 'identity', method: 'GET', url: base + path, headers, secrets }, call);
      assertOk(got, now());
      return got;
    });
    return parseBody(answer, schema);
  }

  return {
    async find({ name, domainName }, adminScope, limits) {
      const call = startCall(limits);
      const [domain] = await get(
        `/domains?${new URLSearchParams({ name: domainName })}`,
        domainsBody,
        adminScope,
        call,
      );
      if (!domain) return null;
      const query = new URLSearchParams({ name, domain_id: domain.id });
      const [project] = await get(`/projects?${query}`, projectsBody, adminScope, call);
      return project?.id ?? null;
    },
  };
}

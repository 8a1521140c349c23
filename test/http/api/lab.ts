import type { Caller } from '../../../daemon/http/api/caller.ts';
import { ApiError } from '../../../daemon/http/api/error.ts';
import { RULES, type Rule } from '../../../daemon/http/api/rules.ts';
import { type Api, type ApiOptions, createApi, type Routes } from '../../../daemon/http/api/server.ts';

const none = (): void => {};
export const silent = { info: none, warn: none, error: none };

/** Somebody with a role on a project, whom no Keystone was asked for. */
export function callerOf(role: string, projectId = 'p1'): Caller {
  return {
    userId: `user-${role}`,
    userName: role,
    projectId,
    projectName: `name of ${projectId}`,
    roles: [role],
    isAdmin: role === 'admin',
    isDelegated: false,
    expiresUtc: Date.UTC(2030, 0, 1),
    token: () => `token-${role}-${projectId}`,
    may: (rule: Rule) => (RULES[rule] as readonly string[]).includes(role),
  };
}

/** An API whose tokens are `role@project`; whoever brings none is let in nowhere. */
export const labApi = (...routes: readonly Routes[]): Api => labApiWith({}, ...routes);

export function labApiWith(options: Partial<ApiOptions>, ...routes: readonly Routes[]): Api {
  return createApi({
    ...options,
    routes,
    log: silent,
    authenticate: async (request) => {
      const [role, projectId] = String(request.headers['x-auth-token'] ?? '').split('@');
      if (!role) throw new ApiError(401, 'unauthorized', 'no token');
      return callerOf(role, projectId);
    },
  });
}

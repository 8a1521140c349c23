import { z } from 'zod';
import { scopeOf } from '../api/scope.ts';
import type { Routes } from '../api/server.ts';
import { sendWritten } from '../api/written.ts';
import { overviewQuery, overviewSchema, regionSchema } from '../contract/overview.ts';
import type { ProjectNames } from '../project-names.ts';
import { refusal } from '../refusals/index.ts';
import type { HealthOfPart } from '../views/overview.ts';
import type { ReadDeps } from './instances.ts';

export interface OverviewDeps extends ReadDeps {
  /** How the parts of the daemon are. */
  readonly health: () => readonly HealthOfPart[];
  readonly projectNames: () => Promise<ProjectNames>;
}

export const overviewRoutes =
  ({ reads, clock, health, projectNames }: OverviewDeps): Routes =>
  (api) => {
    api.get(
      '/v1/overview',
      {
        config: { rule: 'overview:read' },
        schema: {
          summary: 'Is everything protected? Of a project; for an admin also of all',
          tags: ['overview'],
          querystring: overviewQuery,
          response: { 200: overviewSchema },
        },
      },
      async (request, reply) => {
        const as = { language: request.language, nowUtc: clock.nowUtc() };
        return sendWritten(request, reply, await reads.overview(scopeOf(request.caller, request.query), as));
      },
    );
    api.get(
      '/v1/region',
      {
        config: { rule: 'region:read' },
        schema: {
          summary: 'All projects, what starts in the next seven days, and how the service is; for an admin',
          tags: ['overview'],
          querystring: z.strictObject({}),
          response: { 200: regionSchema },
        },
      },
      async (request, reply) => {
        if (!request.caller.isAdmin) {
          throw refusal('forbidden-region', {});
        }
        const as = { language: request.language, nowUtc: clock.nowUtc() };
        const beside = { health: health(), names: await projectNames() };
        return sendWritten(request, reply, await reads.region(beside, as));
      },
    );
  };

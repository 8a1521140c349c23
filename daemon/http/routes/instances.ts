import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import { ApiError } from '../api/error.ts';
import { queryOf } from '../api/page.ts';
import { scopeOf } from '../api/scope.ts';
import type { Routes } from '../api/server.ts';
import { sendWritten } from '../api/written.ts';
import { byId, scopeQuery } from '../contract/common.ts';
import { instanceAnswer, instancesQuery, instancesSchema } from '../contract/instance.ts';
import type { Reads } from '../reads.ts';
import { notFound } from '../refusals/index.ts';
import { SORTS } from '../views/instance.ts';

export interface ReadDeps {
  readonly reads: Reads;
  readonly clock: Pick<Clock, 'nowUtc'>;
}

export const unknownMarker = (): ApiError =>
  new ApiError(400, 'unknown-marker', 'querystring field marker: nothing of your list has this id', {
    hint: 'follow the next link of a page, or leave marker out to begin at the first',
  });

export const instanceRoutes =
  ({ reads, clock }: ReadDeps): Routes =>
  (api) => {
    api.get(
      '/v1/instances',
      {
        config: { rule: 'instance:read' },
        schema: {
          summary: 'Instances and how well they are protected',
          tags: ['instances'],
          querystring: instancesQuery,
          response: { 200: instancesSchema },
        },
      },
      async (request, reply) => {
        const { sort_key, sort_dir, name, state, datastore, policy, deleted, limit, marker } = request.query;
        const found = await reads.instances(
          {
            scope: scopeOf(request.caller, request.query),
            sort: SORTS[sort_key],
            descending: sort_dir === 'desc',
            name: name ?? null,
            state: state ?? null,
            datastore: datastore ?? null,
            policy: policy ?? null,
            gone: deleted,
            limit,
            marker: marker ?? null,
          },
          { language: request.language, nowUtc: clock.nowUtc(), search: queryOf(request.url) },
        );
        if (!found) throw unknownMarker();
        return sendWritten(request, reply, found);
      },
    );
    api.get(
      '/v1/instances/:id',
      {
        config: { rule: 'instance:read' },
        schema: {
          summary: 'One instance in full',
          tags: ['instances'],
          params: byId,
          querystring: z.strictObject(scopeQuery),
          response: { 200: instanceAnswer },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const as = { language: request.language, nowUtc: clock.nowUtc() };
        const found = await reads.instance(id, scopeOf(request.caller, request.query), as);
        if (!found) throw notFound('instance', id);
        return sendWritten(request, reply, found);
      },
    );
  };

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ScheduleChange, SchedulesPort, ShownSchedule } from '../../ports/schedules.ts';
import { type AuditDeps, audited } from '../api/audited.ts';
import { goneSignal } from '../api/gone.ts';
import { etagOf, revisionAsked } from '../api/revision.ts';
import type { ScopeQuery } from '../api/scope.ts';
import type { Routes } from '../api/server.ts';
import { byId, scopeQuery } from '../contract/common.ts';
import { dryRunQuery, previewAnswer, scheduleAnswer, schedulePatch } from '../contract/schedule.ts';
import { viewPreview } from '../views/preview.ts';
import { viewSchedule } from '../views/schedule.ts';
import { patched, pauseOf, saidBy } from './schedule-patch.ts';
import { refuse, SCHEDULE, there } from './schedule-there.ts';

export interface ScheduleRoutesDeps extends AuditDeps {
  readonly schedules: SchedulesPort;
}

interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly id: string;
  readonly query: ScopeQuery & { readonly dry_run?: boolean };
}

const changeQuery = z.strictObject({ ...dryRunQuery.shape, ...scopeQuery });
const RULE = { read: 'schedule:read', change: 'schedule:change' } as const;

/** What an instance's backups go by, and what its project says of that. */
export const scheduleRoutes =
  ({ schedules, ...auditing }: ScheduleRoutesDeps): Routes =>
  (api) => {
    const url = '/v1/instances/:id/schedule';
    const changed = { 200: z.union([scheduleAnswer, previewAnswer]) };

    function answer(shown: ShownSchedule, { request, reply }: Pick<Asked, 'request' | 'reply'>) {
      reply.headers({ etag: etagOf(shown.revision), 'cache-control': 'private, no-store' });
      return { schedule: viewSchedule(shown, request.language) };
    }

    /** Carries a change out, or tells what it would do. */
    async function change(asked: Asked, changeOf: (shown: ShownSchedule) => Omit<ScheduleChange, 'instanceId' | 'of'>) {
      const { request, id, query } = asked;
      const before = there(await schedules.show(id), asked);
      if (query.dry_run) {
        const found = await schedules.preview(
          { instanceId: id, of: before.revision, ...changeOf(before) },
          goneSignal(asked.reply),
        );
        if (found.kind !== 'preview') return refuse(found, id);
        const { schedule: after, foresight } = found;
        return { preview: viewPreview(foresight, { before, after }, request.language) };
      }
      const of = revisionAsked(request, SCHEDULE, before.revision);
      const { projectId } = before;
      const target = { action: RULE.change, targetId: id, projectId, before: saidBy(before), after: saidBy };
      const after = await audited(auditing, request, target, async () =>
        there(await schedules.change({ instanceId: id, of, ...changeOf(before) }), asked),
      );
      return answer(after, asked);
    }

    api.get(
      url,
      {
        config: { rule: RULE.read },
        schema: {
          summary: 'What its backups go by, and where each value comes from',
          tags: ['schedules'],
          params: byId,
          querystring: z.strictObject(scopeQuery),
          response: { 200: scheduleAnswer },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        return answer(there(await schedules.show(id), { request, id, query: request.query }), { request, reply });
      },
    );

    api.patch(
      url,
      {
        config: { rule: RULE.change },
        schema: {
          summary:
            'Change values within the bounds of the operator, opt out, or pause; with dry_run only tell what that would do',
          tags: ['schedules'],
          params: byId,
          querystring: changeQuery,
          body: schedulePatch,
          response: changed,
        },
      },
      async (request, reply) => {
        const { params, query, body, caller } = request;
        return change({ request, reply, id: params.id, query }, (shown) => ({
          said: patched(shown, body),
          ...pauseOf(body, caller.userName),
        }));
      },
    );

    api.delete(
      url,
      {
        config: { rule: RULE.change },
        schema: {
          summary: 'Take everything back that was said of it, opting out and a pause as well',
          tags: ['schedules'],
          params: byId,
          querystring: changeQuery,
          response: changed,
        },
      },
      async (request, reply) =>
        change({ request, reply, id: request.params.id, query: request.query }, () => ({
          said: { enabled: true, overrides: {} },
          pause: null,
        })),
    );
  };

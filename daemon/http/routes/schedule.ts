import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Reason } from '../../../lib/core/index.ts';
import type { NoSchedule, Refusal, ScheduleChange, SchedulesPort, ShownSchedule } from '../../ports/schedules.ts';
import { type AuditDeps, audited } from '../api/audited.ts';
import { goneSignal } from '../api/gone.ts';
import { etagOf, movedError, revisionAsked } from '../api/revision.ts';
import { readOverrides } from '../api/schedule-read.ts';
import { type ScopeQuery, scopeOf } from '../api/scope.ts';
import type { Routes } from '../api/server.ts';
import { byId, scopeQuery } from '../contract/common.ts';
import {
  dryRunQuery,
  type OverridesView,
  overridesSchema,
  previewAnswer,
  scheduleAnswer,
  schedulePatch,
  slotsAnswer,
} from '../contract/schedule.ts';
import { notFound, refusal } from '../refusals/index.ts';
import { viewPreview, viewSlot } from '../views/preview.ts';
import { viewOverrides, viewSchedule } from '../views/schedule.ts';

export interface ScheduleRoutesDeps extends AuditDeps {
  readonly schedules: SchedulesPort;
}

type Patch = z.output<typeof schedulePatch>;
interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly id: string;
  readonly query: ScopeQuery & { readonly dry_run?: boolean };
}

const changeQuery = z.strictObject({ ...dryRunQuery.shape, ...scopeQuery });
const WHAT = 'schedule';
const RULE = { read: 'schedule:read', change: 'schedule:change' } as const;

const reasonOf = ({ because }: { readonly because: Reason }) => ({ details: { reason: because } });

/** Why there is none, or none such. @throws ApiError */
function refuse(found: NoSchedule | Refusal, id: string): never {
  switch (found.kind) {
    case 'absent':
      throw notFound('instance', id);
    case 'moved':
      throw movedError(WHAT);
    case 'refused':
      throw refusal('schedule-out-of-bounds', found, { title: found.because.rule, ...reasonOf(found) });
    case 'none':
      throw refusal('no-schedule', found, reasonOf(found));
  }
}

/** The schedule, where the caller sees its project. @throws ApiError */
function there(
  found: ShownSchedule | NoSchedule | Refusal,
  { request, id, query }: Omit<Asked, 'reply'>,
): ShownSchedule {
  const scope = scopeOf(request.caller, query);
  if ('projectId' in found && scope !== null && found.projectId !== scope) throw notFound('instance', id);
  return 'kind' in found ? refuse(found, id) : found;
}

/** What is said with a patch: null takes a value back. */
function patched(shown: ShownSchedule, { every, window, zone, keep, enabled }: Patch): ScheduleChange['said'] {
  const merged = { ...viewOverrides(shown.overrides), ...defined({ every, window, zone, keep }) };
  const said = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  return { enabled: enabled ?? shown.saysEnabled, overrides: readOverrides(overridesSchema.parse(said)) };
}
const defined = (values: Readonly<Record<keyof OverridesView, unknown>>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

function pauseOf({ pause }: Patch, owner: string): Pick<ScheduleChange, 'pause'> {
  if (pause === undefined) return {};
  return { pause: pause && { untilUtc: Date.parse(pause.until_at), owner, note: pause.note } };
}

/** What is said by members, without what follows from it. */
const saidBy = ({ enabled, overrides, pause }: ShownSchedule) => ({
  enabled,
  overrides: viewOverrides(overrides),
  pause,
});

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
      const of = revisionAsked(request, WHAT, before.revision);
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

    api.get(
      '/v1/instances/:id/slots',
      {
        config: { rule: RULE.read },
        schema: {
          summary: 'The next ten slots as things are, each with why then and why full or incremental',
          tags: ['schedules'],
          params: byId,
          querystring: z.strictObject(scopeQuery),
          response: { 200: slotsAnswer },
        },
      },
      async (request, reply) => {
        const { params, query, language } = request;
        there(await schedules.show(params.id), { request, id: params.id, query });
        const found = await schedules.slots(params.id, goneSignal(reply));
        if (found.kind !== 'slots') return refuse(found, params.id);
        reply.header('cache-control', 'private, no-store');
        return { slots: found.slots.map((slot) => viewSlot(slot, language)) };
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

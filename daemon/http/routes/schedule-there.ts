import type { FastifyRequest } from 'fastify';
import type { Reason } from '../../../lib/core/index.ts';
import type { NoSchedule, Refusal, ShownSchedule } from '../../ports/schedules.ts';
import { movedError } from '../api/revision.ts';
import { type ScopeQuery, scopeOf } from '../api/scope.ts';
import { notFound, refusal } from '../refusals/index.ts';

/** What its revisions are called in refusals. */
export const SCHEDULE = 'schedule';

/** Who asks for the schedule of an instance, and in which scope. */
export interface AskedFor {
  readonly request: Pick<FastifyRequest, 'caller'>;
  readonly id: string;
  readonly query: ScopeQuery;
}

const reasonOf = ({ because }: { readonly because: Reason }) => ({ details: { reason: because } });

/** Why there is none, or none such. @throws ApiError */
export function refuse(found: NoSchedule | Refusal, id: string): never {
  switch (found.kind) {
    case 'absent':
      throw notFound('instance', id);
    case 'moved':
      throw movedError(SCHEDULE);
    case 'refused':
      throw refusal('schedule-out-of-bounds', found, { title: found.because.rule, ...reasonOf(found) });
    case 'none':
      throw refusal('no-schedule', found, reasonOf(found));
  }
}

/** The schedule, where the caller sees its project. @throws ApiError */
export function there(found: ShownSchedule | NoSchedule | Refusal, { request, id, query }: AskedFor): ShownSchedule {
  const scope = scopeOf(request.caller, query);
  if ('projectId' in found && scope !== null && found.projectId !== scope) throw notFound('instance', id);
  return 'kind' in found ? refuse(found, id) : found;
}

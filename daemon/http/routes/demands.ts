import { randomUUID } from 'node:crypto';
import type { Language, Reason } from '../../../lib/core/index.ts';
import type { ExplainPort } from '../../ports/explain.ts';
import type { OnDemand } from '../../ports/on-demand.ts';
import { type AuditDeps, audited } from '../api/audited.ts';
import type { ApiError } from '../api/error.ts';
import { keyOf } from '../api/idempotency.ts';
import type { Routes } from '../api/server.ts';
import { readDuration } from '../api/view.ts';
import { byId } from '../contract/common.ts';
import { backUpNowBody, type RunView, runAnswer } from '../contract/run.ts';
import type { Reads } from '../reads.ts';
import { notFound, refusal } from '../refusals/index.ts';
import { projectMeant } from './holds.ts';

export interface DemandRoutesDeps extends AuditDeps {
  readonly onDemand: Pick<OnDemand, 'backUpNow' | 'cancel'>;
  readonly reads: Pick<Reads, 'run'>;
  readonly explaining: Pick<ExplainPort, 'explainable'>;
}

const CLOCK: ReadonlySet<Reason['rule']> = new Set(['clock-unproven', 'clock-jumped', 'clock-apart']);

function refusedBy(because: Reason, instanceId: string): ApiError {
  if (because.rule === 'instance-unknown') return notFound('instance', instanceId);
  if (because.rule === 'key-reused') return refusal('key-reused', { because });
  if (because.rule === 'demand-waiting') {
    return refusal('already-waiting', { because }, { details: { run_id: because.params.run } });
  }
  const title = CLOCK.has(because.rule) ? 'clock-doubtful' : 'not-taken';
  return refusal(title, { because }, { details: { rule: because.rule } });
}

/** A backup now, and the word that it is not wanted after all. */
export const demandRoutes =
  (deps: DemandRoutesDeps): Routes =>
  (api) => {
    const { onDemand, reads, explaining, clock } = deps;

    async function known(runId: string, projectId: string, language: Language): Promise<RunView> {
      const written = await reads.run(runId, projectId, { language, nowUtc: clock.nowUtc() });
      if (!written) throw notFound('run', runId);
      return runAnswer.parse(JSON.parse(new TextDecoder().decode(written.bytes))).run;
    }

    api.post(
      '/v1/instances/:id/runs',
      {
        config: { rule: 'run:create' },
        schema: {
          summary: 'Backs an instance up now; with the same Idempotency-Key once, however often it is sent',
          tags: ['runs'],
          params: byId,
          querystring: projectMeant.query,
          body: backUpNowBody,
          response: { 202: runAnswer },
        },
      },
      async (request, reply) => {
        const { caller, language, params, body } = request;
        const projectId = projectMeant.of(caller, request.query);
        const instanceId = params.id;
        const key = keyOf(request) ?? randomUUID();
        const keepMs = body.keep === undefined ? null : readDuration(body.keep);
        const asked = { projectId, instanceId, key, requestedBy: caller.userName, note: body.note, keepMs };
        const change = { action: 'run:create', targetId: instanceId, projectId } as const;
        const after = ({ id, kind }: { readonly id: string; readonly kind: string }) => ({ run_id: id, answer: kind });
        const taken = await audited(deps, request, { ...change, after }, async () => {
          // Of one that is gone or was never seen nobody is told more than that.
          const found = await explaining.explainable(instanceId);
          if (found?.instance.projectId !== projectId || found.goneUtc !== null) throw notFound('instance', instanceId);
          const answer = await onDemand.backUpNow({ ...asked, ...(body.kind && { kind: body.kind }) });
          if (answer.kind === 'refused') throw refusedBy(answer.because, instanceId);
          return { id: answer.runId, kind: answer.kind };
        });
        const run = await known(taken.id, projectId, language);
        return reply.code(202).header('location', `/v1/runs/${taken.id}`).send({ run });
      },
    );
    api.delete(
      '/v1/runs/:id',
      {
        config: { rule: 'run:cancel' },
        schema: {
          summary: 'Cancels a request for a backup of which nothing was asked for yet',
          tags: ['runs'],
          params: byId,
          querystring: projectMeant.query,
          response: { 200: runAnswer },
        },
      },
      async (request) => {
        const { caller, language } = request;
        const { id } = request.params;
        const projectId = projectMeant.of(caller, request.query);
        const change = { action: 'run:cancel', targetId: id, projectId } as const;
        await audited(deps, request, change, async () => {
          const { state } = await known(id, projectId, language);
          if (await onDemand.cancel(projectId, id, caller.userName)) return;
          throw refusal('too-late', { run: id, state });
        });
        return { run: await known(id, projectId, language) };
      },
    );
  };

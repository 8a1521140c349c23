import type { Explain, ExplainPort } from '../../ports/explain.ts';
import { ApiError } from '../api/error.ts';
import { goneSignal } from '../api/gone.ts';
import { scopeOf } from '../api/scope.ts';
import type { Routes } from '../api/server.ts';
import { readInstant } from '../api/view.ts';
import { byId } from '../contract/common.ts';
import { explainAnswer, explainQuery } from '../contract/run.ts';
import { notFound } from '../refusals/index.ts';
import { viewBackupExplained, viewSlotExplained } from '../views/explain.ts';

export interface ExplainDeps {
  readonly explain: Explain;
  readonly explaining: Pick<ExplainPort, 'explainable'>;
}

const oneOf = (): ApiError =>
  new ApiError(400, 'invalid', 'querystring: at or backup_id is wanted, and one of the two alone', {
    hint: 'give at=2026-11-30T22:00:00Z for a slot, or backup_id for a backup of the instance',
  });

export const explainRoutes =
  ({ explain, explaining }: ExplainDeps): Routes =>
  (api) => {
    api.get(
      '/v1/instances/:id/explain',
      {
        config: { rule: 'instance:read' },
        schema: {
          summary: 'Why a slot is when it is and what became of it, or why a backup is there and when it goes',
          tags: ['instances'],
          params: byId,
          querystring: explainQuery,
          response: { 200: explainAnswer },
        },
      },
      async (request, reply) => {
        const { caller, language, params, query } = request;
        const slotUtc = readInstant(query.at);
        const backupId = query.backup_id ?? null;
        if ((slotUtc === null) === (backupId === null)) throw oneOf();
        const known = await explaining.explainable(params.id);
        const scope = scopeOf(caller, query);
        if (!known || (scope !== null && scope !== known.instance.projectId)) {
          throw notFound('instance', params.id);
        }
        const signal = goneSignal(reply);
        if (slotUtc !== null) {
          const slot = await explain.slot(params.id, slotUtc, signal);
          return { explanation: { slot: viewSlotExplained(slot, language), backup: null } };
        }
        const { projectId } = known.instance;
        const backup = backupId === null ? null : await explain.backup({ projectId, backupId }, signal);
        if (!backup || backup.instanceId !== params.id) throw notFound('backup', backupId ?? '');
        return { explanation: { slot: null, backup: viewBackupExplained(backup, language) } };
      },
    );
  };

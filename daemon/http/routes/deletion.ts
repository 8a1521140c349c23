import type { FastifyRequest } from 'fastify';
import type { CallerCloud } from '../../ports/caller-cloud.ts';
import type { ExplainPort } from '../../ports/explain.ts';
import type { Inspect } from '../../ports/inspect.ts';
import type { ProjectWork } from '../../ports/project-work.ts';
import { type AuditDeps, audited } from '../api/audited.ts';
import type { Routes } from '../api/server.ts';
import { viewOptional } from '../api/view.ts';
import { deletionAnswer, deletionQuery } from '../contract/backup.ts';
import { byId } from '../contract/common.ts';
import { inCallersName, notFound, refusal } from '../refusals/index.ts';
import { ownBackups } from './backups.ts';
import { type Doomed, doomedBy, newestLost, viewDoomed, whyNotDeleted } from './doomed.ts';

export interface DeletionDeps extends AuditDeps {
  readonly callerCloud: Pick<CallerCloud, 'backups' | 'deleteBackup'>;
  readonly explaining: Pick<ExplainPort, 'explainable'>;
  readonly inspect: Inspect;
  readonly projectWork: ProjectWork;
  /** How long one waits for what is under way in the project. */
  readonly turnMs?: number;
}

interface Wish {
  readonly isCascade: boolean;
  readonly isConfirmed: boolean;
}
type Asked = Pick<FastifyRequest, 'caller'>;

/** He who waits comes next, so it is one run's requests that he waits for: those of a slow Trove take seconds. */
const TURN_MS = 10_000;

/** In the project's turn, so that nothing of ours is begun or pruned there meanwhile. */
export async function inProjectsTurn<T>(
  { projectWork, turnMs = TURN_MS }: Pick<DeletionDeps, 'projectWork' | 'turnMs'>,
  { caller }: Asked,
  work: () => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(turnMs);
  let isBegun = false;
  const begun = (): Promise<T> => {
    isBegun = true;
    return work();
  };
  try {
    return await projectWork.inTurn(caller.projectId, begun, signal);
  } catch (error) {
    if (isBegun || !signal.aborted) throw error;
    throw refusal('project-busy', {}, { cause: error, headers: { 'retry-after': '5' } });
  }
}

/** Deletes what its owner has: it is his. What he would not expect he is told first. */
export const deletionRoutes =
  (deps: DeletionDeps): Routes =>
  (api) => {
    const { callerCloud, explaining, projectWork } = deps;

    async function assertConfirmed(doomed: Doomed, rows: readonly Doomed[0][]): Promise<void> {
      const [{ backup }] = doomed;
      for (const { instanceId, leftUtc } of newestLost(doomed, rows)) {
        if ((await explaining.explainable(instanceId))?.goneUtc) continue;
        const details = { instance_id: instanceId, newest_left_at: viewOptional(leftUtc) };
        throw refusal('newest-recovery-point', { backup: backup.id, leftUtc }, { details });
      }
    }

    async function remove(backupId: string, wish: Wish, request: Asked): Promise<Doomed> {
      const { caller } = request;
      const { rows, odd } = await ownBackups(deps, request);
      const wanted = rows.find(({ backup }) => backup.id === backupId);
      if (!wanted) throw notFound('backup', backupId);
      const doomed = doomedBy(wanted, rows);
      const refused = whyNotDeleted(doomed, odd, wish.isCascade);
      if (refused) throw refused;
      if (!wish.isConfirmed) await assertConfirmed(doomed, rows);
      const backupIds = doomed.map(({ backup }) => backup.id);
      await projectWork.deleting({ projectId: caller.projectId, backupIds }, () =>
        callerCloud.deleteBackup(caller, backupId),
      );
      return doomed;
    }

    api.delete(
      '/v1/backups/:id',
      {
        config: { rule: 'backup:delete' },
        schema: {
          summary: "Deletes a backup of the token's project, with the caller's own rights in Trove",
          tags: ['backups'],
          params: byId,
          querystring: deletionQuery,
          response: { 202: deletionAnswer },
        },
      },
      async (request, reply) => {
        const { params, query } = request;
        const wish = { isCascade: query.cascade, isConfirmed: query.confirm !== undefined };
        const change = { action: 'backup:delete', targetId: params.id } as const;
        const after = (doomed: Doomed) => ({ deleting: doomed.map(viewDoomed) });
        const doomed = await audited(deps, request, { ...change, after }, () =>
          inProjectsTurn(deps, request, () => inCallersName(() => remove(params.id, wish, request))),
        );
        const deleting = doomed.map(({ backup: { id, name, instanceId } }) => ({ id, name, instance_id: instanceId }));
        return reply.code(202).send({ deleting });
      },
    );
  };

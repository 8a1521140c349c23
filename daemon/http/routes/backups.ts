import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CallerCloud } from '../../ports/caller-cloud.ts';
import type { CloudPort, OddRow } from '../../ports/cloud.ts';
import type { ExplainPort } from '../../ports/explain.ts';
import type { Inspect } from '../../ports/inspect.ts';
import { scopeOf } from '../api/scope.ts';
import type { Routes } from '../api/server.ts';
import { backupsSchema } from '../contract/backup.ts';
import { byId, scopeQuery } from '../contract/common.ts';
import { inCallersName, notFound } from '../refusals/index.ts';
import { type Shown, viewBackups } from '../views/backup.ts';

export interface BackupRoutesDeps {
  readonly callerCloud: Pick<CallerCloud, 'backups'>;
  /** As the service's own admin, for admins who look at another project. */
  readonly cloud: Pick<CloudPort, 'backupsAsAdmin'>;
  readonly explaining: Pick<ExplainPort, 'explainable'>;
  readonly inspect: Inspect;
}

const PATIENCE_MS = 10_000;

export interface Listed {
  readonly rows: readonly Shown[];
  readonly odd: readonly OddRow[];
}

type Asked = Pick<FastifyRequest, 'caller'>;

/** All backups of the caller's project, by his own token. */
export async function ownBackups(
  { callerCloud, inspect }: Pick<BackupRoutesDeps, 'callerCloud' | 'inspect'>,
  { caller }: Asked,
): Promise<Listed> {
  const odd: OddRow[] = [];
  const rows = await inCallersName(() => callerCloud.backups(caller, (row) => void odd.push(row)));
  return { rows: await inspect.project(caller.projectId, rows), odd };
}

async function othersBackups({ cloud, inspect }: BackupRoutesDeps, projectId: string): Promise<Listed> {
  const odd: OddRow[] = [];
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const rows = await cloud.backupsAsAdmin(projectId, signal, (row) => void odd.push(row));
  const sized = rows.map((row) => ({ ...row, sizeGib: null }));
  return { rows: await inspect.project(projectId, sized), odd };
}

/** An instance's backups as Trove shows them now, and what is to become of them. */
export const backupRoutes =
  (deps: BackupRoutesDeps): Routes =>
  (api) => {
    api.get(
      '/v1/instances/:id/backups',
      {
        config: { rule: 'backup:read' },
        schema: {
          summary: "An instance's backups in chains, each with what is to become of it and why",
          tags: ['backups'],
          params: byId,
          querystring: z.strictObject(scopeQuery),
          response: { 200: backupsSchema },
        },
      },
      async (request) => {
        const { caller, params, language } = request;
        const { id } = params;
        const known = await deps.explaining.explainable(id);
        const projectId = scopeOf(caller, request.query) ?? known?.instance.projectId ?? caller.projectId;
        if (known && known.instance.projectId !== projectId) throw notFound('instance', id);
        const isOwn = projectId === caller.projectId;
        const { rows, odd } = isOwn ? await ownBackups(deps, request) : await othersBackups(deps, projectId);
        // One that went before this service came, or that it has not looked at yet, may have backups all the same.
        const own = rows.filter(({ backup }) => backup.instanceId === id);
        if (!known && own.length === 0) throw notFound('instance', id);
        const judged = await deps.inspect.judge({ instanceId: id, projectId }, rows);
        return { ...viewBackups(own, judged, language), unreadable: odd.length };
      },
    );
  };

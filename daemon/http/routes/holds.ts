import { z } from 'zod';
import { HoldRefused, type Holds } from '../../ports/holds.ts';
import type { MarksPort } from '../../ports/marks.ts';
import { type AuditDeps, audited } from '../api/audited.ts';
import type { Caller } from '../api/caller.ts';
import { scopeOf } from '../api/scope.ts';
import type { Routes } from '../api/server.ts';
import { holdAnswer, holdBody } from '../contract/backup.ts';
import { byId, idSchema } from '../contract/common.ts';
import { notFound, refusal } from '../refusals/index.ts';
import { viewHold } from '../views/backup.ts';

export interface HoldRoutesDeps extends AuditDeps {
  readonly holds: Pick<Holds, 'hold' | 'release'>;
  readonly marks: Pick<MarksPort, 'hold'>;
}

const PATIENCE_MS = 10_000;

/** In which project a single thing is changed: the token's, or another that an admin names. */
export const projectMeant = {
  query: z.strictObject({ project_id: idSchema.optional() }),
  of: (caller: Caller, { project_id }: { readonly project_id?: string | undefined }): string =>
    scopeOf(caller, { all_projects: false, project_id }) ?? caller.projectId,
};

/** What people may not say of a backup. */
export async function asHold<T>(backup: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HoldRefused)) throw error;
    switch (error.problem) {
      case 'absent':
        throw notFound('backup', backup);
      case 'foreign':
        throw refusal('not-managed', { backup }, { cause: error });
      case 'going':
        throw refusal('going', { backup }, { cause: error });
      case 'unheld':
        throw refusal('not-held', { backup }, { cause: error });
      case 'unmarked':
        throw refusal('not-marked', { backup }, { cause: error });
    }
  }
}

/** Somebody's word that a backup stays; any member of its project may take it away again. */
export const holdRoutes =
  (deps: HoldRoutesDeps): Routes =>
  (api) => {
    const { holds, marks, clock } = deps;
    const path = '/v1/backups/:id/hold';
    const before = async (projectId: string, backupId: string) => {
      const hold = await marks.hold(projectId, backupId, clock.nowUtc());
      return hold && viewHold(hold);
    };
    api.put(
      path,
      {
        config: { rule: 'backup:hold' },
        schema: {
          summary: 'Holds a backup of this service, with all that it stands on, in the place of an earlier hold',
          tags: ['backups'],
          params: byId,
          querystring: projectMeant.query,
          body: holdBody,
          response: { 200: holdAnswer },
        },
      },
      async (request) => {
        const { caller, body } = request;
        const backupId = request.params.id;
        const projectId = projectMeant.of(caller, request.query);
        const untilUtc = body.until_at === null ? null : Date.parse(body.until_at);
        const said = { owner: caller.userName, note: body.note, untilUtc };
        const answer = { hold: viewHold(said) };
        const change = { targetId: backupId, projectId, before: await before(projectId, backupId) };
        return audited(deps, request, { action: 'backup:hold', ...change, after: () => answer.hold }, async () => {
          const signal = AbortSignal.timeout(PATIENCE_MS);
          await asHold(backupId, () => holds.hold({ projectId, backupId, ...said }, signal));
          return answer;
        });
      },
    );
    api.delete(
      path,
      {
        config: { rule: 'backup:hold' },
        schema: {
          summary: 'Takes the hold of a backup away, whoever made it',
          tags: ['backups'],
          params: byId,
          querystring: projectMeant.query,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        const { caller } = request;
        const backupId = request.params.id;
        const projectId = projectMeant.of(caller, request.query);
        const change = { targetId: backupId, projectId, before: await before(projectId, backupId) };
        await audited(deps, request, { action: 'backup:hold', ...change }, () =>
          asHold(backupId, () => holds.release({ projectId, backupId })),
        );
        return reply.code(204).send(null);
      },
    );
  };

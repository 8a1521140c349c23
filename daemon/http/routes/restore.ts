import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { CallerCloud, RestoreOrder } from '../../ports/caller-cloud.ts';
import type { Inspect } from '../../ports/inspect.ts';
import type { ProjectWork } from '../../ports/project-work.ts';
import { type AuditDeps, audited } from '../api/audited.ts';
import { keyOf } from '../api/idempotency.ts';
import type { Routes } from '../api/server.ts';
import { restoreAnswer, restoreBody, restoreChoicesAnswer } from '../contract/backup.ts';
import { byId } from '../contract/common.ts';
import { inCallersName, notFound, refusal } from '../refusals/index.ts';
import type { Shown } from '../views/backup.ts';
import { ownBackups } from './backups.ts';
import { inProjectsTurn } from './deletion.ts';
import { type OnceDeps, restoreOnce } from './restore-once.ts';

export interface RestoreDeps extends AuditDeps, OnceDeps {
  readonly callerCloud: CallerCloud;
  readonly inspect: Inspect;
  readonly projectWork: ProjectWork;
}

type Asked = Pick<FastifyRequest, 'caller'>;
type Wish = z.output<typeof restoreBody>;

/** Trove refuses a volume that is smaller than what the backup's had in use. (Trove: trove/instance/models.py Instance.create) */
const leastGb = ({ backup }: Shown): number | null =>
  backup.sizeGib === null ? null : Math.max(1, Math.ceil(backup.sizeGib));

/** A backup becomes a new instance beside the old one, which stays as it is. */
export const restoreRoutes =
  (deps: RestoreDeps): Routes =>
  (api) => {
    const { callerCloud } = deps;
    const path = '/v1/backups/:id/restore';

    async function sourceOf(backupId: string, request: Asked): Promise<Shown> {
      const { rows } = await ownBackups(deps, request);
      const found = rows.find(({ backup }) => backup.id === backupId);
      if (!found) throw notFound('backup', backupId);
      const { unusable } = found;
      if (unusable) throw refusal('not-restorable', { because: unusable });
      return found;
    }

    async function originalOf({ backup }: Shown, { caller }: Asked) {
      const none = { flavorId: null, volumeSizeGib: null };
      return (backup.instanceId === null ? null : await callerCloud.original(caller, backup.instanceId)) ?? none;
    }

    async function volumeFor(source: Shown, wanted: number | null, request: Asked): Promise<number> {
      const given = wanted ?? (await originalOf(source, request)).volumeSizeGib;
      if (given === null) throw refusal('volume-size-needed', {});
      const least = leastGb(source);
      if (least === null || given >= least) return given;
      throw refusal('volume-too-small', { givenGb: given, leastGb: least });
    }

    /** Trove would find out only while it builds, or in words that nobody understands. */
    async function orderOf(source: Shown, wish: Wish, request: Asked): Promise<RestoreOrder> {
      const { caller } = request;
      const { id, datastore } = source.backup;
      if (!datastore) throw refusal('no-datastore', { backup: id });
      const { name, flavor_id: flavorId, network_id: networkId } = wish;
      const volumeSizeGib = await volumeFor(source, wish.volume_size_gb, request);
      const flavors = await callerCloud.flavors(caller, datastore);
      if (!flavors.some((flavor) => flavor.id === flavorId)) throw refusal('no-flavor', { id: flavorId });
      const networks = networkId === null ? null : await callerCloud.networks(caller);
      if (networkId !== null && networks?.some((network) => network.id === networkId) === false) {
        throw refusal('no-network', { id: networkId });
      }
      return { backupId: id, name, flavorId, volumeSizeGib, datastore, networkId };
    }

    api.get(
      path,
      {
        config: { rule: 'backup:restore' },
        schema: {
          summary: 'What a restore of this backup may choose from',
          tags: ['backups'],
          params: byId,
          response: { 200: restoreChoicesAnswer },
        },
      },
      async (request) =>
        inCallersName(async () => {
          const source = await sourceOf(request.params.id, request);
          const { flavorId, volumeSizeGib } = await originalOf(source, request);
          const flavors = await callerCloud.flavors(request.caller, source.backup.datastore);
          return {
            flavors: flavors.map(({ id, name, ramMib }) => ({ id, name, ram_mb: ramMib })),
            networks: (await callerCloud.networks(request.caller))?.map((one) => ({ ...one })) ?? null,
            flavor_id: flavorId,
            volume_size_gb: volumeSizeGib,
            volume_least_gb: leastGb(source),
          };
        }),
    );
    api.post(
      path,
      {
        config: { rule: 'backup:restore' },
        schema: {
          summary:
            "Makes a new instance of a backup, in the token's project and with the caller's own rights in Trove; with the same Idempotency-Key once, however often it is sent",
          tags: ['backups'],
          params: byId,
          body: restoreBody,
          response: { 202: restoreAnswer },
        },
      },
      async (request, reply) => {
        const { caller, params, body } = request;
        const change = { action: 'backup:restore', targetId: params.id, after: (made: object) => made } as const;
        // From the last look at the backup until Trove has its order nothing of the project is pruned; then the BUILD forbids it.
        const key = keyOf(request);
        const asked = JSON.stringify([params.id, body.name, body.flavor_id, body.volume_size_gb, body.network_id]);
        const keyed = key === null ? null : { projectId: caller.projectId, key, request: asked };
        const restore = () =>
          restoreOnce(deps, keyed, {
            prepare: async () => orderOf(await sourceOf(params.id, request), body, request),
            send: (order) => callerCloud.restore(caller, order),
          });
        const instance = await audited(deps, request, change, () =>
          inProjectsTurn(deps, request, () => inCallersName(restore)),
        );
        return reply.code(202).header('location', `/v1/instances/${instance.id}`).send({ instance });
      },
    );
  };

import { ApiError } from '../../../../../daemon/http/api/error.ts';
import type { Api } from '../../../../../daemon/http/api/server.ts';
import * as backups from '../../../../../daemon/http/contract/backup.ts';
import { byId } from '../../../../../daemon/http/contract/common.ts';
import type { World } from '../world.ts';
import { found } from './changed.ts';

const DAY = 86_400_000;

export function backupRoutes(api: Api, world: World): void {
  const read = { rule: 'backup:read' } as const;
  const one = (id: string) =>
    found(
      'backup',
      id,
      world.backups.find((it) => it.id === id),
    );
  api.get(
    '/v1/instances/:id/backups',
    { config: read, schema: { params: byId, response: { 200: backups.backupsSchema } } },
    async () => ({
      backups: [...world.backups],
      chains: [...world.chains()],
      untended: world.untended,
      unreadable: world.unreadable,
    }),
  );
  api.put(
    '/v1/backups/:id/hold',
    {
      config: { rule: 'backup:hold' },
      schema: { params: byId, body: backups.holdBody, response: { 200: backups.holdAnswer } },
    },
    async ({ params, body, caller }) => {
      world.note('hold', body);
      if (body.note === 'refuse me')
        throw new ApiError(409, 'conflict', 'this backup cannot be held now', { hint: 'try again in a minute' });
      const hold = { owner: caller.userName, ...body };
      world.setBackup({ ...one(params.id), hold });
      return { hold };
    },
  );
  api.delete(
    '/v1/backups/:id/hold',
    { config: { rule: 'backup:hold' }, schema: { params: byId } },
    async ({ params }, reply) => {
      world.note('release', params.id);
      world.setBackup({ ...one(params.id), hold: null });
      return reply.code(204).send();
    },
  );
  api.delete(
    '/v1/prunes/:id',
    { config: { rule: 'prune:undo' }, schema: { params: byId, response: { 200: backups.undoAnswer } } },
    async ({ params, caller }) => {
      world.note('undo', params.id);
      const hold = { owner: caller.userName, note: 'undone', until_at: new Date(world.now + 7 * DAY).toISOString() };
      world.setBackup({ ...one(params.id), mark: null, fate: 'kept', hold });
      return { hold };
    },
  );
  api.delete(
    '/v1/backups/:id',
    {
      config: { rule: 'backup:delete' },
      schema: { params: byId, querystring: backups.deletionQuery, response: { 202: backups.deletionAnswer } },
    },
    async ({ params, query }, reply) => {
      world.note('delete', { id: params.id, cascade: query.cascade });
      const { id, name, instance_id } = one(params.id);
      world.removeBackup(params.id);
      return reply.code(202).send({ deleting: [{ id, name, instance_id }] });
    },
  );
  const restore = { rule: 'backup:restore' } as const;
  api.get(
    '/v1/backups/:id/restore',
    { config: restore, schema: { params: byId, response: { 200: backups.restoreChoicesAnswer } } },
    async () => ({
      flavors: [
        { id: 'f1', name: 'db.small', ram_mb: 2_048 },
        { id: 'f2', name: 'db.large', ram_mb: 8_192 },
      ],
      networks: world.networks,
      flavor_id: 'f1',
      volume_size_gb: 5,
      volume_least_gb: 3,
    }),
  );
  api.post(
    '/v1/backups/:id/restore',
    { config: restore, schema: { params: byId, body: backups.restoreBody, response: { 200: backups.restoreAnswer } } },
    async ({ body, headers }) => {
      world.note('restore', { ...body, key: headers['idempotency-key'] });
      world.startRestore(body.name);
      return { instance: { id: 'i-new', name: body.name, status: 'BUILD' } };
    },
  );
}

import type { Api } from '../../../../../daemon/http/api/server.ts';
import { byId } from '../../../../../daemon/http/contract/common.ts';
import * as runs from '../../../../../daemon/http/contract/run.ts';
import { reason } from '../facts.ts';
import type { World } from '../world.ts';

export function runRoutes(api: Api, world: World): void {
  const read = { rule: 'run:read' } as const;
  api.get(
    '/v1/runs',
    { config: read, schema: { querystring: runs.runsQuery, response: { 200: runs.runsSchema } } },
    async ({ query }) => {
      const rows = world.runs.filter(
        ({ state, origin, slot_at }) =>
          (query.state ?? state) === state &&
          (query.origin ?? origin) === origin &&
          (query.since_at ?? slot_at) <= slot_at &&
          (query.until_at ?? slot_at) >= slot_at,
      );
      const from = query.marker === undefined ? 0 : rows.findIndex(({ id }) => id === query.marker) + 1;
      const page = rows.slice(from, from + query.limit);
      const href = `/v1/runs?marker=${page.at(-1)?.id}`;
      return { runs: page, runs_links: from + query.limit < rows.length ? [{ rel: 'next', href }] : [] };
    },
  );
  api.post(
    '/v1/instances/:id/runs',
    {
      config: { rule: 'run:create' },
      schema: { params: byId, body: runs.backUpNowBody, response: { 200: runs.runAnswer } },
    },
    async ({ body, headers }) => {
      world.note('back-up-now', { ...body, key: headers['idempotency-key'] });
      return { run: world.startRun(body.note) };
    },
  );
  api.delete(
    '/v1/runs/:id',
    { config: { rule: 'run:cancel' }, schema: { params: byId, response: { 200: runs.runAnswer } } },
    async ({ params }) => ({
      run: world.setRun(params.id, {
        state: 'aborted',
        because: reason('demand-cancelled', { who: 'member' }),
      }),
    }),
  );
  api.get(
    '/v1/instances/:id/explain',
    { config: read, schema: { params: byId, querystring: runs.explainQuery, response: { 200: runs.explainAnswer } } },
    async ({ query }) => ({
      explanation: {
        slot: query.at
          ? {
              at: query.at,
              state: 'completed' as const,
              time: [reason('slot-named', { local: '22:00', zone: 'Asia/Ho_Chi_Minh', offsetMs: 840_000 })],
              kind: reason('no-chain', {}),
              because: reason('backup-completed', {}),
            }
          : null,
        backup: query.backup_id
          ? {
              id: query.backup_id,
              there: [
                reason('made-for-slot', { slotUtc: Date.parse('2026-11-22T15:14:00Z') }),
                reason('chain-age', { startedUtc: Date.parse('2026-11-15T15:14:00Z'), fullEveryMs: 604_800_000 }),
              ],
              fate: 'kept' as const,
              because: [],
              goes_at: null,
              going_because: null,
            }
          : null,
      },
    }),
  );
}

import { z } from 'zod';
import type { SchedulesPort } from '../../ports/schedules.ts';
import { goneSignal } from '../api/gone.ts';
import type { Routes } from '../api/server.ts';
import { byId, scopeQuery } from '../contract/common.ts';
import { slotsAnswer } from '../contract/schedule.ts';
import { viewSlot } from '../views/preview.ts';
import { refuse, there } from './schedule-there.ts';

export interface SlotRoutesDeps {
  readonly schedules: Pick<SchedulesPort, 'show' | 'slots'>;
}

/** When an instance's backups come next. */
export const slotRoutes =
  ({ schedules }: SlotRoutesDeps): Routes =>
  (api) => {
    api.get(
      '/v1/instances/:id/slots',
      {
        config: { rule: 'schedule:read' },
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
  };

import { z } from 'zod';
import type { Api } from '../../../../../daemon/http/api/server.ts';
import { byId } from '../../../../../daemon/http/contract/common.ts';
import * as schedules from '../../../../../daemon/http/contract/schedule.ts';
import type { World } from '../world.ts';
import { checkTag } from './changed.ts';
import { previewOf, slotsOf } from './preview.ts';

function changed(world: World, change: schedules.ScheduleChange): schedules.ScheduleView {
  const { schedule } = world;
  const { enabled = schedule.enabled, pause, ...fields } = change;
  const overrides: Record<string, unknown> = { ...schedule.overrides };
  for (const [field, value] of Object.entries(fields)) {
    if (value === null) delete overrides[field];
    else overrides[field] = value;
  }
  const values = { ...schedule.values, ...overrides };
  const paused =
    pause === undefined ? schedule.pause : pause && { owner: 'demo', until_at: pause.until_at, note: pause.note ?? '' };
  return { ...schedule, enabled, overrides, values, pause: paused };
}

export function scheduleRoutes(api: Api, world: World): void {
  const url = '/v1/instances/:id/schedule';
  const config = { rule: 'schedule:read' } as const;
  const slots = { config, schema: { params: byId, response: { 200: schedules.slotsAnswer } } };
  api.get('/v1/instances/:id/slots', slots, async () => ({ slots: [...slotsOf(world, world.schedule)] }));
  const change = { rule: 'schedule:change' } as const;
  api.get(url, { config, schema: { params: byId, response: { 200: schedules.scheduleAnswer } } }, async (_, reply) => {
    reply.header('etag', world.etag);
    return { schedule: world.schedule };
  });
  const answer = z.union([schedules.previewAnswer, schedules.scheduleAnswer]);
  const schema = { params: byId, querystring: schedules.dryRunQuery, response: { 200: answer } };
  api.patch(
    url,
    { config: change, schema: { ...schema, body: schedules.schedulePatch } },
    async ({ body, query, headers, language }) => {
      const next = changed(world, body);
      if (query.dry_run) {
        world.note('dry-run', body);
        const preview = previewOf(world, next, body.keep !== undefined, language);
        return { preview: { ...preview, instances: { total: 1, looked_at: 1 } } };
      }
      checkTag(world, headers['if-match']);
      world.note('patch', body);
      world.setSchedule(next);
      return { schedule: next };
    },
  );
  api.delete(url, { config: change, schema }, async ({ headers }) => {
    checkTag(world, headers['if-match']);
    world.note('delete-schedule', null);
    world.setSchedule({ ...world.schedule, enabled: true, overrides: {} });
    return { schedule: world.schedule };
  });
}

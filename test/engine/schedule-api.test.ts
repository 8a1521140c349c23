import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createReads } from '../../daemon/http/reads.ts';
import { instanceRoutes } from '../../daemon/http/routes/instances.ts';
import { scheduleRoutes } from '../../daemon/http/routes/schedule.ts';
import { listingStore } from '../../daemon/store/listing.ts';
import { type Policy, TENANT_MAY } from '../../lib/core/index.ts';
import { every, HOUR } from '../core/builders.ts';
import { labApi } from '../http/api/lab.ts';
import { auditLab } from '../http/routes/audit-lab.ts';
import { HOURLY, openWorld } from './world.ts';

const BASE: Policy = {
  ...HOURLY,
  cadence: every(HOUR),
  maxIncrementals: 2,
  retention: {
    keep: { withinMs: 12 * HOUR },
    minimumFulls: 1,
    onDelete: { keepMs: 24 * HOUR, lastChainMs: 48 * HOUR },
    anchor: false,
  },
  tenantMay: { ...TENANT_MAY, keep: 2 * HOUR },
};

test('a member sees by a dry run exactly the backups that are marked when he keeps less', async () => {
  const world = openWorld({ policies: [BASE], quarantineMs: 0, graceMs: 3 * HOUR });
  world.region.setQuota(world.project, 'backups', { limit: -1 });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 8);
  const api = labApi(scheduleRoutes({ schedules: world.service.life().schedules, ...auditLab() }));
  const ask = async (method: 'GET' | 'PATCH', query = '', headers = {}) => {
    const answer = await api.inject({
      method,
      url: `/v1/instances/${id}/schedule${query}`,
      headers: { 'x-auth-token': `member@${world.project}`, ...headers },
      ...(method === 'PATCH' && { payload: { keep: { within: 'PT2H' } } }),
    });
    return { status: answer.statusCode, etag: String(answer.headers['etag']), body: answer.json() };
  };
  const { etag } = await ask('GET');
  const { preview } = (await ask('PATCH', '?dry_run=true')).body;
  const going = preview.deletions.filter((one: { goes_at: string | null }) => one.goes_at !== null);
  expect(going.length).toBeGreaterThan(1);
  expect(preview.changes).toEqual([{ field: 'keep', from: { within: 'PT12H' }, to: { within: 'PT2H' } }]);
  expect(world.service.events('prune.marked')).toEqual([]);

  const { status, etag: next } = await ask('PATCH', '', { 'if-match': etag });
  expect([status, next === etag]).toEqual([200, false]);
  await world.advance(30_000);
  const marked = world.service.events('prune.marked', id).map((line) => line['backup']);
  expect(marked.toSorted()).toEqual(going.map((one: { backup_id: string }) => one.backup_id).toSorted());
  expect((await ask('PATCH', '', { 'if-match': etag })).status).toBe(412);
  await api.close();
});

test('the details of an instance show its schedule as the schedule itself does, whatever is said and left out', async () => {
  const other: Policy = { ...BASE, name: 'other', select: { projects: [], datastores: [], names: ['x'] } };
  const world = openWorld({ policies: [BASE] });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 1);
  const { schedules, policies } = world.service.life();
  const db = new Database(world.service.path, { readonly: true });
  const clock = { nowUtc: world.clock.nowUtc };
  const routes = scheduleRoutes({ schedules, ...auditLab() });
  const api = labApi(routes, instanceRoutes({ reads: createReads(listingStore(db)), clock }));
  const headers = { 'x-auth-token': `reader@${world.project}` };
  const get = async (url: string) => (await api.inject({ url: `/v1/instances/${id}${url}`, headers })).json();
  async function same(): Promise<void> {
    const { schedule } = await get('/schedule');
    expect((await get('')).instance.schedule).toEqual(schedule);
  }
  const say = async (keep: object, of: number) => {
    const found = await schedules.change({ instanceId: id, of, said: { enabled: true, overrides: { keep } } });
    expect(found).not.toHaveProperty('kind');
  };
  await same();
  await say({ withinMs: 3 * HOUR }, 0);
  await same();
  const select = { names: [], datastores: [] };
  const every2h = { every: 2 * HOUR };
  world.reload({ policies: [{ ...BASE, tenantMay: { ...TENANT_MAY, every: HOUR, keep: 4 * HOUR } }] });
  await world.advance(60_000);
  await policies.save({ projectId: world.project, id: null, of: 0, name: 'ours', select, overrides: every2h });
  const { schedule } = await get('/schedule');
  expect(schedule.because.map(({ rule }: { rule: string }) => rule)).toEqual([
    'policy-selects',
    'project-policy-selects',
    'override-dropped',
  ]);
  await same();
  world.region.setQuota(world.project, 'backups', { limit: 4 });
  world.service.life().lookAnew();
  await world.until(() => world.service.events('policy.adapted').length > 0, 26 * HOUR);
  expect(Object.values((await get('/schedule')).schedule.sources)).toContainEqual({ layer: 'quota', policy: null });
  await same();
  world.reload({ policies: [other] });
  await world.advance(60_000);
  await same();
  await api.close();
  db.close();
});

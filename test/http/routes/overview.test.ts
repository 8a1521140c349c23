import { afterEach, beforeEach, expect, test } from 'vitest';
import { overviewSchema, regionSchema } from '../../../daemon/http/contract/overview.ts';
import { overviewRoutes } from '../../../daemon/http/routes/overview.ts';
import { actionFor } from '../../../daemon/http/views/attention.ts';
import { DAY, HOUR, iso } from '../../core/builders.ts';
import { NOW } from '../../store/world.ts';
import { member, type ReadsLab, readsLab } from './reads-lab.ts';

const HEALTH = [{ part: 'bus', ok: false, detail: 'refused' }];
const NAMES = new Map([['p1', 'shop']]);
let lab: ReadsLab;
beforeEach(() => {
  lab = readsLab((deps) => overviewRoutes({ ...deps, health: () => HEALTH, projectNames: async () => NAMES }));
  lab.store.put(member());
  lab.store.put(member({ id: 'db-2', newestPointUtc: null }));
  lab.store.put(member({ id: 'db-3', projectId: 'p2', newestPointUtc: NOW - 2 * DAY }));
});
afterEach(() => lab.close());

test('the overview of a project', async () => {
  const { status, text } = await lab.get('/v1/overview');
  expect(status).toBe(200);
  const body = overviewSchema.strict().parse(JSON.parse(text));
  expect(body).toMatchObject({
    at: iso(NOW),
    instances: 2,
    counts: { protected: 1, late: 0, unprotected: 1, paused: 0, excluded: 0 },
    attention: [{ instance: { id: 'db-2', protection: { because: { rule: 'first-not-due' } } }, action: 'wait' }],
    oldest: [{ id: 'db-1' }],
    failures: [],
    quota: [],
    datastores: ['mysql'],
    policies: ['daily'],
  });
  expect(body.starts[0]).toEqual({ hour_at: iso(NOW), starts: 0 });
  expect(body.starts[1]).toEqual({ hour_at: iso(NOW + HOUR), starts: 2 });
});

test('an admin sees his own, another, or the region', async () => {
  const ids = async (query: string) =>
    overviewSchema
      .parse(JSON.parse((await lab.get(`/v1/overview${query}`, 'admin@p1')).text))
      .oldest.map(({ id }) => id);
  expect(await ids('')).toEqual(['db-1']);
  expect(await ids('?project_id=p2')).toEqual(['db-3']);
  expect(await ids('?all_projects=true')).toEqual(['db-3', 'db-1']);
});

test('the region has each project, the worst first, and how the parts of the service are', async () => {
  const { status, text } = await lab.get('/v1/region', 'admin@p9');
  expect(status).toBe(200);
  const body = regionSchema.strict().parse(JSON.parse(text));
  expect(body.projects).toMatchObject([
    { project_id: 'p2', name: null, instances: 1, counts: { late: 1 }, oldest_point_at: iso(NOW - 2 * DAY) },
    {
      project_id: 'p1',
      name: 'shop',
      instances: 2,
      counts: { protected: 1, unprotected: 1 },
      oldest_point_at: iso(NOW - HOUR),
    },
  ]);
  expect(body.starts).toHaveLength(168);
  expect(body.health).toEqual(HEALTH);
});

test.each([
  { url: '/v1/region', status: 403 },
  { url: '/v1/overview?all_projects=true', status: 403 },
  { url: '/v1/overview?project_id=p2', status: 403 },
  { url: '/v1/overview?state=late', status: 400 },
])('$url is refused with $status', async ({ url, status }) => {
  for (const token of ['reader@p1', 'member@p1']) expect((await lab.get(url, token)).status).toBe(status);
});

test('reasons are told in the language that was asked for, and what has not changed is not sent again', async () => {
  const ask = (headers: Record<string, string>) => lab.get('/v1/overview', 'reader@p1', headers);
  const [en, vi] = [await ask({}), await ask({ 'accept-language': 'vi' })];
  const textOf = ({ text }: typeof en) =>
    overviewSchema.parse(JSON.parse(text)).attention[0]?.instance.protection.because.text;
  expect(textOf(en)).not.toBe(textOf(vi));
  expect((await ask({ 'if-none-match': String(en.headers['etag']) })).status).toBe(304);
});

test.each([
  ['quota-short', 'raise-quota'],
  ['no-role', 'grant-role'],
  ['backup-failed', 'look-at-trove'],
  ['under-way', 'wait'],
  ['paused', 'resume'],
  ['point-vanished', 'back-up-now'],
  ['missed', 'back-up-now'],
] as const)('what %s says is mended by %s', (rule, action) => {
  expect(actionFor(rule)).toBe(action);
});

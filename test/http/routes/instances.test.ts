import { afterEach, beforeEach, expect, test } from 'vitest';
import { instanceAnswer, instancesSchema } from '../../../daemon/http/contract/instance.ts';
import { instanceRoutes } from '../../../daemon/http/routes/instances.ts';
import { DAY, HOUR, iso } from '../../core/builders.ts';
import { NOW } from '../../store/world.ts';
import { member, type ReadsLab, readsLab } from './reads-lab.ts';

let lab: ReadsLab;
beforeEach(() => {
  lab = readsLab(instanceRoutes);
});
afterEach(() => lab.close());

const idsOf = ({ body }: { body: { instances: readonly { id: string }[] } }): readonly string[] =>
  body.instances.map(({ id }) => id);

test('a row says what is known of an instance, and how well it is protected', async () => {
  lab.store.put(member());
  const { status, body } = await lab.get('/v1/instances');
  expect(status).toBe(200);
  expect(instancesSchema.strict().parse(body)).toEqual(body);
  expect(body).toEqual({
    instances: [
      {
        id: 'db-1',
        project_id: 'p1',
        name: 'orders',
        datastore: { type: 'mysql', version: '8.0' },
        status: 'ACTIVE',
        created_at: iso(NOW - 30 * DAY),
        gone_at: null,
        replica_of: null,
        cluster_id: null,
        protection: {
          state: 'protected',
          because: { rule: 'recent-point', params: { pointUtc: NOW - HOUR }, text: expect.any(String) },
        },
        policy: 'daily',
        next_slot_at: iso(NOW + HOUR),
        newest_point_at: iso(NOW - HOUR),
        newest_point_age: 'PT1H',
        last_run: null,
      },
    ],
    instances_links: [],
  });
});

test.each([
  { query: '', ids: ['db-3', 'db-1', 'db-2'] },
  { query: '?name=AIL', ids: ['db-2'] },
  { query: '?name=b-3', ids: ['db-3'] },
  { query: '?state=late', ids: ['db-2'] },
  { query: '?state=unprotected', ids: ['db-3'] },
  { query: '?datastore=postgresql', ids: ['db-3'] },
  { query: '?policy=weekly', ids: ['db-2'] },
  { query: '?deleted=true', ids: ['db-4'] },
  { query: '?sort_key=newest_point_at', ids: ['db-2', 'db-1', 'db-3'] },
  { query: '?sort_key=newest_point_at&sort_dir=desc', ids: ['db-1', 'db-2', 'db-3'] },
  { query: '?sort_key=next_slot_at&sort_dir=desc', ids: ['db-3', 'db-2', 'db-1'] },
  { query: '?sort_key=created_at', ids: ['db-3', 'db-1', 'db-2'] },
])('the list of $query', async ({ query, ids }) => {
  lab.store.put(member({ id: 'db-1', name: 'many', nextSlotUtc: NOW + 1 }));
  lab.store.put(
    member({ id: 'db-2', name: 'Retail', policy: 'weekly', newestPointUtc: NOW - 2 * DAY, nextSlotUtc: NOW + 2 }),
  );
  const early = { newestPointUtc: null, createdUtc: 0, nextSlotUtc: NOW + 3 };
  lab.store.put(member({ id: 'db-3', name: 'a', datastore: 'postgresql', ...early }));
  lab.store.put(member({ id: 'db-4', goneUtc: NOW }));
  lab.store.put(member({ id: 'db-5', projectId: 'p2' }));
  expect(idsOf(await lab.get(`/v1/instances${query}`))).toEqual(ids);
});

test('pages are walked by their next links, which hold under any path and keep what was asked', async () => {
  for (let n = 0; n < 7; n++) lab.store.put(member({ id: `db-${n}`, name: n < 5 ? 'a&b' : 'c' }));
  const seen: string[] = [];
  let url: URL | null = new URL('https://cloud.example/backups/v1/instances?limit=2&name=a%26b');
  while (url) {
    const page: { body: { instances_links: { rel: string; href: string }[] } } & Parameters<typeof idsOf>[0] =
      await lab.get(`${url.pathname.replace('/backups', '')}${url.search}`);
    seen.push(...idsOf(page));
    const [next] = page.body.instances_links;
    url = next ? new URL(next.href, url) : null;
    if (url) expect(url.href).toMatch(/^https:\/\/cloud\.example\/backups\/v1\/instances\?limit=2&name=a%26b&marker=/);
  }
  expect(seen).toEqual(['db-0', 'db-1', 'db-2', 'db-3', 'db-4']);
  expect(idsOf(await lab.get('/v1/instances?marker=db-5'))).toEqual(['db-6']);
});

test.each([
  { url: '/v1/instances?marker=db-9', status: 400, title: 'unknown-marker' },
  { url: '/v1/instances?marker=other', status: 400, title: 'unknown-marker' },
  { url: '/v1/instances?limit=0', status: 400, title: 'invalid' },
  { url: '/v1/instances?limit=1001', status: 400, title: 'invalid' },
  { url: '/v1/instances?state=fine', status: 400, title: 'invalid' },
  { url: '/v1/instances?sort_key=status', status: 400, title: 'invalid' },
  { url: '/v1/instances?colour=red', status: 400, title: 'invalid' },
  { url: '/v1/instances?all_projects=true', status: 403, title: 'forbidden' },
  { url: '/v1/instances?project_id=p2', status: 403, title: 'forbidden' },
  { url: '/v1/instances/other', status: 404, title: 'not-found' },
  { url: '/v1/instances/db-9', status: 404, title: 'not-found' },
  { url: '/v1/instances/db-1?all_projects=true', status: 403, title: 'forbidden' },
  { url: '/v1/instances/a%20b', status: 400, title: 'invalid' },
])('$url is refused with $status', async ({ url, status, title }) => {
  lab.store.put(member());
  lab.store.put(member({ id: 'other', projectId: 'p2' }));
  const answer = await lab.get(url);
  expect([answer.status, answer.body.error.title]).toEqual([status, title]);
  expect(answer.body.error.hint).toEqual(expect.any(String));
});

test('what another project has is answered as what nobody has', async () => {
  lab.store.put(member({ id: 'other', projectId: 'p2' }));
  const [theirs, nobodys] = [await lab.get('/v1/instances/other'), await lab.get('/v1/instances/absent')];
  const told = ({ text, body }: typeof theirs) =>
    text.replaceAll(body.error.request_id, '').replaceAll(/other|absent/g, '');
  expect([theirs.status, told(theirs)]).toEqual([nobodys.status, told(nobodys)]);
});

test('an admin sees his own project, another, or all', async () => {
  lab.store.put(member({ id: 'db-1' }));
  lab.store.put(member({ id: 'db-2', projectId: 'p2' }));
  const admin = (query: string) => lab.get(`/v1/instances${query}`, 'admin@p1');
  expect(idsOf(await admin(''))).toEqual(['db-1']);
  expect(idsOf(await admin('?project_id=p2'))).toEqual(['db-2']);
  expect(idsOf(await admin('?all_projects=true'))).toEqual(['db-1', 'db-2']);
  expect((await admin('/db-2')).status).toBe(404);
  expect((await admin('/db-2?all_projects=true')).body.instance.project_id).toBe('p2');
});

test('one instance in full', async () => {
  lab.store.put(member({ pausedUntilUtc: NOW + DAY }));
  const run = lab.store.db.prepare(`INSERT INTO runs (run_id, instance_id, project_id, slot_utc, state, because, kind,
      parent_id, backup_id, claimed_utc, not_before_utc, ended_utc, point)
    VALUES (@id, 'db-1', 'p1', @at, 'completed', NULL, @kind, @parent, @id, 0, 0, @at, @point)`);
  const rows = [
    ['f1', 5, 'full', null, 'followed'],
    ['i1', 4, 'incremental', 'f1', 'followed'],
    ['i2', 3, 'incremental', 'i1', 'followed'],
    ['f2', 2, 'full', null, 'lost'],
    ['i3', 1, 'incremental', 'f2', 'followed'],
    ['f3', 0, 'full', null, 'followed'],
  ] as const;
  for (const [id, ago, kind, parent, point] of rows) run.run({ id, at: NOW - ago * DAY, kind, parent, point });
  lab.store.db.exec("INSERT INTO holds VALUES ('f1', 'db-1', 'p1', 'ada', 'audit', NULL, 0)");
  lab.store.db.exec("INSERT INTO marks VALUES ('i1', 'db-1', 'p1', '{}', 0)");
  lab.store.db.exec(`UPDATE outlooks SET quota_limit = 50, is_short = 1, told_utc = 0, told =
    '{"rule":"quota-short","params":{"ours":60,"others":2,"limit":50,"reserve":1,"ask":63}}'`);
  const { status, body } = await lab.get('/v1/instances/db-1');
  expect(status).toBe(200);
  expect(instanceAnswer.strict().parse(body)).toEqual(body);
  expect(body.instance).toMatchObject({
    protection: { state: 'paused' },
    last_run: { id: 'f3', slot_at: iso(NOW), state: 'completed' },
    schedule: {
      policy: 'daily',
      values: { every: 'day' },
      sources: { every: { layer: 'operator', policy: 'daily' } },
      pause: { until_at: iso(NOW + DAY), owner: 'ada', note: 'upgrade' },
    },
    chains: [
      { full_backup_id: 'f3', started_at: iso(NOW), newest_at: iso(NOW), incrementals: 0 },
      { full_backup_id: 'f1', started_at: iso(NOW - 5 * DAY), newest_at: iso(NOW - 3 * DAY), incrementals: 2 },
    ],
    quota: { limit: 50, short: { rule: 'quota-short' }, adapted: [], refused: null },
    holds: 1,
    marked: 1,
  });
});

test('one that is excluded or gone has no schedule, and says why', async () => {
  lab.store.put(member({ id: 'db-1', policy: null }));
  lab.store.put(member({ id: 'db-2', goneUtc: NOW - HOUR }));
  const told = async (id: string) => {
    const { instance } = (await lab.get(`/v1/instances/${id}`)).body;
    return [instance.schedule, instance.next_slot_at, instance.protection.state, instance.protection.because.rule];
  };
  expect(await told('db-1')).toEqual([null, null, 'excluded', 'no-policy']);
  expect(await told('db-2')).toEqual([null, null, 'excluded', 'instance-gone']);
});

test('reasons are told in the language that was asked for', async () => {
  lab.store.put(member({ newestPointUtc: null }));
  const text = async (language: string) =>
    (await lab.get('/v1/instances', 'reader@p1', { 'accept-language': language })).body.instances[0]?.protection.because
      .text;
  const [en, vi] = [await text('en'), await text('vi-VN,vi;q=0.9')];
  expect(en).toMatch(/[a-z]/);
  expect(vi).not.toBe(en);
  expect(vi).toMatch(/[àáảãạăâđêôơưếộ]/i);
});

test('what has not changed is not sent again', async () => {
  lab.store.put(member());
  for (const url of ['/v1/instances', '/v1/instances/db-1']) {
    const { headers } = await lab.get(url);
    expect(headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'accept-language' });
    const again = await lab.get(url, 'reader@p1', { 'if-none-match': `"x", W/${headers['etag']}` });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await lab.get(url, 'reader@p1', { 'if-none-match': '"x"' })).status).toBe(200);
  }
});

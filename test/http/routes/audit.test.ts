import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Api } from '../../../daemon/http/api/server.ts';
import { auditRoutes } from '../../../daemon/http/routes/audit.ts';
import { NOW, openWorld, type World } from '../../store/world.ts';
import { labApi } from '../api/lab.ts';

let world: World;
let api: Api;
beforeEach(async () => {
  world = openWorld();
  api = labApi(auditRoutes(world));
  for (const n of [1, 2, 3]) await change('p1', `db-${n}`);
  await change('p2', 'db-9');
});
afterEach(() => api.close());

async function change(projectId: string, targetId: string): Promise<void> {
  const intent = { userId: 'u1', userName: 'anna', action: 'schedule:change', requestId: 'req-1' };
  const id = await world.audit.begin({ ...intent, projectId, targetId, before: { n: 1 } }, NOW);
  if (targetId !== 'db-3') await world.audit.end(id, 'done', { n: 2 });
}

async function ask(query: string, token: string) {
  const { statusCode, body } = await api.inject({ url: `/v1/audit${query}`, headers: { 'x-auth-token': token } });
  const json = JSON.parse(body);
  return { status: statusCode, json, targets: json.entries?.map((entry: { target_id: string }) => entry.target_id) };
}

test('an entry says who changed what, before and after; one whose end was not seen says so', async () => {
  const { json } = await ask('?limit=2', 'reader@p1');
  expect(json.entries).toEqual([
    expect.objectContaining({ target_id: 'db-3', before: { n: 1 }, after: null, outcome: null }),
    {
      id: expect.stringMatching(/^\d+$/),
      at: new Date(NOW).toISOString(),
      project_id: 'p1',
      user_id: 'u1',
      user_name: 'anna',
      action: 'schedule:change',
      target_id: 'db-2',
      before: { n: 1 },
      after: { n: 2 },
      outcome: 'done',
      request_id: 'req-1',
    },
  ]);
});

test.each([
  { token: 'reader@p1', query: '', targets: ['db-3', 'db-2', 'db-1'] },
  { token: 'member@p2', query: '', targets: ['db-9'] },
  { token: 'member@p1', query: '?target_id=db-2', targets: ['db-2'] },
  { token: 'member@p1', query: '?target_id=db-9', targets: [] },
  { token: 'member@p1', query: '?project_id=p1', targets: ['db-3', 'db-2', 'db-1'] },
  { token: 'admin@p1', query: '', targets: ['db-3', 'db-2', 'db-1'] },
  { token: 'admin@p1', query: '?project_id=p2', targets: ['db-9'] },
  { token: 'admin@p1', query: '?all_projects=true', targets: ['db-9', 'db-3', 'db-2', 'db-1'] },
  { token: 'admin@p1', query: '?all_projects=true&target_id=db-1', targets: ['db-1'] },
])('$token sees by "$query": $targets', async ({ token, query, targets }) => {
  expect(await ask(query, token)).toMatchObject({ status: 200, targets });
});

test.each([
  { token: 'member@p1', query: '?all_projects=true', status: 403 },
  { token: 'reader@p1', query: '?project_id=p2', status: 403 },
  { token: 'nobody@p1', query: '', status: 403 },
  { token: '', query: '', status: 401 },
  { token: 'member@p1', query: '?marker=x', status: 400 },
  { token: 'member@p1', query: '?limit=0', status: 400 },
])('$token is answered $status to "$query"', async ({ token, query, status }) => {
  expect((await ask(query, token)).status).toBe(status);
});

test('the links lead from page to page by the same query, and end', async () => {
  const seen: string[][] = [];
  for (let query = '?limit=2&project_id=p1'; query !== ''; ) {
    const { targets, json } = await ask(query, 'admin@p2');
    seen.push(targets);
    query = json.entries_links[0]?.href ?? '';
  }
  expect(seen).toEqual([['db-3', 'db-2'], ['db-1']]);
});

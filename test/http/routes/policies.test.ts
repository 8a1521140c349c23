import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Api } from '../../../daemon/http/api/server.ts';
import { policiesSchema, policyAnswer } from '../../../daemon/http/contract/policy.ts';
import { previewAnswer } from '../../../daemon/http/contract/schedule.ts';
import { policyRoutes } from '../../../daemon/http/routes/policies.ts';
import type { PolicyChange, PolicyRefusal, ShownPolicy } from '../../../daemon/ports/policies.ts';
import type { Shortage } from '../../../daemon/ports/schedules.ts';
import { because, type FateChange, TENANT_MAY } from '../../../lib/core/index.ts';
import { HOUR, policy } from '../../core/builders.ts';
import { labApi } from '../api/lab.ts';
import { type AuditLab, auditLab } from './audit-lab.ts';

const select = { names: ['ord*'], datastores: [] };
const OPERATORS: ShownPolicy = {
  ...{ id: 'operator:daily', name: 'daily', select: { names: [], datastores: [] }, instances: 3, lint: [] },
  of: { layer: 'operator', policy: policy(), tenantMay: TENANT_MAY },
};
const OURS: ShownPolicy = {
  ...{ id: 'id-1', name: 'ours', select, instances: 0 },
  lint: [{ level: 'warning', field: 'select', because: because('selects-nothing', {}) }],
  of: { layer: 'project', projectId: 'p1', overrides: { every: 6 * HOUR }, revision: 2 },
};
const BODY = { name: 'ours', select: { names: ['ord*'] }, overrides: { every: 'PT6H' } };

let api: Api;
let audits: AuditLab;
let refusal: PolicyRefusal | null;
let calls: unknown[];
let shortage: Shortage | null;
let deletions: readonly FateChange[];
beforeEach(() => {
  [refusal, calls, audits] = [null, [], auditLab()];
  [shortage, deletions] = [null, []];
  const of = (projectId: string) => (projectId === 'p1' ? [OPERATORS, OURS] : [OPERATORS]);
  const policies = {
    list: async (projectId: string) => of(projectId),
    show: async (projectId: string, id: string) =>
      of(projectId).find((shown) => shown.id === id) ?? ({ kind: 'absent' } as const),
    async save(change: PolicyChange) {
      calls.push(change);
      return refusal ?? OURS;
    },
    async remove(what: object) {
      calls.push(what);
      return refusal ?? ({ kind: 'removed' } as const);
    },
    async preview(change: PolicyChange, instanceId: string | null) {
      calls.push({ ...change, instanceId });
      return (
        refusal ?? {
          instances: { total: 0, lookedAt: 0 },
          slots: [],
          deletions,
          kept: [],
          forecast: null,
          shortage,
          lint: OURS.lint,
        }
      );
    },
  };
  api = labApi(policyRoutes({ policies, ...audits }));
});
afterEach(() => api.close());

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
async function ask(method: Method, path: string, token = 'member@p1', body?: object, ifMatch = '"2"') {
  const headers = { 'x-auth-token': token, ...(ifMatch === '' ? {} : { 'if-match': ifMatch }) };
  const found = await api.inject({ method, url: `/v1/policies${path}`, headers, ...(body && { payload: body }) });
  return { status: found.statusCode, headers: found.headers, body: found.body === '' ? null : found.json() };
}
const CHANGE = { projectId: 'p1', name: 'ours', select, overrides: { every: 6 * HOUR } };

test('those of the operator and of the project are listed, and shown', async () => {
  const { status, body } = await ask('GET', '', 'reader@p1');
  expect(status).toBe(200);
  expect(policiesSchema.parse(body)).toEqual(body);
  expect(body.policies).toMatchObject([
    {
      id: 'operator:daily',
      layer: 'operator',
      project_id: null,
      values: { every: 'day' },
      tenant_may: { window: true },
      overrides: null,
    },
    {
      id: 'id-1',
      layer: 'project',
      project_id: 'p1',
      values: null,
      overrides: { every: 'PT6H' },
      lint: [{ level: 'warning' }],
    },
  ]);
  const one = await ask('GET', '/id-1', 'reader@p1');
  expect([one.headers['etag'], policyAnswer.parse(one.body)]).toEqual(['"2"', one.body]);
  expect((await ask('GET', '/operator:daily')).body.policy.name).toBe('daily');
});

test('one is made, changed and deleted, each with its lines in the audit', async () => {
  const made = await ask('POST', '', 'member@p1', BODY, '');
  expect([made.status, made.headers['location'], made.headers['etag']]).toEqual([201, 'policies/id-1', '"2"']);
  expect((await ask('PUT', '/id-1', 'member@p1', BODY)).status).toBe(200);
  expect(await ask('DELETE', '/id-1')).toMatchObject({ status: 204, body: null });
  expect(calls).toEqual([
    { ...CHANGE, id: null, of: 0 },
    { ...CHANGE, id: 'id-1', of: 2 },
    { projectId: 'p1', id: 'id-1', of: 2 },
  ]);
  expect(audits.lines.map(({ targetId, before, ended }) => [targetId, before !== null, ended?.outcome])).toEqual([
    ['ours', false, 'done'],
    ['id-1', true, 'done'],
    ['id-1', true, 'done'],
  ]);
});

test('a change needs the If-Match of what is there', async () => {
  for (const method of ['PUT', 'DELETE'] as const) {
    const body = method === 'PUT' ? BODY : undefined;
    expect((await ask(method, '/id-1', 'member@p1', body, '')).status).toBe(428);
    expect((await ask(method, '/id-1', 'member@p1', body, '"1"')).status).toBe(412);
  }
  expect(calls).toEqual([]);
});

test('the operator’s is changed in his configuration alone', async () => {
  for (const method of ['PUT', 'DELETE'] as const) {
    const { status, body, headers } = await ask(
      method,
      '/operator:daily',
      'member@p1',
      method === 'PUT' ? BODY : undefined,
      '*',
    );
    expect([status, body.error.title, headers['allow']]).toEqual([405, 'read-only', 'GET']);
  }
  expect(calls).toEqual([]);
});

describe('what may not be', () => {
  test.each<{ as: PolicyRefusal; status: number; title: string }>([
    { as: { kind: 'absent' }, status: 404, title: 'not-found' },
    { as: { kind: 'moved' }, status: 412, title: 'changed-meanwhile' },
    { as: { kind: 'name-taken' }, status: 409, title: 'name-taken' },
    { as: { kind: 'too-many' }, status: 409, title: 'too-many' },
    { as: { kind: 'read-only', name: 'daily' }, status: 405, title: 'read-only' },
    {
      as: { kind: 'refused', because: because('override-zone-alone', {}), over: 'orders' },
      status: 409,
      title: 'override-zone-alone',
    },
  ])('is answered $status $title', async ({ as, status, title }) => {
    refusal = as;
    for (const answer of [
      await ask('POST', '', 'member@p1', BODY, ''),
      await ask('PUT', '/id-1', 'member@p1', BODY),
      await ask('DELETE', '/id-1'),
      await ask('POST', '/preview', 'reader@p1', BODY),
    ]) {
      expect([answer.status, answer.body.error.title]).toEqual([status, title]);
    }
    expect(audits.lines.map(({ ended }) => ended?.outcome)).toEqual(['refused', 'refused', 'refused']);
  });

  test.each([
    { ...BODY, name: 'no name' },
    { ...BODY, overrides: { cron: '@daily' } },
    { ...BODY, select: { projects: ['p2'] } },
    { name: 'ours' },
  ])('%j is refused by its form', async (body) => {
    expect((await ask('POST', '', 'member@p1', body)).status).toBe(400);
  });
});

test('a preview is for readers as well, and of a policy that there is takes its place', async () => {
  const { status, body } = await ask('POST', '/preview', 'reader@p1', { ...BODY, instance_id: 'db-1' });
  expect([status, previewAnswer.parse(body)]).toEqual([200, body]);
  expect(body.preview).toMatchObject({
    schedule: null,
    changes: [],
    lint: [{ message: expect.stringContaining('selects no instance') }],
  });
  await ask('POST', '/preview', 'reader@p1', { ...BODY, policy_id: 'id-1' });
  expect((await ask('POST', '/preview', 'reader@p1', { ...BODY, policy_id: 'id-9' })).status).toBe(404);
  expect(calls).toEqual([
    { ...CHANGE, id: null, of: 0, instanceId: 'db-1' },
    { ...CHANGE, id: 'id-1', of: 2, instanceId: null },
  ]);
  expect(audits.lines).toEqual([]);
});

test('a preview of what the quota does not hold shows what is wanted beside what is made', async () => {
  const day = { value: 9, atUtc: 0 };
  const course = { peak: day, startsAMinute: 1, worstAgeMs: null, longestChain: 6, days: [day] };
  shortage = {
    because: because('quota-short', { ours: 9, others: 2, limit: 8, reserve: 1, ask: 12 }),
    ...{ onShortage: 'adapt', fits: true, othersAdapted: 3, refused: 0, wanted: course },
    adapted: [{ wanted: policy(), because: [because('adapted-chains', { from: 6, to: 0 })], instances: 2 }],
    instances: { total: 5, lookedAt: 5 },
  };
  const { body } = await ask('POST', '/preview', 'reader@p1', BODY);
  expect(previewAnswer.parse(body)).toEqual(body);
  expect(body.preview.shortage).toMatchObject({
    ...{ on_shortage: 'adapt', ask: 12, fits: true, others_adapted: 3, refused: 0 },
    because: { rule: 'quota-short', text: expect.stringContaining('ask for a quota of 12') },
    adapted: [{ instances: 2, wanted: { every: 'day' }, because: [{ rule: 'adapted-chains' }] }],
    wanted: { peak_backups: 9 },
    instances: { total: 5, looked_at: 5 },
  });
  shortage = { ...shortage, because: because('quota-enough', { limit: 20 }) };
  expect((await ask('POST', '/preview', 'reader@p1', BODY)).body.preview.shortage.ask).toBeNull();
});

test('of many deletions those that go first are told, and all are counted', async () => {
  deletions = Array.from({ length: 600 }, (_, n) => ({
    ...{ backupId: `b-${n}`, name: 'auto', asOfUtc: n, because: because('unwanted', {}) },
    goesUtc: n % 2 === 0 ? null : 1_000 - n,
  }));
  const { preview } = (await ask('POST', '/preview', 'reader@p1', BODY)).body;
  expect([preview.deletions.length, preview.deletions_total, preview.kept_total]).toEqual([500, 600, 0]);
  expect(preview.deletions[0].backup_id).toBe('b-599');
  expect(preview.deletions.filter(({ goes_at }: { goes_at: string | null }) => goes_at !== null)).toHaveLength(300);
});

test('a reader changes none, and of another project there is none', async () => {
  for (const [method, path] of [
    ['POST', ''],
    ['PUT', '/id-1'],
    ['DELETE', '/id-1'],
  ] as const) {
    const body = method === 'DELETE' ? undefined : BODY;
    expect((await ask(method, path, 'reader@p1', body)).status).toBe(403);
    if (path !== '') expect((await ask(method, path, 'member@p2', body)).status).toBe(404);
  }
  expect((await ask('GET', '/id-1', 'reader@p2')).status).toBe(404);
  expect((await ask('GET', '', 'reader@p2')).body.policies).toHaveLength(1);
  expect((await ask('GET', '?project_id=p1', 'reader@p2')).status).toBe(403);
  expect((await ask('GET', '?project_id=p1', 'admin@p2')).body.policies).toHaveLength(2);
  expect(calls).toEqual([]);
});

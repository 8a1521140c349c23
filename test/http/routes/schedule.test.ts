import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Api } from '../../../daemon/http/api/server.ts';
import { previewAnswer, scheduleAnswer, slotsAnswer } from '../../../daemon/http/contract/schedule.ts';
import { scheduleRoutes } from '../../../daemon/http/routes/schedule.ts';
import type {
  Foresight,
  NoSchedule,
  Refusal,
  ScheduleChange,
  SchedulesPort,
  ShownSchedule,
} from '../../../daemon/ports/schedules.ts';
import { because, type Source, TENANT_MAY } from '../../../lib/core/index.ts';
import { at, DAY, daily, HOUR, policy } from '../../core/builders.ts';
import { labApi } from '../api/lab.ts';
import { type AuditLab, auditLab } from './audit-lab.ts';

const source: Source = { layer: 'operator', policy: 'daily' };
const SHOWN: ShownSchedule = {
  ...{ instanceId: 'db-1', projectId: 'p1', enabled: true, saysEnabled: true, policy: policy() },
  ...{ sources: { every: source, window: source, zone: source, keep: source }, byQuota: [] },
  ...{ overrides: { zone: 'UTC', keep: { withinMs: 4 * DAY } }, tenantMay: TENANT_MAY, pause: null },
  ...{ nextSlotUtc: at('2026-11-30 22:00'), because: [], revision: 3 },
};
const fate = { name: 'auto', asOfUtc: at('2026-11-20 22:00'), because: because('unwanted', {}) };
const FORESIGHT: Foresight = {
  slots: [
    {
      ...{ slotUtc: at('2026-11-30 22:00'), local: '2026-11-30 22:00:00', zone: 'UTC', kind: 'full' },
      ...{ because: because('no-chain', {}), notes: [because('slot-out-of-turn', {})] },
    },
  ],
  deletions: [{ ...fate, backupId: 'b-1', goesUtc: at('2026-12-01 00:00') }],
  kept: [{ ...fate, backupId: 'b-2', goesUtc: null }],
  forecast: {
    ...{ peak: { value: 9, atUtc: at('2026-12-09 00:00') }, startsAMinute: 1, worstAgeMs: 26 * HOUR, longestChain: 6 },
    days: [{ value: 2, atUtc: at('2026-11-30 00:00') }],
  },
  lint: [{ level: 'warning', field: 'select', because: because('selects-nothing', {}) }],
};

let api: Api;
let audits: AuditLab;
let shown: ShownSchedule | NoSchedule;
let answer: ShownSchedule | NoSchedule | Refusal;
let asked: ScheduleChange[];
let slots: Awaited<ReturnType<SchedulesPort['slots']>>;
beforeEach(() => {
  [shown, answer, asked, audits] = [SHOWN, { ...SHOWN, revision: 4 }, [], auditLab()];
  slots = { kind: 'slots', projectId: 'p1', slots: FORESIGHT.slots };
  const schedules = {
    show: async () => shown,
    slots: async () => slots,
    async change(change: ScheduleChange) {
      asked.push(change);
      return answer;
    },
    async preview(change: ScheduleChange) {
      asked.push(change);
      if ('kind' in answer) return answer;
      const window = daily('UTC', 1, 5);
      return {
        kind: 'preview',
        schedule: { ...answer, policy: policy({ cadence: window }) },
        foresight: FORESIGHT,
      } as const;
    },
  };
  api = labApi(scheduleRoutes({ schedules, ...audits }));
});
afterEach(() => api.close());

interface Ask {
  readonly token?: string;
  readonly body?: object;
  readonly query?: string;
  readonly ifMatch?: string;
}
async function ask(method: 'GET' | 'PATCH' | 'DELETE', { token = 'member@p1', body, query = '', ifMatch }: Ask = {}) {
  const headers = { 'x-auth-token': token, ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) };
  const url = `/v1/instances/db-1/schedule${query}`;
  const found = await api.inject({ method, url, headers, ...(body && { payload: body }) });
  return { status: found.statusCode, etag: found.headers['etag'], body: found.json() };
}
const patch = (body: object, more: Ask = {}) => ask('PATCH', { body, ifMatch: '"3"', ...more });

test('it is shown with the ETag of what is said', async () => {
  const { status, etag, body } = await ask('GET', { token: 'reader@p1' });
  expect([status, etag]).toEqual([200, '"3"']);
  expect(scheduleAnswer.parse(body)).toEqual(body);
  expect(body.schedule).toMatchObject({ instance_id: 'db-1', overrides: { zone: 'UTC', keep: { within: 'P4D' } } });
});

describe('the next slots', () => {
  const slotsFor = async (token: string, query = '') => {
    const found = await api.inject({ url: `/v1/instances/db-1/slots${query}`, headers: { 'x-auth-token': token } });
    return { status: found.statusCode, body: found.json() };
  };

  test('are shown to a reader as well', async () => {
    const { status, body } = await slotsFor('reader@p1');
    expect(status).toBe(200);
    expect(slotsAnswer.parse(body)).toEqual(body);
    expect(body.slots).toMatchObject([{ at: '2026-11-30T22:00:00.000Z', kind: 'full' }]);
  });

  test('of another project are not there, but for an admin who asks for it', async () => {
    expect((await slotsFor('member@p2')).status).toBe(404);
    expect((await slotsFor('admin@p2', '?all_projects=true')).status).toBe(200);
  });

  test.each<{ as: NoSchedule; status: number; title: string }>([
    { as: { kind: 'absent' }, status: 404, title: 'not-found' },
    { as: { kind: 'none', projectId: 'p1', because: because('no-policy', {}) }, status: 409, title: 'no-schedule' },
  ])('are answered $status $title', async ({ as, status, title }) => {
    shown = as;
    const found = await slotsFor('reader@p1');
    expect([found.status, found.body.error.title]).toEqual([status, title]);
  });

  test('of one that went meanwhile are not there', async () => {
    slots = { kind: 'absent' };
    expect((await slotsFor('reader@p1')).status).toBe(404);
  });
});

describe('a change', () => {
  test.each([
    { body: { zone: null }, said: { enabled: true, overrides: { keep: { withinMs: 4 * DAY } } } },
    { body: { enabled: false }, said: { enabled: false, overrides: SHOWN.overrides } },
    {
      body: { every: 'PT6H', window: '01:00-05:30', keep: null },
      said: {
        enabled: true,
        overrides: { every: 6 * HOUR, window: { startMinute: 60, endMinute: 330 }, zone: 'UTC' },
      },
    },
  ])('$body says $said', async ({ body, said }) => {
    const { status, etag } = await patch(body);
    expect([status, etag]).toEqual([200, '"4"']);
    expect(asked).toEqual([{ instanceId: 'db-1', of: 3, said }]);
  });

  test('is in the audit, with both sides', async () => {
    await patch({ zone: null });
    expect(audits.lines).toEqual([
      {
        ...{ action: 'schedule:change', projectId: 'p1', targetId: 'db-1' },
        before: { enabled: true, overrides: { zone: 'UTC', keep: { within: 'P4D' } }, pause: null },
        ended: {
          outcome: 'done',
          after: { enabled: true, overrides: { zone: 'UTC', keep: { within: 'P4D' } }, pause: null },
        },
      },
    ]);
  });

  test('pauses in the caller’s name, and ends that', async () => {
    await patch({ pause: { until_at: '2026-12-02T00:00:00Z', note: 'moving' } });
    await patch({ pause: null });
    expect(asked.map(({ pause }) => pause)).toEqual([
      { untilUtc: at('2026-12-02 00:00'), owner: 'member', note: 'moving' },
      null,
    ]);
  });

  test('DELETE takes everything back', async () => {
    expect((await ask('DELETE', { ifMatch: '*' })).status).toBe(200);
    expect(asked).toEqual([{ instanceId: 'db-1', of: 3, said: { enabled: true, overrides: {} }, pause: null }]);
  });

  test('needs an If-Match, which is that of what is there', async () => {
    const none = await ask('PATCH', { body: {} });
    expect([none.status, none.body.error.title]).toEqual([428, 'if-match-missing']);
    expect((await ask('DELETE')).status).toBe(428);
    for (const ifMatch of ['"2"', '"9", "8"']) expect((await patch({}, { ifMatch })).status).toBe(412);
    expect(asked).toEqual([]);
    for (const ifMatch of ['W/"3"', '"1", "3"', '*']) expect((await patch({}, { ifMatch })).status).toBe(200);
  });

  test.each<{ as: Refusal | NoSchedule; status: number; title: string }>([
    { as: { kind: 'moved' }, status: 412, title: 'changed-meanwhile' },
    { as: { kind: 'absent' }, status: 404, title: 'not-found' },
    {
      as: { kind: 'refused', because: because('override-not-allowed', { what: 'keep', policy: 'daily' }) },
      status: 409,
      title: 'override-not-allowed',
    },
    {
      as: { kind: 'none', projectId: 'p1', because: because('replica', { master: 'db-0' }) },
      status: 409,
      title: 'no-schedule',
    },
  ])('is answered $status $title', async ({ as, status, title }) => {
    answer = as;
    const found = await patch({ keep: { within: 'P1D' } });
    expect([found.status, found.body.error.title]).toEqual([status, title]);
    expect(audits.lines).toMatchObject([{ ended: { outcome: 'refused' } }]);
    const dry = await patch({ keep: { within: 'P1D' } }, { query: '?dry_run=true' });
    expect(dry.status).toBe(status);
    expect(audits.lines).toHaveLength(1);
  });

  test.each([
    { body: { every: 'often' } },
    { body: { window: '22-06' } },
    { body: { keep: { within: '3d' } } },
    { body: { max_incrementals: 3 } },
    { body: { pause: { until_at: 'soon' } } },
  ])('$body is refused', async ({ body }) => {
    expect((await patch(body)).status).toBe(400);
    expect(asked).toEqual([]);
  });
});

test('a dry run tells what a change would do, needs no If-Match, and makes none', async () => {
  const { status, body } = await ask('PATCH', { body: { window: '01:00-05:00' }, query: '?dry_run=true' });
  expect(status).toBe(200);
  expect(previewAnswer.parse(body)).toEqual(body);
  expect(body.preview).toMatchObject({
    changes: [{ field: 'window', from: '22:00-06:00', to: '01:00-05:00' }],
    next_slots: [
      {
        at: '2026-11-30T22:00:00.000Z',
        local: '2026-11-30 22:00:00',
        kind: 'full',
        notes: [{ rule: 'slot-out-of-turn' }],
      },
    ],
    deletions: [{ backup_id: 'b-1', goes_at: '2026-12-01T00:00:00.000Z' }],
    kept: [{ backup_id: 'b-2', goes_at: null }],
    forecast: { peak_backups: 9, worst_age: 'P1DT2H', course: [{ backups: 2 }] },
    lint: [{ level: 'warning', field: 'select' }],
  });
  expect((await ask('DELETE', { query: '?dry_run=true' })).body.preview.changes).toHaveLength(1);
  expect(audits.lines).toEqual([]);
});

test('a reader changes nothing, not even dryly', async () => {
  const token = 'reader@p1';
  expect((await patch({}, { token })).status).toBe(403);
  expect((await patch({}, { token, query: '?dry_run=true' })).status).toBe(403);
});

test('of another project it is as if it were not there, but for an admin who asks for it', async () => {
  const none: NoSchedule = { kind: 'none', projectId: 'p1', because: because('no-policy', {}) };
  for (const found of [SHOWN, none]) {
    shown = found;
    for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
      const { status, body } = await ask(method, {
        token: 'member@p2',
        ifMatch: '*',
        ...(method === 'PATCH' && { body: {} }),
      });
      expect([status, body.error.title]).toEqual([404, 'not-found']);
    }
  }
  shown = SHOWN;
  expect((await ask('GET', { token: 'member@p2', query: '?all_projects=true' })).status).toBe(403);
  expect((await ask('GET', { token: 'admin@p2' })).status).toBe(404);
  expect((await ask('GET', { token: 'admin@p2', query: '?all_projects=true' })).status).toBe(200);
  await patch({}, { token: 'admin@p2', query: '?project_id=p1' });
  expect(audits.lines).toMatchObject([{ projectId: 'p1' }]);
});

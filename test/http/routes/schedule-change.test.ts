import { describe, expect, test } from 'vitest';
import type { NoSchedule, Refusal } from '../../../daemon/ports/schedules.ts';
import { because } from '../../../lib/core/index.ts';
import { at, DAY, HOUR } from '../../core/builders.ts';
import { ask, lab, patch, SHOWN, scheduleLab } from './schedule-lab.ts';

scheduleLab();

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
    expect(lab.asked).toEqual([{ instanceId: 'db-1', of: 3, said }]);
  });

  test('is in the audit, with both sides', async () => {
    await patch({ zone: null });
    expect(lab.audits.lines).toEqual([
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
    expect(lab.asked.map(({ pause }) => pause)).toEqual([
      { untilUtc: at('2026-12-02 00:00'), owner: 'member', note: 'moving' },
      null,
    ]);
  });

  test('DELETE takes everything back', async () => {
    expect((await ask('DELETE', { ifMatch: '*' })).status).toBe(200);
    expect(lab.asked).toEqual([{ instanceId: 'db-1', of: 3, said: { enabled: true, overrides: {} }, pause: null }]);
  });

  test('needs an If-Match, which is that of what is there', async () => {
    const none = await ask('PATCH', { body: {} });
    expect([none.status, none.body.error.title]).toEqual([428, 'if-match-missing']);
    expect((await ask('DELETE')).status).toBe(428);
    for (const ifMatch of ['"2"', '"9", "8"']) expect((await patch({}, { ifMatch })).status).toBe(412);
    expect(lab.asked).toEqual([]);
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
    lab.answer = as;
    const found = await patch({ keep: { within: 'P1D' } });
    expect([found.status, found.body.error.title]).toEqual([status, title]);
    expect(lab.audits.lines).toMatchObject([{ ended: { outcome: 'refused' } }]);
    const dry = await patch({ keep: { within: 'P1D' } }, { query: '?dry_run=true' });
    expect(dry.status).toBe(status);
    expect(lab.audits.lines).toHaveLength(1);
  });

  test.each([
    { body: { every: 'often' } },
    { body: { window: '22-06' } },
    { body: { keep: { within: '3d' } } },
    { body: { max_incrementals: 3 } },
    { body: { pause: { until_at: 'soon' } } },
  ])('$body is refused', async ({ body }) => {
    expect((await patch(body)).status).toBe(400);
    expect(lab.asked).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { previewAnswer, scheduleAnswer } from '../../../daemon/http/contract/schedule.ts';
import type { NoSchedule } from '../../../daemon/ports/schedules.ts';
import { because } from '../../../lib/core/index.ts';
import { ask, lab, patch, SHOWN, scheduleLab } from './schedule-lab.ts';

scheduleLab();

test('it is shown with the ETag of what is said', async () => {
  const { status, etag, body } = await ask('GET', { token: 'reader@p1' });
  expect([status, etag]).toEqual([200, '"3"']);
  expect(scheduleAnswer.parse(body)).toEqual(body);
  expect(body.schedule).toMatchObject({ instance_id: 'db-1', overrides: { zone: 'UTC', keep: { within: 'P4D' } } });
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
  expect(lab.audits.lines).toEqual([]);
});

test('a reader changes nothing, not even dryly', async () => {
  const token = 'reader@p1';
  expect((await patch({}, { token })).status).toBe(403);
  expect((await patch({}, { token, query: '?dry_run=true' })).status).toBe(403);
});

test('of another project it is as if it were not there, but for an admin who asks for it', async () => {
  const none: NoSchedule = { kind: 'none', projectId: 'p1', because: because('no-policy', {}) };
  for (const found of [SHOWN, none]) {
    lab.shown = found;
    for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
      const { status, body } = await ask(method, {
        token: 'member@p2',
        ifMatch: '*',
        ...(method === 'PATCH' && { body: {} }),
      });
      expect([status, body.error.title]).toEqual([404, 'not-found']);
    }
  }
  lab.shown = SHOWN;
  expect((await ask('GET', { token: 'member@p2', query: '?all_projects=true' })).status).toBe(403);
  expect((await ask('GET', { token: 'admin@p2' })).status).toBe(404);
  expect((await ask('GET', { token: 'admin@p2', query: '?all_projects=true' })).status).toBe(200);
  await patch({}, { token: 'admin@p2', query: '?project_id=p1' });
  expect(lab.audits.lines).toMatchObject([{ projectId: 'p1' }]);
});

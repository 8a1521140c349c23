import { describe, expect, test } from 'vitest';
import { slotsAnswer } from '../../../daemon/http/contract/schedule.ts';
import type { NoSchedule } from '../../../daemon/ports/schedules.ts';
import { because } from '../../../lib/core/index.ts';
import { lab, scheduleLab } from './schedule-lab.ts';

scheduleLab();

describe('the next slots', () => {
  const slotsFor = async (token: string, query = '') => {
    const found = await lab.api.inject({ url: `/v1/instances/db-1/slots${query}`, headers: { 'x-auth-token': token } });
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
    lab.shown = as;
    const found = await slotsFor('reader@p1');
    expect([found.status, found.body.error.title]).toEqual([status, title]);
  });

  test('of one that went meanwhile are not there', async () => {
    lab.slots = { kind: 'absent' };
    expect((await slotsFor('reader@p1')).status).toBe(404);
  });
});

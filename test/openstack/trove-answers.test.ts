import nock from 'nock';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../lib/openstack/index.ts';
import { noNetwork } from './no-network.ts';
import { answer, ok, setUp } from './recorded.ts';
import { capture, failureOf, PROJECT, TROVE } from './support.ts';

noNetwork();

describe('quotas and limits', () => {
  it('are those of the backups, with the limit as it stands', async () => {
    answer('GET', `/${PROJECT}/mgmt/quotas/${PROJECT}`, capture('quotas, as admin'));
    expect(await setUp().project.quotas()).toEqual({ backups: { inUse: 2, reserved: 0, limit: 2 } });
  });

  it('are not guessed where Trove does not say them', async () => {
    answer('GET', `/${PROJECT}/mgmt/quotas/${PROJECT}`, ok({ quotas: [] }));
    expect(await failureOf(setUp().project.quotas())).toMatchObject({ code: 'malformed', field: 'quotas' });
  });

  it('tell the rates of each verb', async () => {
    answer('GET', `/${PROJECT}/limits`, capture('limits'));
    const limits = await setUp().project.limits();
    expect(limits.maxBackups).toBe(50);
    expect(limits.rates.map(({ verb }) => verb)).toEqual(['POST', 'PUT', 'DELETE', 'GET', 'POST']);
    expect(limits.rates[0]).toEqual({
      verb: 'POST',
      uri: '*',
      value: 100_000,
      remaining: 99_999,
      unit: 'MINUTE',
      nextAvailableUtc: Date.parse('2026-11-22T06:47:59Z'),
    });
  });
});

describe('an answer of the wrong type is refused by the name of its field', () => {
  const { backup } = capture('a backup').body as { backup: Record<string, unknown> };
  const rows: readonly { readonly field: string; readonly body: unknown }[] = [
    { field: 'body', body: 'oops' },
    { field: 'body', body: '[]' },
    { field: 'backup', body: {} },
    { field: 'backup.id', body: { backup: { ...backup, id: 5 } } },
    { field: 'backup.status', body: { backup: { ...backup, status: null } } },
    { field: 'backup.parent_id', body: { backup: { ...backup, parent_id: 7 } } },
    { field: 'backup.size', body: { backup: { ...backup, size: '0.14' } } },
    { field: 'backup.created', body: { backup: { ...backup, created: 'yesterday' } } },
    { field: 'backup.updated', body: { backup: { ...backup, updated: '2026-13-22T06:47:47' } } },
    {
      field: 'backup.datastore.version_id',
      body: { backup: { ...backup, datastore: { type: 'mysql', version: '5' } } },
    },
  ];
  it.each(rows)('$field of $body', async ({ field, body }) => {
    answer('GET', `/${PROJECT}/backups/b`, { status: 200, headers: { 'content-type': 'application/json' }, body });
    const error = await failureOf(setUp().project.backups.show('b'));
    expect(error).toMatchObject({ code: 'malformed', field, status: 200 });
    expect(error.message).toContain(field);
  });

  it('in a list by its place', async () => {
    answer('GET', `/${PROJECT}/backups?limit=1000`, ok({ backups: [backup, { ...backup, project_id: null }] }));
    expect(await failureOf(setUp().project.backups.list())).toMatchObject({ field: 'backups[1].project_id' });
  });
});

describe('each request', () => {
  it('carries the token, and one id for all its attempts', async () => {
    const ids: string[] = [];
    const note = function (this: nock.ReplyFnContext): nock.ReplyFnResult {
      ids.push(String(this.req.getHeader('x-openstack-request-id')));
      return ids.length === 1 ? [503, 'away'] : [200, { backups: [] }];
    };
    nock(TROVE, { reqheaders: { 'x-auth-token': 'gAAAAAB-secret-token', accept: 'application/json' } })
      .get(`/v1.0/${PROJECT}/backups?limit=1000`)
      .times(2)
      .reply(note);
    await setUp().project.backups.list();
    expect(ids[0]).toMatch(/^req-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/);
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  it('tells the hook about its answer, with the clock of the server', async () => {
    const answers: Answer[] = [];
    const date = 'Sun, 22 Nov 2026 06:47:51 GMT';
    const headers = { date, 'x-openstack-request-id': 'req-theirs' };
    answer('GET', `/${PROJECT}/backups?limit=1000`, { ...ok({ backups: [] }), headers });
    answer('GET', `/${PROJECT}/limits`, { status: 403, headers: {}, body: '' });
    const { project } = setUp(PROJECT, { onAnswer: (one) => answers.push(one) });
    await project.backups.list();
    await failureOf(project.limits());
    expect(answers).toMatchObject([
      {
        service: 'database',
        method: 'GET',
        url: `${TROVE}/v1.0/${PROJECT}/backups?limit=1000`,
        status: 200,
        dateUtc: Date.parse(date),
        requestId: 'req-theirs',
      },
      { status: 403, dateUtc: undefined, requestId: undefined },
    ]);
    expect(answers[0]?.durationMs).toBeGreaterThanOrEqual(0);
    expect(answers[0]?.sentRequestId).not.toBe(answers[1]?.sentRequestId);
  });

  it('does not fail because the hook does', async () => {
    answer('DELETE', `/${PROJECT}/backups/b`, { status: 202, headers: {}, body: '' });
    const { project } = setUp(PROJECT, {
      onAnswer: () => {
        throw new Error('a broken metric');
      },
    });
    expect(await project.backups.delete('b')).toBeUndefined();
  });
});

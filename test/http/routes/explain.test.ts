import { afterEach, expect, test } from 'vitest';
import type { Api } from '../../../daemon/http/api/server.ts';
import { explainAnswer } from '../../../daemon/http/contract/run.ts';
import { explainRoutes } from '../../../daemon/http/routes/explain.ts';
import { CloudUnavailable } from '../../../daemon/ports/cloud.ts';
import type { BackupExplained, Explain } from '../../../daemon/ports/explain.ts';
import { because } from '../../../lib/core/index.ts';
import { DAY, instance, iso } from '../../core/builders.ts';
import { NOW } from '../../store/world.ts';
import { labApi } from '../api/lab.ts';

const BACKUP: BackupExplained = {
  backupId: 'b1',
  instanceId: 'db-1',
  there: [because('made-for-slot', { slotUtc: NOW }), because('no-chain', {})],
  fate: { kind: 'kept', because: [because('kept-newest', {})] },
  going: { kind: 'at', atUtc: NOW + DAY, unwantedUtc: NOW },
};
const explain: Explain = {
  async backup({ projectId, backupId }) {
    if (backupId === 'away') throw new CloudUnavailable('no', because('unreachable', { detail: 'refused' }));
    if (projectId !== 'p1' || backupId === 'none') return null;
    if (backupId === 'b2') return { ...BACKUP, backupId, instanceId: 'db-2' };
    if (backupId === 'b3') {
      const reason = because('no-policy', {});
      return { ...BACKUP, backupId, fate: null, going: { kind: 'blocked', because: reason } };
    }
    return { ...BACKUP, backupId };
  },
  async slot(_, slotUtc) {
    const time = [because('slot-elapsed', { everyMs: DAY })];
    return { slotUtc, state: 'to-come', time, kind: because('no-chain', {}), because: null };
  },
};
let api: Api | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function ask(query: string, token = 'reader@p1', headers: Record<string, string> = {}) {
  api ??= labApi(
    explainRoutes({
      explain,
      explaining: {
        explainable: async (id) =>
          id === 'db-1' || id === 'db-2'
            ? { instance: instance({ id, projectId: 'p1' }), goneUtc: null, excludedBecause: null, schedule: null }
            : null,
      },
    }),
  );
  const { statusCode, body } = await api.inject({
    url: `/v1/instances/${query}`,
    headers: { 'x-auth-token': token, ...headers },
  });
  return { status: statusCode, body: JSON.parse(body) };
}
const reason = (rule: string) => ({ rule, params: expect.any(Object), text: expect.any(String) });

test('a slot: why then, why of which kind, and what became of it', async () => {
  const { status, body } = await ask(`db-1/explain?at=${iso(NOW)}`);
  expect(status).toBe(200);
  expect(explainAnswer.strict().parse(body)).toEqual(body);
  expect(body.explanation).toEqual({
    slot: { at: iso(NOW), state: 'to-come', time: [reason('slot-elapsed')], kind: reason('no-chain'), because: null },
    backup: null,
  });
});

test('a backup: why it is there, and when it goes', async () => {
  const { body } = await ask('db-1/explain?backup_id=b1', 'reader@p1', { 'accept-language': 'vi' });
  expect(explainAnswer.strict().parse(body)).toEqual(body);
  expect(body.explanation).toEqual({
    slot: null,
    backup: {
      ...{ id: 'b1', there: [reason('made-for-slot'), reason('no-chain')], fate: 'kept' },
      ...{ because: [reason('kept-newest')], goes_at: iso(NOW + DAY), going_because: null },
    },
  });
  const english = await ask('db-1/explain?backup_id=b1');
  expect(english.body.explanation.backup.there[0].text).not.toBe(body.explanation.backup.there[0].text);
});

test('one that something blocks says what', async () => {
  const { body } = await ask('db-1/explain?backup_id=b3');
  expect(body.explanation.backup).toMatchObject({ fate: null, because: [], goes_at: null });
  expect(body.explanation.backup.going_because).toEqual(reason('no-policy'));
});

test.each([
  { url: 'db-1/explain', token: 'reader@p1', status: 400, title: 'invalid' },
  { url: `db-1/explain?at=${iso(NOW)}&backup_id=b1`, token: 'reader@p1', status: 400, title: 'invalid' },
  { url: 'db-1/explain?at=now', token: 'reader@p1', status: 400, title: 'invalid' },
  { url: `db-9/explain?at=${iso(NOW)}`, token: 'reader@p1', status: 404, title: 'not-found' },
  { url: `db-1/explain?at=${iso(NOW)}`, token: 'reader@p2', status: 404, title: 'not-found' },
  { url: `db-1/explain?at=${iso(NOW)}`, token: 'admin@p2', status: 404, title: 'not-found' },
  { url: `db-1/explain?at=${iso(NOW)}&all_projects=true`, token: 'reader@p2', status: 403, title: 'forbidden' },
  { url: `db-1/explain?at=${iso(NOW)}&all_projects=true`, token: 'admin@p2', status: 200, title: undefined },
  { url: 'db-1/explain?backup_id=none', token: 'reader@p1', status: 404, title: 'not-found' },
  { url: 'db-1/explain?backup_id=b2', token: 'reader@p1', status: 404, title: 'not-found' },
  { url: 'db-1/explain?backup_id=away', token: 'reader@p1', status: 503, title: 'cloud-unavailable' },
])('$url as $token answers $status', async ({ url, token, status, title }) => {
  const answer = await ask(url, token);
  expect([answer.status, answer.body.error?.title]).toEqual([status, title]);
});

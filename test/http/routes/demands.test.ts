import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runAnswer } from '../../../daemon/http/contract/run.ts';
import { HOUR, MINUTE } from '../../core/builders.ts';
import { type Sent, worldLab } from './world-lab.ts';

async function lived(options: Parameters<typeof worldLab>[0] = {}) {
  const lab = worldLab(options);
  const { world } = lab;
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 1);
  const url = `/v1/instances/${id}/runs`;
  const ask = (body: object = {}, key?: string, sent: Sent = {}) =>
    lab.ask('POST', url, { body, ...sent, headers: { ...(key !== undefined && { 'idempotency-key': key }) } });
  const demanded = () => world.service.runs(id).filter(({ origin }) => origin === 'on_demand');
  /** Nothing is asked for while something else is done to the instance. */
  const busy = () => world.region.changeInstance(id, { task: 'RESIZING' });
  return { ...lab, id, busy, backUp: ask, url, demanded };
}

test('a backup is asked for now, made, and kept as long as was said', async () => {
  const { world, ask, backUp, id, audit } = await lived();
  const { status, body, headers } = await backUp({ kind: 'full', keep: 'P3D', note: 'before the upgrade' });
  expect(status).toBe(202);
  expect(runAnswer.strict().parse(body)).toEqual(body);
  expect(body.run).toMatchObject({
    ...{ instance_id: id, project_id: world.project, origin: 'on_demand', state: 'claimed' },
    ...{ requested_by: 'member', note: 'before the upgrade', keep: 'P3D', backup_id: null },
  });
  expect(headers['location']).toBe(`/v1/runs/${body.run.id}`);
  await world.completed(id, 2);
  const { body: shown } = await ask('GET', `/v1/instances/${id}/backups`);
  expect(shown.backups.at(-1)).toMatchObject({ run_id: body.run.id, origin: 'on_demand', kind: 'full' });
  expect(shown.backups.at(-1)?.because.map(({ rule }) => rule)).toContain('kept-demanded-until');
  expect(await audit()).toMatchObject([
    {
      action: 'run:create',
      targetId: id,
      ended: { outcome: 'done', after: { run_id: body.run.id, answer: 'accepted' } },
    },
  ]);
});

test('however often and however close the same request comes, it is one run', async () => {
  const { backUp, demanded, ask, world, busy } = await lived();
  busy();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 6 }), fc.uuid(), async (times, key) => {
      const answers = await Promise.all(Array.from({ length: times }, () => backUp({ keep: 'PT2H' }, key)));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: times }, () => 202));
      expect(new Set(answers.map(({ body }) => body.run.id)).size).toBe(1);
      runs += 1;
      expect(demanded()).toHaveLength(runs);
      expect((await ask('DELETE', `/v1/runs/${answers[0]?.body.run.id}`)).status).toBe(200);
    }),
    { numRuns: 8 },
  );
  expect(world.service.wire.posts).toHaveLength(1);
});

test('a key that was used for something else, or is none, is refused', async () => {
  const { backUp } = await lived();
  await backUp({ kind: 'full' }, 'key-1');
  const other = await backUp({ kind: 'incremental' }, 'key-1');
  expect([other.status, other.body.error.title]).toEqual([422, 'key-reused']);
  for (const key of ['', 'with space', 'x'.repeat(256)]) {
    const bad = await backUp({}, key);
    expect([bad.status, bad.body.error.title]).toEqual([400, 'bad-key']);
  }
});

test('without a key each request is one of its own, and a second waits for the first', async () => {
  const { backUp } = await lived();
  const { body } = await backUp();
  const second = await backUp();
  expect([second.status, second.body.error.title]).toEqual([409, 'already-waiting']);
  expect(second.body.error.details).toEqual({ run_id: body.run.id });
});

test('replicas, members of clusters and what no policy selects are refused with the reason', async () => {
  const { ask, world, id, audit } = await lived();
  const replica = world.instance('replica', { replicaOf: id });
  const member = world.instance('member', { clusterId: 'c1' });
  await world.advance(15 * MINUTE);
  for (const [target, rule] of [
    [replica, 'replica'],
    [member, 'cluster-member'],
  ] as const) {
    const { status, body } = await ask('POST', `/v1/instances/${target}/runs`, { body: {} });
    expect([status, body.error]).toMatchObject([409, { title: 'not-taken', details: { rule } }]);
  }
  expect((await audit())[0]).toMatchObject({ ended: { outcome: 'refused', after: { error: expect.any(String) } } });
});

test('of an instance that is gone, of another project or of nobody there is nothing to back up', async () => {
  const { world, ask, id, url, backUp, other } = await lived();
  const answers = [
    await ask('POST', '/v1/instances/nothing/runs', { body: {} }),
    await backUp({}, undefined, { as: `member@${other}` }),
  ];
  const admin = { as: `admin@${other}`, body: {} };
  answers.push(await ask('POST', url, admin));
  expect((await ask('POST', `${url}?project_id=${world.project}`, admin)).status).toBe(202);
  expect((await ask('POST', `${url}?project_id=${world.project}`, { as: `member@${other}`, body: {} })).status).toBe(
    403,
  );
  world.region.deleteInstance(id);
  await world.until(() => world.service.events('instance.gone').length > 0);
  answers.push(await backUp());
  for (const { status, body } of answers) expect([status, body.error.title]).toEqual([404, 'not-found']);
});

test('while the clock is in doubt nothing is taken', async () => {
  const { world, backUp } = await lived();
  world.service.setClock(2 * HOUR);
  await world.advance(15 * MINUTE);
  const { status, body } = await backUp();
  expect([status, body.error.title]).toEqual([503, 'clock-doubtful']);
});

test('what is kept too short or too long, or of another kind, is refused by name', async () => {
  const { backUp, url, ask } = await lived();
  for (const body of [{ keep: 'PT1M' }, { keep: 'P99999D' }, { keep: 'soon' }, { kind: 'half' }, { keeps: 'P1D' }]) {
    expect((await backUp(body)).body.error).toMatchObject({ code: 400, title: 'invalid' });
  }
  expect((await ask('POST', url)).status).toBe(400);
});

test('a request is cancelled before anything is asked for, and by nobody of another project', async () => {
  const { world, ask, backUp, other, audit, id, busy } = await lived();
  busy();
  const { body } = await backUp();
  const run = `/v1/runs/${body.run.id}`;
  expect((await ask('DELETE', run, { as: `member@${other}` })).status).toBe(404);
  const cancelled = await ask('DELETE', run);
  expect([cancelled.status, cancelled.body.run]).toMatchObject([
    200,
    { state: 'skipped', because: { rule: 'demand-cancelled', params: { who: 'member' } } },
  ]);
  const again = await ask('DELETE', run);
  expect([again.status, again.body.error.title]).toEqual([409, 'too-late']);
  expect((await audit())[0]).toMatchObject({ action: 'run:cancel', ended: { outcome: 'refused' } });
  await world.advance(10 * MINUTE);
  expect(world.service.wire.posts).toHaveLength(1);
  const [slot] = world.service.runs(id);
  expect((await ask('DELETE', `/v1/runs/${slot?.run_id}`)).body.error).toMatchObject({ title: 'too-late' });
  expect((await ask('DELETE', '/v1/runs/nothing')).status).toBe(404);
});

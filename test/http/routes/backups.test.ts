import { expect, test } from 'vitest';
import { backupsSchema } from '../../../daemon/http/contract/backup.ts';
import { DAY, HOUR, iso } from '../../core/builders.ts';
import { HOURLY } from '../../engine/world.ts';
import { worldLab } from './world-lab.ts';

const RETENTION = {
  keep: { last: 1 },
  minimumFulls: 1,
  onDelete: { keepMs: 2 * DAY, lastChainMs: 4 * DAY },
  anchor: false,
};
const KEEPING = { policies: [{ ...HOURLY, retention: RETENTION }], quarantineMs: 0, graceMs: 24 * HOUR };

async function lived(count: number, options: Parameters<typeof worldLab>[0] = {}) {
  const lab = worldLab(options);
  const id = lab.world.instance('orders');
  await lab.world.service.start();
  await lab.world.completed(id, count);
  const made = lab.world.backups(id).map((backup) => backup.id);
  const list = async (as?: string, query = '') =>
    lab.ask('GET', `/v1/instances/${id}/backups${query}`, as === undefined ? {} : { as });
  return { ...lab, id, made, list };
}

test('an instance has its backups in chains, each with whose it is, what keeps it and when it was due', async () => {
  const { world, id, made, list } = await lived(2);
  const foreign = world.region.createBackup({ instanceId: id, name: 'mine' }).id;
  const { status, body } = await list('reader@'.concat(world.project));
  expect(status).toBe(200);
  expect(backupsSchema.strict().parse(body)).toEqual(body);
  const [full, one] = made;
  expect(body.chains).toEqual([
    { full_backup_id: full, managed: true, backup_ids: [full, one] },
    { full_backup_id: foreign, managed: false, backup_ids: [foreign] },
  ]);
  const run = world.service.runs(id)[0];
  expect(body.backups[0]).toMatchObject({
    ...{ id: full, instance_id: id, status: 'COMPLETED', kind: 'full', parent_id: null, size_gb: expect.any(Number) },
    ...{ origin: 'scheduled', run_id: run?.run_id, as_of_at: iso(run?.slot_utc ?? 0), is_recovery_point: true },
    ...{ fate: 'kept', because: [{ rule: 'kept-without-rule', text: expect.any(String) }], hold: null, mark: null },
  });
  expect(body.backups[1]).toMatchObject({ kind: 'incremental', parent_id: full });
  expect(body.backups.at(-1)).toMatchObject({
    ...{ id: foreign, origin: 'foreign', run_id: null, is_recovery_point: true, fate: null, because: [], mark: null },
  });
  expect([body.untended, body.unreadable]).toEqual([null, 0]);
});

test('what is marked says when it goes at the earliest, in the language that was asked for', async () => {
  const { world, made, id, ask } = await lived(4, KEEPING);
  await world.until(() => world.service.events('prune.marked').length >= 3);
  const { body } = await ask('GET', `/v1/instances/${id}/backups`, { headers: { 'accept-language': 'vi' } });
  const [first] = body.backups;
  const said = world.service.events('prune.marked').find((line) => line['backup'] === first?.id);
  expect(first).toMatchObject({
    ...{ id: made[0], fate: 'removable', because: [{ rule: 'unwanted', text: expect.stringMatching(/[ạ-ỹ]/) }] },
    mark: { marked_at: iso(said?.atUtc ?? 0), goes_at: iso(Number(said?.['untilUtc'])), because: { rule: 'unwanted' } },
  });
  expect(body.backups.at(-1)).toMatchObject({ fate: 'kept', mark: null });
});

test('while an instance is paused nothing is said of what becomes of its backups, but why, and marks wait', async () => {
  const { world, id, list } = await lived(4, KEEPING);
  await world.until(() => world.service.events('prune.marked').length >= 3);
  const { standstills } = world.service.life();
  const untilUtc = world.clock.nowUtc() + 5 * HOUR;
  await standstills.pause(id, { untilUtc, owner: 'anna', note: 'upgrade' }, world.clock.nowUtc());
  await world.advance(HOUR);
  const { body } = await list();
  expect(body.untended).toMatchObject({ rule: 'paused', params: { owner: 'anna' } });
  const marked = body.backups.filter(({ mark }: { mark: unknown }) => mark !== null);
  expect(marked.length).toBeGreaterThanOrEqual(3);
  for (const { mark, fate } of marked) {
    expect(fate).toBeNull();
    expect(Date.parse(mark?.goes_at ?? '')).toBeGreaterThan(Date.parse(mark?.marked_at ?? '') + 24 * HOUR);
  }
});

test('an instance that is gone has its backups still', async () => {
  const { world, id, made, list } = await lived(2, KEEPING);
  world.region.deleteInstance(id);
  await world.until(() => world.service.events('instance.gone').length > 0);
  const { status, body } = await list();
  expect(status).toBe(200);
  expect(body.backups.map(({ id: own }) => own)).toEqual(made);
  expect(body.backups.at(-1)?.because.map(({ rule }) => rule)).toContain('kept-last-chain');
});

test('one that this service never saw is shown by its backups alone, and by nothing where it has none', async () => {
  const { world, ask } = await lived(1);
  const unseen = world.instance('unseen');
  expect((await ask('GET', `/v1/instances/${unseen}/backups`)).status).toBe(404);
  const { id } = world.region.createBackup({ instanceId: unseen, name: 'mine' });
  const { status, body } = await ask('GET', `/v1/instances/${unseen}/backups`);
  expect([status, body.backups[0]]).toMatchObject([200, { id, origin: 'foreign' }]);
  expect(body.untended).toMatchObject({ rule: 'no-policy' });
});

test('what nothing can be restored from is no recovery point', async () => {
  const { world, id, made, list } = await lived(3);
  world.region.deleteBackup(made[1] ?? '');
  world.region.createBackup({ instanceId: id, name: 'broken', status: 'FAILED' });
  const { body } = await list();
  const points = body.backups.map((row: { is_recovery_point: boolean }) => row.is_recovery_point);
  expect(points).toEqual([true, false, false]);
  expect(body.chains.map((chain: { backup_ids: readonly string[] }) => chain.backup_ids)).toEqual([
    [made[0]],
    [made[2]],
    [body.backups[2]?.id],
  ]);
});

test('an admin sees those of another project where he says so, and nobody else does', async () => {
  const { world, other, id, made, list } = await lived(1);
  const admin = `admin@${other}`;
  expect((await list(admin)).status).toBe(404);
  for (const query of ['?all_projects=true', `?project_id=${world.project}`]) {
    const { status, body } = await list(admin, query);
    expect([status, body.backups]).toMatchObject([200, [{ id: made[0], size_gb: null, origin: 'scheduled' }]]);
    expect((await list(`member@${other}`, query)).status).toBe(403);
  }
  expect((await list(admin, `?project_id=${other}`)).status).toBe(404);
  const { status, body } = await list(`member@${other}`);
  expect([status, body.error.message]).toEqual([404, `there is no instance ${id} in your project`]);
});

test('a row that cannot be read is counted, and the others are shown', async () => {
  const { made, list, cloudIs } = await lived(2);
  cloudIs((cloud) => ({
    backups: async (caller, onOdd) => {
      const rows = await cloud.backups(caller, onOdd);
      onOdd({
        kind: 'backup',
        id: rows[0]?.id ?? '',
        projectId: caller.projectId,
        field: 'created',
        problem: 'is odd',
      });
      return rows.slice(1);
    },
  }));
  const { body } = await list();
  expect([body.unreadable, body.backups.length]).toEqual([1, made.length - 1]);
});

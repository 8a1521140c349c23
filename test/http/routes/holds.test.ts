import { expect, test } from 'vitest';
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

async function lived(count = 1, options: Parameters<typeof worldLab>[0] = {}) {
  const lab = worldLab(options);
  const { world } = lab;
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, count);
  const backupId = world.backups(id)[0]?.id ?? '';
  const hold = `/v1/backups/${backupId}/hold`;
  const held = async () => (await lab.ask('GET', `/v1/instances/${id}/backups`)).body.backups[0]?.hold;
  return { ...lab, id, backupId, hold, held };
}
async function marked(graceMs = 24 * HOUR) {
  const scene = await lived(4, { ...KEEPING, graceMs });
  await scene.world.until(() => scene.world.service.events('prune.marked').length >= 3);
  return scene;
}

test('a member holds a backup in his name, changes that, and any other takes it away; the audit tells both', async () => {
  const { ask, hold, held, audit, backupId, world } = await lived();
  const body = { note: 'audit', until_at: iso(world.clock.nowUtc() + DAY) };
  const made = await ask('PUT', hold, { body });
  expect([made.status, made.body]).toEqual([200, { hold: { owner: 'member', ...body } }]);
  expect(await held()).toEqual({ owner: 'member', ...body });
  const again = await ask('PUT', hold, { body: { note: 'for ever' } });
  expect(again.body.hold).toEqual({ owner: 'member', note: 'for ever', until_at: null });
  const admin = `admin@${world.project}`;
  expect((await ask('DELETE', hold, { as: admin })).status).toBe(204);
  expect(await held()).toBeNull();
  expect(await audit()).toMatchObject([
    { action: 'backup:hold', targetId: backupId, userName: 'admin', before: { owner: 'member', note: 'for ever' } },
    { before: { note: 'audit' }, ended: { outcome: 'done', after: { note: 'for ever' } } },
    { before: null, userName: 'member', ended: { outcome: 'done', after: { note: 'audit' } } },
  ]);
});

test('what cannot be held, or has no hold, says so and what to do', async () => {
  const { ask, hold, id, world } = await lived();
  const foreign = world.region.createBackup({ instanceId: id, name: 'mine' }).id;
  const body = { note: 'audit' };
  const titles = async (url: string, said: object = body) => {
    const answer = await ask('PUT', url, { body: said });
    return [answer.status, answer.body.error.title];
  };
  expect(await titles('/v1/backups/nothing/hold')).toEqual([404, 'not-found']);
  expect(await titles(`/v1/backups/${foreign}/hold`)).toEqual([409, 'not-managed']);
  expect(await titles(hold, { note: 'late', until_at: iso(0) })).toEqual([400, 'invalid']);
  expect(await titles(hold, { note: ' ' })).toEqual([400, 'invalid']);
  const absent = await ask('DELETE', hold);
  expect([absent.status, absent.body.error.title]).toEqual([404, 'not-held']);
});

test('marks are listed newest first, page by page, and only those of the project', async () => {
  const { ask, other, world, id } = await marked();
  const all = await ask('GET', '/v1/prunes', { as: `reader@${world.project}` });
  const said = world.service.events('prune.marked');
  expect(all.body.prunes).toHaveLength(said.length);
  expect(all.body.prunes).toContainEqual({
    ...{ backup_id: said[0]?.['backup'], instance_id: id, project_id: world.project },
    ...{ marked_at: iso(said[0]?.atUtc ?? 0), goes_at: iso(Number(said[0]?.['untilUtc'])) },
    because: { rule: 'unwanted', params: {}, text: expect.any(String) },
  });
  const seen: string[] = [];
  for (let url: string | undefined = '/v1/prunes?limit=2'; url; ) {
    const { body } = await ask('GET', url);
    seen.push(...body.prunes.map((row: { backup_id: string }) => row.backup_id));
    const next: string | undefined = body.prunes_links[0]?.href;
    url = next && `/v1/prunes${next}`;
  }
  expect(seen).toEqual(all.body.prunes.map((row: { backup_id: string }) => row.backup_id));
  const times = all.body.prunes.map((row: { marked_at: string }) => row.marked_at);
  expect(times).toEqual(times.toSorted().toReversed());
  expect((await ask('GET', '/v1/prunes', { as: `member@${other}` })).body.prunes).toEqual([]);
  const admin = await ask('GET', '/v1/prunes?all_projects=true', { as: `admin@${other}` });
  expect(admin.body.prunes).toHaveLength(seen.length);
  expect((await ask('GET', '/v1/prunes?all_projects=true')).status).toBe(403);
  expect((await ask('GET', '/v1/prunes?marker=x')).status).toBe(400);
});

test('a mark is taken back within its grace: its backup is held for a week and stays', async () => {
  const { ask, world, backupId, audit, held } = await marked(3 * HOUR);
  const { status, body } = await ask('DELETE', `/v1/prunes/${backupId}`);
  const until_at = iso(world.clock.nowUtc() + 7 * DAY);
  expect([status, body.hold]).toMatchObject([200, { owner: 'member', until_at }]);
  expect(await held()).toMatchObject({ owner: 'member' });
  expect((await audit())[0]).toMatchObject({
    action: 'prune:undo',
    ended: { outcome: 'done', after: { hold: body.hold } },
  });
  expect((await ask('DELETE', `/v1/prunes/${backupId}`)).body.error).toMatchObject({ code: 404, title: 'not-marked' });
  const another = world.service.events('prune.marked').map((line) => String(line['backup']));
  const vi = await ask('DELETE', `/v1/prunes/${another.find((one) => one !== backupId)}`, {
    headers: { 'accept-language': 'vi' },
  });
  expect([body.hold.note, vi.body.hold.note]).toEqual(['its mark was taken back', 'đã bỏ đánh dấu xóa']);
  await world.advance(5 * HOUR);
  expect(world.region.backups().find(({ id }) => id === backupId)?.deletedUtc).toBeNull();
});

test('what is being deleted is taken back no more', async () => {
  // Sooner than the newest success is so old that nothing is deleted any more.
  const { ask, world, id } = await marked(HOUR);
  const { deletions } = world.service.wire;
  const before = deletions.length;
  world.region.control.taskManagerDown = true;
  await world.until(() => deletions.length > before);
  const going = deletions[before]?.backup?.id ?? '';
  const undone = await ask('DELETE', `/v1/prunes/${going}`);
  expect([undone.status, undone.body.error.title]).toEqual([409, 'going']);
  const holding = await ask('PUT', `/v1/backups/${going}/hold`, { body: { note: 'too late' } });
  expect([holding.status, holding.body.error.title]).toEqual([409, 'going']);
  const listed = (await ask('GET', '/v1/prunes')).body.prunes.map((row: { backup_id: string }) => row.backup_id);
  expect(listed).not.toContain(going);
  const { body } = await ask('GET', `/v1/instances/${id}/backups`);
  expect(body.backups.find((row) => row.id === going)).toMatchObject({ is_recovery_point: false });
});

test('an admin holds for another project where he names it; to others its backups are not there', async () => {
  const { ask, hold, other, world, backupId } = await lived();
  const body = { note: 'audit' };
  const as = `admin@${other}`;
  expect((await ask('PUT', hold, { as, body })).status).toBe(404);
  expect((await ask('PUT', `${hold}?project_id=${world.project}`, { as, body })).status).toBe(200);
  expect((await ask('DELETE', hold, { as: `member@${other}` })).body.error.title).toBe('not-held');
  expect((await ask('PUT', `${hold}?project_id=${world.project}`, { as: `member@${other}`, body })).status).toBe(403);
  expect((await ask('DELETE', `/v1/prunes/${backupId}`, { as: `member@${other}` })).status).toBe(404);
});

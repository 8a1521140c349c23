import { beforeAll, expect, inject, test } from 'vitest';
import { type Region, regionAt } from '../region/region.ts';
import { waitFor } from '../region/tenant.ts';
import { blocked, deleted, inStore, made, moreDeleted, ours, PRUNING } from './pruning.ts';
import { isOurs, openScene, reasonOf } from './scene.ts';

const MINUTE = 60_000;
let region: Region;
beforeAll(async () => {
  region = regionAt(inject('region'));
  await region.control({ backup_s: 0.5 });
});

const POLICY = 'every: 5s, max_incrementals: 2, keep: { last: 2 }, anchor: false';

test(
  'chains roll over and exactly what is wanted is left; a user, a hold, an undo and a restore each keep what they should',
  async () => {
    const scene = await openScene(region, 'keeping', { policy: POLICY, settings: PRUNING });
    const { stage, user } = scene;
    await stage.daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 8);
    await moreDeleted(scene, 3, 0);
    const left = await ours(scene, id);
    expect(made(scene, id).slice(-left.length - 1)).toEqual(expect.arrayContaining([...left.slice(0, -1)]));
    expect(left.length).toBeLessThanOrEqual(8);
    const rows = await scene.backups(id);
    for (const row of rows) if (row['parent_id']) expect(rows.map((it) => it.id)).toContain(row['parent_id']);

    // A user puts an incremental on a full of ours.
    const full = (await scene.backups(id))
      .filter(isOurs)
      .findLast((row) => !row['parent_id'] && row.status === 'COMPLETED');
    const users = await user.createBackup({ name: 'mine', instance: id, parent_id: full?.id ?? '' });
    await user.endOfBackup(users.id);
    expect(reasonOf(await blocked(scene, full?.id))).toMatchObject({ rule: 'has-child', params: { child: users.id } });

    // One is held, and the mark of another is taken back within its grace.
    const held = (await ours(scene, id)).at(-1) ?? '';
    const owner = { instanceId: id, projectId: user.projectId, owner: 'anna', note: 'audit', untilUtc: null };
    await inStore(scene, (store) => store.hold({ ...owner, backupId: held }, Date.now()));
    const from = stage.daemon.lines.length;
    const mark = await stage.daemon.event('prune.marked', { from, timeoutMs: MINUTE });
    const undone = String(mark['backup']);
    const { owner: who, note } = owner;
    const of = { projectId: user.projectId, backupId: undone };
    const by = { owner: who, note, untilUtc: null };
    expect(await inStore(scene, (store) => store.undo(of, by, Date.now()))).toBe('undone');

    // A restore is under way: nothing goes, until it is done.
    await region.control({ building: true });
    const source = (await scene.backups(id)).filter((row) => row.status === 'COMPLETED').at(-1);
    const before = stage.daemon.lines.length;
    const restored = await user.createInstance({ name: 'restored', restore: source?.id ?? '' });
    const hindered = await stage.daemon.event('prune.blocked', {
      ...{ from: before, timeoutMs: 2 * MINUTE },
      where: (line) => reasonOf(line).rule === 'restore-may-read',
    });
    expect(reasonOf(hindered)).toMatchObject({ params: { instance: restored.id } });
    await region.control({ building: false });
    await waitFor(async () => (await user.showInstance(restored.id)).status === 'ACTIVE', { timeoutMs: MINUTE });
    await user.deleteInstance(restored.id);
    await moreDeleted(scene, 2, stage.daemon.lines.length, 2 * MINUTE);
    await scene.completed(id, 14);
    const end = await ours(scene, id);
    expect(end).toEqual(expect.arrayContaining([full?.id, held, undone]));
    expect(deleted(scene)).not.toContain(users.id);
    expect(stage.proxy.passed.filter(({ method }) => method === 'DELETE').every(({ status }) => status === 202)).toBe(
      true,
    );
  },
  8 * MINUTE,
);

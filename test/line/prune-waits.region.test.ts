import { beforeAll, expect, inject, test } from 'vitest';
import { UNDO_HOLD_MS } from '../../lib/core/index.ts';
import { type Region, regionAt } from '../region/region.ts';
import { waitFor } from '../region/tenant.ts';
import { deleted, deletionsMs, inStore, moreDeleted, orphans, ours, PRUNING } from './pruning.ts';
import { openScene, reasonOf } from './scene.ts';

const MINUTE = 60_000;
let region: Region;
beforeAll(async () => {
  region = regionAt(inject('region'));
  await region.control({ backup_s: 0.5 });
});

const keeping = (project: string, keep: string) => ({
  ...{ name: project, select: { projects: [`${project}@Default`] }, first_within: '2s', every: '8s' },
  ...{ max_incrementals: 1, anchor: false, keep: { last: Number(keep) } },
});

test(
  'without a bus, no DELETE leaves while a restore is built for a minute; a hold and an undo outlive a stricter policy and a restart meanwhile',
  async () => {
    const settings = { ...PRUNING, bus: null };
    const scene = await openScene(region, 'patience', {
      policy: 'every: 8s, max_incrementals: 1, keep: { last: 100 }, anchor: false',
      settings,
    });
    const { stage, user } = scene;
    const { daemon } = stage;
    await daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 5);
    const [, held = '', , undone = ''] = await ours(scene, id);
    const of = { instanceId: id, projectId: user.projectId };
    const by = { owner: 'anna', note: 'audit' };
    await inStore(scene, (store) => store.hold({ ...of, backupId: held, ...by, untilUtc: null }, Date.now()));

    await region.control({ prepare_s: 60 });
    const restored = await user.createInstance({ name: 'restored', restore: held });
    const from = daemon.lines.length;
    stage.configure({ bus: null, policies: [keeping(scene.project, '1')] });
    daemon.reload();
    const marked = await daemon.event('prune.marked', {
      from,
      timeoutMs: MINUTE,
      where: (line) => line['backup'] === undone,
    });
    const undo = { ...by, untilUtc: Date.now() + UNDO_HOLD_MS };
    expect(await inStore(scene, (store) => store.undo({ ...of, backupId: undone }, undo, Date.now()))).toBe('undone');
    await daemon.event('prune.blocked', {
      from,
      timeoutMs: MINUTE,
      where: (line) => reasonOf(line).rule === 'restore-may-read',
    });
    await daemon.end('SIGTERM');
    await daemon.start();
    await daemon.event('prune.blocked', {
      ...{ from: daemon.lines.length, timeoutMs: MINUTE },
      where: (line) => reasonOf(line).rule === 'restore-may-read',
    });
    await waitFor(async () => (await user.showInstance(restored.id)).status !== 'BUILD', { timeoutMs: 2 * MINUTE });
    const builtMs = Date.now();
    expect(deletionsMs(scene).filter((atMs) => atMs < builtMs - 1_000)).toEqual([]);
    expect((await user.showInstance(restored.id)).status).toBe('ACTIVE');
    await region.control({ prepare_s: 1 });
    await user.deleteInstance(restored.id);

    await moreDeleted(scene, 2, from, 2 * MINUTE);
    const left = await ours(scene, id);
    expect(left).toEqual(expect.arrayContaining([held, undone]));
    expect(deleted(scene)).not.toContain(held);
    expect(orphans(await scene.backups(id))).toEqual([]);
    const marks = daemon.lines.filter((line) => line.event === 'prune.marked').map((line) => line['backup']);
    expect(marks.filter((backup) => backup === marked['backup'])).toHaveLength(1);
    expect(marks).not.toContain(held);
  },
  6 * MINUTE,
);

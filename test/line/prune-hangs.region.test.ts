import { beforeAll, expect, inject, test } from 'vitest';
import { type Region, regionAt } from '../region/region.ts';
import { waitFor } from '../region/tenant.ts';
import { deleted, moreDeleted, orphans, PRUNING } from './pruning.ts';
import { isOurs, openScene, reasonOf } from './scene.ts';

const MINUTE = 60_000;
let region: Region;
beforeAll(async () => {
  region = regionAt(inject('region'));
  await region.control({ backup_s: 0.5 });
});

const POLICY = 'every: 8s, max_incrementals: 2, keep: { last: 2 }, anchor: false';

test(
  'a DELETE that hangs and happens later, with what a user made on its backup meanwhile, is told and stops the instance; Swift down in the middle stops it for as long',
  async () => {
    const scene = await openScene(region, 'hanging', { policy: POLICY, settings: PRUNING });
    const { stage, user } = scene;
    const { daemon } = stage;
    await daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 2);
    const arrived = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const beforeForward = (): Promise<void> => {
      arrived.resolve();
      return gate.promise;
    };
    stage.proxy.failNext({ cutSender: true, beforeForward }, 'DELETE');
    await arrived.promise;
    const lost = await daemon.event('prune.blocked', { where: (line) => reasonOf(line).rule === 'answer-lost' });
    const doomed = String(lost['backup']);
    const child = await waitFor(
      async () => {
        const body = { backup: { name: 'mine', instance: id, parent_id: doomed } };
        const answer = await user.request('POST', '/backups', body);
        return answer.status < 300 && ((answer.body as { backup: { id: string } }).backup.id ?? false);
      },
      { timeoutMs: MINUTE, everyMs: 300 },
    );
    await user.endOfBackup(child);
    const read = daemon.lines.length;
    await scene.completed(id, 3);
    await daemon.event('reconcile.done', { from: read, timeoutMs: MINUTE });
    await new Promise((done) => setTimeout(done, 3_000)); // the survey reads the project every two seconds
    gate.resolve();
    const told = await daemon.event('prune.took_more', { timeoutMs: MINUTE });
    expect(told).toMatchObject({ backup: doomed, instance: id, taken: [child] });
    expect((await user.request('GET', `/backups/${child}`)).status).toBe(404);
    const stopped = daemon.lines.length;
    const paused = await daemon.event('prune.blocked', {
      ...{ from: stopped, timeoutMs: MINUTE },
      where: (line) => reasonOf(line).rule === 'took-more',
    });
    expect(reasonOf(paused)).toMatchObject({ params: { backup: doomed, taken: 1 } });
    const before = deleted(scene).length;
    await scene.completed(id, 6);
    expect(deleted(scene)).toHaveLength(before);

    stage.configure({ prune: { looked_at: [doomed] } });
    daemon.reload();
    await moreDeleted(scene, 1, stopped);

    // Swift goes down when a DELETE is on its way already.
    const from = daemon.lines.length;
    stage.proxy.failNext({ beforeForward: () => region.control({ swift_down: true }) }, 'DELETE');
    const away = await daemon.event('prune.blocked', {
      ...{ from, timeoutMs: MINUTE },
      where: (line) => reasonOf(line).rule === 'storage-away',
    });
    const refused = String(away['backup']);
    expect((await user.showBackup(refused)).status).toBe('COMPLETED');
    expect(orphans(await scene.backups(id))).toEqual([]);
    await region.control({ swift_down: false });
    daemon.reload();
    await daemon.event('prune.deleted', {
      ...{ from: daemon.lines.indexOf(away), timeoutMs: MINUTE },
      where: (line) => line['backup'] === refused,
    });
    expect(orphans(await scene.backups(id))).toEqual([]);
  },
  6 * MINUTE,
);

test(
  "a user's delete of our parent takes its incrementals along, and is answered with a new full, and told",
  async () => {
    const policy = 'every: 6s, max_incrementals: 20, keep: { within: 1h }, anchor: false';
    const scene = await openScene(region, 'cascade', { policy, settings: PRUNING });
    const { stage, user } = scene;
    await stage.daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 3);
    const from = stage.daemon.lines.length;
    const chain = (await scene.backups(id)).filter(isOurs);
    const root = chain.find((row) => !row['parent_id']);
    await waitFor(async () => (await user.request('DELETE', `/backups/${root?.id}`)).status === 202);
    const lost = await stage.daemon.event('point.lost', {
      from,
      timeoutMs: MINUTE,
      where: (line) => line['backup'] === root?.id,
    });
    expect(lost).toMatchObject({ byUs: false, because: { rule: 'point-vanished' } });
    const next = await waitFor(
      async () =>
        stage
          .runs(id)
          .find(
            (run) => run.state === 'completed' && !chain.some((it) => it.id === run.backup_id) && run.kind === 'full',
          ),
      { timeoutMs: MINUTE },
    );
    expect(JSON.parse(next.kind_because ?? '')).toMatchObject({ rule: 'no-chain' });
    expect(orphans(await scene.backups(id))).toEqual([]);
    expect(deleted(scene)).toEqual([]);
  },
  3 * MINUTE,
);

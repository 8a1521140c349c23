import Database from 'better-sqlite3';
import { beforeAll, expect, inject, test } from 'vitest';
import { type Region, regionAt } from '../region/region.ts';
import { waitFor } from '../region/tenant.ts';
import { isOurs, openScene, reasonOf, type Scene } from './scene.ts';

const MINUTE = 60_000;
let region: Region;
beforeAll(async () => {
  region = regionAt(inject('region'));
  await region.control({ backup_s: 0.5 });
});

const kinds = ({ stage }: Scene, id: string): readonly string[] =>
  stage.runs(id).flatMap(({ state, kind, kind_because: why }) => {
    if (!['completed', 'failed'].includes(state)) return [];
    return [`${state} ${kind} ${(JSON.parse(String(why)) as { rule: string }).rule}`];
  });

test(
  'a backup that ends FAILED is followed by a full, at most one FAILED row stays, and after three in a row it backs off',
  async () => {
    const scene = await openScene(region, 'failing', { policy: 'every: 6s' });
    const { stage, user } = scene;
    await stage.daemon.start();
    await stage.daemon.end('SIGTERM');
    // Of a store's first day nothing is deleted.
    const store = new Database(stage.storePath);
    store
      .prepare(
        "UPDATE meta SET value = CAST(CAST(value AS INTEGER) - CAST(? AS INTEGER) AS TEXT) WHERE key = 'born_utc'",
      )
      .run(25 * 60 * MINUTE);
    store.close();
    await stage.daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 1);
    await region.control({ fail: [id] });
    const line = await scene.next('run.skipped', id);
    expect(kinds(scene, id).slice(-4)).toEqual([
      expect.stringMatching(/^completed (full|incremental) /),
      'failed incremental continues-chain',
      'failed full previous-failed',
      'failed full previous-failed',
    ]);
    const failed = stage.runs(id).filter(({ state }) => state === 'failed');
    const untilUtc = (failed.at(-1)?.slot_utc ?? 0) + 24 * 60 * MINUTE;
    expect(reasonOf(line)).toEqual({ rule: 'backing-off', params: { failures: 3, untilUtc } });

    const { length } = stage.proxy.posts;
    const rows = await waitFor(async () => {
      const left = (await user.backups(id)).filter(({ status }) => status === 'FAILED');
      return left.length === 1 && left;
    });
    expect(rows.map((row) => row.id)).toEqual([failed.at(-1)?.backup_id]);
    await waitFor(async () => stage.daemon.lines.filter(({ event }) => event === 'prune.deleted').length === 2);
    await scene.next('run.skipped', id);
    expect(stage.proxy.posts).toHaveLength(length);
    const deletions = stage.proxy.passed.filter(({ method }) => method === 'DELETE');
    expect(deletions.map(({ status }) => status)).toEqual([202, 202]);

    // A day later, by the ledger and by the row that Trove shows, the one try of that day ends it.
    await region.control({ fail: [] });
    await user.deleteBackup(failed.at(-1)?.backup_id ?? '');
    await waitFor(async () => (await user.backups(id)).every(({ status }) => status !== 'FAILED'));
    const from = stage.daemon.lines.length;
    const later = new Database(stage.storePath);
    later
      .prepare("UPDATE runs SET slot_utc = slot_utc - ? WHERE state IN ('completed', 'failed')")
      .run(24 * 60 * MINUTE);
    later.close();
    await scene.next('run.completed', id, from);
    expect(kinds(scene, id).slice(-1)).toEqual(['completed full previous-failed']);
  },
  3 * MINUTE,
);

test(
  "deleted by its owner, a parent is no parent any more; a user's own backup, a copied marker and a replica's snapshot never are",
  async () => {
    const scene = await openScene(region, 'meddling', {
      policy: 'every: 6s, max_incrementals: 30',
      settings: { reconcile: { every: '2s' } },
    });
    const { stage, user } = scene;
    const { daemon } = stage;
    await daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 2);

    /** Right after a backup of ours there is the most time until the next; it is to go on the one before. */
    async function nextRun(meddle: (ours: string, description: string) => Promise<unknown>) {
      await scene.next('run.completed', id);
      const newest = (await scene.backups(id)).filter(isOurs).at(-1);
      if (!newest) throw new Error('there is no backup of ours');
      const from = daemon.lines.length;
      await meddle(newest.id, String(newest['description']));
      await scene.next('run.completed', id, from);
      const run = stage.runs(id).findLast(({ state }) => state === 'completed');
      return {
        parent: run?.parent_id,
        rule: (JSON.parse(run?.kind_because ?? '{}') as { rule: string }).rule,
        ours: newest.id,
      };
    }
    const create = (fields: { description?: string; parent_id?: string }) =>
      user.createBackup({ name: 'mine', instance: id, ...fields }).then((backup) => user.endOfBackup(backup.id));

    const own = await nextRun((ours) => create({ parent_id: ours }));
    expect(own).toMatchObject({ parent: own.ours, rule: 'continues-chain' });
    const copied = await nextRun((_, description) => create({ description }));
    expect(copied).toMatchObject({ parent: copied.ours, rule: 'continues-chain' });

    const replica = await nextRun(async () => {
      const { id: replicaId } = await user.createInstance({ name: 'replica', replicaOf: id });
      const snapshot = await waitFor(async () =>
        (await user.backups(id)).find(({ name }) => name.startsWith('Replication snapshot')),
      );
      expect(snapshot['parent_id']).not.toBeNull();
      const excluded = await scene.next('schedule.excluded', replicaId, 0);
      expect(reasonOf(excluded)).toEqual({ rule: 'replica', params: { master: id } });
      await waitFor(async () => (await user.showInstance(replicaId)).status === 'ACTIVE', { timeoutMs: 60_000 });
      await user.detachReplica(replicaId);
      const from = daemon.lines.length;
      await waitFor(async () => (await user.showInstance(replicaId))['replica_of'] === undefined);
      await scene.next('schedule.assigned', replicaId, from);
      await scene.next('run.completed', replicaId, from);
      await user.waitFor(async () => (await user.request('DELETE', `/instances/${replicaId}`)).status !== 422);
    });
    expect(replica).toMatchObject({ rule: 'continues-chain' });
    const parents = (await scene.backups(id)).filter(isOurs).flatMap((backup) => backup['parent_id'] ?? []);
    const ours = new Set(stage.runs(id).map(({ backup_id }) => backup_id));
    expect(parents.filter((parent) => !ours.has(String(parent)))).toEqual([]);

    const root = (await scene.backups(id)).find((backup) => isOurs(backup) && !backup['parent_id']);
    const deleted = await nextRun(async () => {
      await user.deleteBackup(root?.id ?? '');
      await waitFor(async () => (await user.request('GET', `/backups/${root?.id}`)).status === 404);
    });
    expect(deleted).toMatchObject({ parent: null, rule: 'no-chain' });
  },
  4 * MINUTE,
);

test(
  'a second store on the same region finds the first one out: owner.conflict, and no second set of backups',
  async () => {
    const first = await openScene(region, 'shared', { policy: 'every: 6s' });
    const { stage } = first;
    await stage.daemon.start();
    const id = await first.instance('orders');
    await first.completed(id, 1);
    const second = await openScene(region, 'shared', { policy: 'every: 6s', isKnown: true });
    await second.stage.daemon.start();
    const conflict = await second.next('owner.conflict', id, 0);
    const { owner } = await stage.daemon.event('daemon.started');
    expect(conflict).toMatchObject({ level: 'error', owner });
    await first.completed(id, 3);
    expect(second.stage.proxy.passed.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(stage.daemon.lines.filter(({ event }) => event === 'owner.conflict')).toEqual([]);
    const slots = (await first.backups(id)).map(({ name }) => name);
    expect(new Set(slots).size).toBe(slots.length);
  },
  2 * MINUTE,
);

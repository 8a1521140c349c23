import Database from 'better-sqlite3';
import { beforeAll, expect, inject, test } from 'vitest';
import { type Region, regionAt } from '../region/region.ts';
import { waitFor } from '../region/tenant.ts';
import type { Fault } from './proxy.ts';
import { moreDeleted, orphans, PRUNING } from './pruning.ts';
import { openScene, type Scene } from './scene.ts';

const MINUTE = 60_000;
let region: Region;
beforeAll(async () => {
  region = regionAt(inject('region'));
  await region.control({ backup_s: 0.5 });
});

/** Where the kill falls; what is thrown keeps the request from Trove. */
const FALLS: readonly ((kill: () => Promise<void>) => Fault)[] = [
  // The intent is on disk, and the DELETE has left, or never will.
  (kill) => ({
    beforeForward: async () => {
      await kill();
      throw new Error('the machine died before it was sent');
    },
  }),
  (kill) => ({ beforeForward: kill }),
  // Trove has taken it, and carries it out while nobody looks.
  (kill) => ({ beforeAnswer: kill }),
  (kill) => ({ beforeAnswer: async () => void setTimeout(() => void kill(), 20) }),
];
const KILLS = 6;

/** A DELETE without an end is looked for during a day. It passes here, since no test can wait so long. */
function letADayPass({ stage }: Scene): void {
  const db = new Database(stage.storePath);
  try {
    db.exec('UPDATE deletions SET intent_utc = intent_utc - 86400000 WHERE ended_utc IS NULL');
  } finally {
    db.close();
  }
}

test(
  'killed at any moment of a DELETE, the daemon leaves chains alone that can be restored from, and one of them is',
  async () => {
    const policy = 'every: 10s, max_incrementals: 2, keep: { last: 2 }, anchor: false';
    const scene = await openScene(region, 'axe', {
      policy,
      settings: { ...PRUNING, prune: { ...PRUNING.prune, grace: '1s' } },
    });
    const { stage, user } = scene;
    await stage.daemon.start();
    const id = await scene.instance('orders');
    for (let n = 0; n < KILLS; n++) {
      const died = Promise.withResolvers<void>();
      const fall = FALLS[n % FALLS.length];
      if (!fall) throw new Error('there is no such fall');
      stage.proxy.failNext(
        fall(async () => {
          await stage.daemon.end('SIGKILL');
          died.resolve();
        }),
        'DELETE',
      );
      await died.promise;
      expect(orphans(await scene.backups(id))).toEqual([]);
      letADayPass(scene);
      await stage.daemon.start();
    }
    await moreDeleted(scene, 3, stage.daemon.lines.length);
    await stage.daemon.end('SIGTERM');
    const left = await scene.backups(id);
    expect(orphans(left)).toEqual([]);
    const tip = left.findLast((row) => row.status === 'COMPLETED' && row['parent_id']);
    const restored = await user.createInstance({ name: 'restored', restore: tip?.id ?? '' });
    await waitFor(async () => (await user.showInstance(restored.id)).status === 'ACTIVE', { timeoutMs: MINUTE });
    await user.deleteInstance(restored.id);
  },
  4 * MINUTE,
);

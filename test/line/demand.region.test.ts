import Database from 'better-sqlite3';
import { beforeAll, expect, inject, test } from 'vitest';
import type { DemandRequest } from '../../daemon/ports/demand.ts';
import { demandStore } from '../../daemon/store/demand.ts';
import { parseMarker } from '../../lib/core/index.ts';
import { type Region, regionAt } from '../region/region.ts';
import { tenant, waitFor } from '../region/tenant.ts';
import { openScene, reasonOf, type Scene } from './scene.ts';

const MINUTE = 60_000;
let region: Region;
beforeAll(async () => {
  region = regionAt(inject('region'));
  await region.control({ backup_s: 0.5 });
});

const POLICY = 'every: 1h';
const SETTINGS = { reconcile: { every: '2s' }, stuck_after: '4s', prune: { grace: '1s', quarantine: '0s' } };

/** As whatever stands before the daemon's store asks, until there is a command for it. */
async function ask(scene: Scene, instanceId: string, over: Partial<DemandRequest> = {}) {
  const db = new Database(scene.stage.storePath);
  try {
    const request = { projectId: scene.user.projectId, instanceId, key: 'key-1', requestedBy: 'anna', note: 'audit' };
    return await demandStore(db).request({ ...request, kind: 'full', keepMs: null, ...over }, Date.now());
  } finally {
    db.close();
  }
}

test(
  'a backup that is asked for is made at once and once; one that is stuck is told, and one whose instance goes is aborted',
  async () => {
    const scene = await openScene(region, 'demanding', { policy: POLICY, settings: SETTINGS });
    const { stage, user } = scene;
    await stage.daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 1);

    const first = await ask(scene, id);
    expect(await ask(scene, id)).toEqual({ ...first, kind: 'known' });
    await scene.completed(id, 2);
    const made = (await scene.backups(id)).filter((row) => parseMarker(String(row['description']))?.kind === 'demand');
    expect(made).toMatchObject([{ status: 'COMPLETED' }]);
    expect(made[0]?.['parent_id'] ?? null).toBeNull();

    // An incremental on it, which hangs until an operator resets it.
    await region.control({ backup_s: 600 });
    await ask(scene, id, { key: 'key-2', kind: 'incremental', keepMs: 3_600_000 });
    const alarm = await scene.next('backup.stuck', id, 0);
    expect(reasonOf(alarm)).toMatchObject({ rule: 'backup-stuck', params: { instance: id } });
    const stuck = (await scene.backups(id)).find((row) => row.id === alarm['backup']);
    expect(stuck).toMatchObject({ status: 'BUILDING', parent_id: made[0]?.id });
    const admin = await tenant(region, { username: 'admin', password: 'secret', project: 'admin' });
    expect((await admin.request('POST', `/instances/${id}/action`, { reset_status: {} })).status).toBe(202);
    await scene.next('run.failed', id, 0);
    await scene.next('backup.unstuck', id, 0);

    // An instance goes while its first backup runs.
    await region.control({ backup_s: 600 });
    const before = stage.daemon.lines.length;
    const other = await scene.instance('short-lived');
    const submitted = await scene.next('run.submitted', other, before);
    await waitFor(async () => (await user.request('DELETE', `/instances/${other}`)).status === 202, {
      timeoutMs: MINUTE,
    });
    expect(reasonOf(await scene.next('run.aborted', other, before))).toEqual({ rule: 'instance-gone', params: {} });
    const left = await user.request('GET', `/backups/${submitted['backup']}`);
    expect(left.body).toMatchObject({ backup: { status: 'BUILDING' } });
  },
  4 * MINUTE,
);

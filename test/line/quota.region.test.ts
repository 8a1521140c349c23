import { beforeAll, expect, inject, test } from 'vitest';
import { type Region, regionAt } from '../region/region.ts';
import { tenant, waitFor } from '../region/tenant.ts';
import { PRUNING } from './pruning.ts';
import { openScene } from './scene.ts';

const MINUTE = 60_000;
const INTERVAL_MS = 10_000;
let region: Region;
beforeAll(async () => {
  region = regionAt(inject('region'));
  await region.control({ backup_s: 0.5 });
});

interface Quotas {
  readonly quotas: readonly { resource: string; in_use: number; reserved: number; limit: number }[];
}

test(
  'with a quota of six and two instances a backup by the user succeeds at every moment, and the reserve is free again within two intervals',
  async () => {
    const policy = 'every: 10s, max_incrementals: 2, keep: { last: 1 }, anchor: false';
    const scene = await openScene(region, 'narrow', {
      policy,
      settings: { ...PRUNING, quota: { on_shortage: 'adapt' } },
    });
    const { stage, user } = scene;
    const admin = await tenant(region, { username: 'admin', password: 'secret', project: 'admin' });
    const path = `/mgmt/quotas/${user.projectId}`;
    expect((await admin.request('PUT', path, { quotas: { backups: 6 } })).status).toBe(200);
    const used = async (): Promise<number> => {
      const { quotas } = (await admin.request('GET', path)).body as Quotas;
      const found = quotas.find(({ resource }) => resource === 'backups');
      return (found?.in_use ?? Number.NaN) + (found?.reserved ?? Number.NaN);
    };
    const ids = [await scene.instance('orders'), await scene.instance('bills')];
    await stage.daemon.start();
    const short = await stage.daemon.event('quota.short', { timeoutMs: MINUTE });
    expect(short).toMatchObject({ project: user.projectId, onShortage: 'adapt' });
    await stage.daemon.event('policy.adapted', { timeoutMs: MINUTE });
    for (const id of ids) await scene.completed(id, 3);

    const refusals: unknown[] = [];
    /** Busy is the instance, for a moment; full is the quota, and that must never be. */
    const post = (instance: string, name: string) =>
      waitFor(async () => {
        const { status, body } = await user.request('POST', '/backups', { backup: { name, instance } });
        if (status === 413) refusals.push(body);
        return status === 202 && (body as { backup: { id: string } }).backup.id;
      });
    for (let n = 0; n < 5; n++) {
      const id = await post(ids[n % 2] ?? '', `own-${n}`);
      await waitFor(async () => (await used()) <= 5, { timeoutMs: 2 * INTERVAL_MS });
      // At another moment of the interval each time.
      await new Promise((done) => setTimeout(done, n * 1_700));
      await user.endOfBackup(id);
      await user.deleteBackup(id);
      await waitFor(async () => (await user.request('GET', `/backups/${id}`)).status === 404);
    }
    expect(refusals).toEqual([]);

    await Promise.all(ids.map((id) => scene.next('run.completed', id)));
    // The first slots may have come before the first look ahead; none of ours was ever refused by Trove.
    const refused = stage.proxy.passed.filter(({ method, status }) => method === 'POST' && status === 413);
    expect(refused).toEqual([]);
  },
  5 * MINUTE,
);

import { beforeAll, expect, inject, test } from 'vitest';
import { type Region, regionAt } from '../region/region.ts';
import { waitFor } from '../region/tenant.ts';
import { deletionsMs, ours, PRUNING } from './pruning.ts';
import { openScene } from './scene.ts';

const MINUTE = 60_000;
let region: Region;
beforeAll(async () => {
  region = regionAt(inject('region'));
  await region.control({ backup_s: 0.5 });
});

test(
  'of an instance that is deleted all stays for a while, then the last chain, then nothing; one of the same name inherits nothing',
  async () => {
    const onDelete = 'on_delete: { keep: 12s, last_chain: 40s }';
    const policy = `every: 5s, max_incrementals: 1, keep: { within: 1h }, anchor: false, ${onDelete}`;
    const scene = await openScene(region, 'mortal', { policy, settings: PRUNING });
    const { stage, user } = scene;
    const { daemon } = stage;
    await daemon.start();
    const { id } = await user.createActive({ name: 'orders' });
    await scene.completed(id, 4);
    await waitFor(async () => (await user.request('DELETE', `/instances/${id}`)).status === 202);
    const gone = await daemon.event('instance.gone', { timeoutMs: MINUTE, where: (line) => line['instance'] === id });
    // Trove lists none by an instance that is gone.
    const left = async () =>
      (await user.backups())
        .filter((row) => row['instance_id'] === id)
        .toSorted((a, b) => String(a['created']).localeCompare(String(b['created'])));
    const all = await left();
    expect(all.length).toBeGreaterThanOrEqual(4);
    const tip = all.findLast((row) => row.status === 'COMPLETED');
    const chain = all.filter((row) => row.id === tip?.id || row.id === tip?.['parent_id']).map((row) => row.id);
    const next = await scene.instance('orders');
    await waitFor(async () => (await left()).length === chain.length, { timeoutMs: MINUTE });
    expect(deletionsMs(scene).filter((atMs) => atMs < gone.atMs + 12_000)).toEqual([]);
    expect((await left()).map((row) => row.id)).toEqual(chain);
    const before = deletionsMs(scene).length;
    await waitFor(async () => (await left()).length === 0, { timeoutMs: 2 * MINUTE });
    expect(
      deletionsMs(scene)
        .slice(before)
        .every((atMs) => atMs >= gone.atMs + 40_000),
    ).toBe(true);

    const [first] = await scene.completed(next, 1);
    expect(JSON.parse(first?.kind_because ?? '')).toMatchObject({ rule: 'no-chain' });
    expect(await ours(scene, next)).not.toEqual([]);
  },
  4 * MINUTE,
);

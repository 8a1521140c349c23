import { expect, test } from 'vitest';
import type { PolicyChange } from '../../daemon/ports/policies.ts';
import type { Foresight } from '../../daemon/ports/schedules.ts';
import { type OnShortage, type Policy, type Retention, TENANT_MAY } from '../../lib/core/index.ts';
import { every, HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

const RETENTION: Retention = {
  keep: { withinMs: 4 * HOUR },
  minimumFulls: 1,
  onDelete: { keepMs: 24 * HOUR, lastChainMs: 48 * HOUR },
  anchor: false,
};
const MAY = { ...TENANT_MAY, every: HOUR, keep: 2 * HOUR };
const BASE: Policy = { ...HOURLY, cadence: every(HOUR), retention: RETENTION, tenantMay: MAY, maxIncrementals: 2 };
const signal = new AbortController().signal;

/** Some instances, a minute apart in age, on each of which so many backups were made. */
async function opened(onShortage: OnShortage, limit: number, names = ['old', 'young']) {
  const world = openWorld({ policies: [BASE], quarantineMs: 0, graceMs: HOUR, onShortage });
  world.region.setQuota(world.project, 'backups', { limit });
  const ids: string[] = [];
  await world.service.start();
  for (const name of names) {
    ids.push(world.instance(name));
    await world.advance(MINUTE);
  }
  world.service.life().lookAnew();
  for (const id of ids) await world.completed(id, 3);
  return { world, ids, policies: world.service.life().policies };
}
const changeOf = ({ project }: World, names: readonly string[], withinMs: number): PolicyChange => ({
  ...{ projectId: project, id: null, of: 0, name: 'ours', select: { names, datastores: [] } },
  overrides: { keep: { withinMs } },
});
async function previewed({ service }: World, change: PolicyChange, of: string | null = null): Promise<Foresight> {
  const found = await service.life().policies.preview(change, of, signal);
  if ('kind' in found) throw new Error(found.kind);
  return found;
}
const rowOf = ({ service }: World, id: string) => {
  const row = service.schedules().find((one) => one.instance_id === id);
  if (!row) throw new Error(`${id} has no schedule`);
  return row;
};
/** Makes it, and goes on until the quota has been looked at. */
async function made(world: World, change: PolicyChange): Promise<void> {
  const saved = await world.service.life().policies.save(change);
  if ('kind' in saved) throw new Error(saved.kind);
  await world.advance(30_000);
}

test('where policies are adapted the preview is what the engine then makes, also of those that are not selected', async () => {
  const { world, ids } = await opened('adapt', 24);
  const [old = '', young = ''] = ids;
  const change = changeOf(world, ['young'], 24 * HOUR);
  const before = JSON.stringify(world.service.schedules());
  const { shortage, slots, forecast, lint } = await previewed(world, change, young);
  expect(JSON.stringify(world.service.schedules())).toBe(before);
  if (shortage?.because.rule !== 'quota-short') throw new Error('it is short');
  expect(shortage).toMatchObject({ onShortage: 'adapt', fits: true, othersAdapted: 1, refused: 0 });
  expect(shortage.adapted).toMatchObject([{ instances: 1, wanted: { retention: { keep: { withinMs: 24 * HOUR } } } }]);
  expect(shortage.instances).toEqual({ total: 2, lookedAt: 2 });
  expect(forecast?.peak.value).toBeLessThan(shortage.wanted?.peak.value ?? 0);
  expect(lint.filter(({ because }) => because.rule === 'quota-short')).toHaveLength(1);

  await made(world, change);
  expect(rowOf(world, young).policy).toMatchObject({ retention: { keep: { withinMs: 24 * HOUR } } });
  const told = (id: string) => world.service.events('policy.adapted', id).at(-1)?.['because'];
  expect(told(young)).toEqual(shortage.adapted[0]?.because);
  expect(told(old)).toBeDefined();
  expect(world.service.events('quota.short').at(-1)?.['ask']).toBe(shortage.because.params.ask);
  expect(slots[0]?.slotUtc).toBe(rowOf(world, young).next_slot_utc);
});

test('with the limit that it asks for nothing less is made, and with one less some is', async () => {
  const { world } = await opened('adapt', 24);
  const change = changeOf(world, [], 24 * HOUR);
  const { shortage } = await previewed(world, change);
  if (shortage?.because.rule !== 'quota-short') throw new Error('it is short');
  const { ask } = shortage.because.params;
  world.region.setQuota(world.project, 'backups', { limit: ask });
  expect((await previewed(world, change)).shortage).toBeNull();
  world.region.setQuota(world.project, 'backups', { limit: ask - 1 });
  expect((await previewed(world, change)).shortage?.adapted).toHaveLength(1);
});

test('what an adapted policy lets go is told as what goes, of those that are not selected too', async () => {
  const { world, ids } = await opened('adapt', 60);
  const [old = ''] = ids;
  await world.completed(old, 6);
  world.region.setQuota(world.project, 'backups', { limit: 8 });
  const { shortage, deletions } = await previewed(world, changeOf(world, ['young'], 48 * HOUR));
  expect(shortage).toMatchObject({ onShortage: 'adapt', othersAdapted: 1 });
  const olds = new Set(world.backups(old).map(({ id }) => id));
  expect(deletions.some(({ backupId }) => olds.has(backupId))).toBe(true);
});

test('where instances are refused it says how many, and of one of them that it has no slots', async () => {
  const { world, ids } = await opened('refuse', 20);
  const [old = '', young = ''] = ids;
  const change = changeOf(world, [], 10 * HOUR);
  const { shortage, slots, forecast } = await previewed(world, change, young);
  expect(shortage).toMatchObject({ onShortage: 'refuse', fits: true, adapted: [], othersAdapted: 0, refused: 1 });
  expect(slots).toEqual([]);
  expect((await previewed(world, change, old)).slots).toHaveLength(10);
  expect(forecast?.peak.value).toBeLessThan(shortage?.wanted?.peak.value ?? 0);
  await made(world, change);
  expect(world.service.events('policy.refused', young)).toHaveLength(1);
  expect(world.service.events('policy.refused', old)).toEqual([]);
});

test('where nothing is done it says so, and shows what is wanted', async () => {
  const { world } = await opened('tell', 20);
  const { shortage, slots } = await previewed(world, changeOf(world, [], 10 * HOUR));
  expect(shortage).toMatchObject({ onShortage: 'tell', fits: false, adapted: [], refused: 0, wanted: null });
  expect(slots).toHaveLength(10);
});

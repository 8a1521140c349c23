import { expect, test } from 'vitest';
import type { ScheduleChange, SchedulesPort } from '../../daemon/ports/schedules.ts';
import { type Keep, type Policy, type Retention, TENANT_MAY } from '../../lib/core/index.ts';
import { every, HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

const RETENTION: Retention = {
  keep: { withinMs: 12 * HOUR },
  minimumFulls: 1,
  onDelete: { keepMs: 24 * HOUR, lastChainMs: 48 * HOUR },
  anchor: false,
};
const MAY = { ...TENANT_MAY, every: HOUR, keep: 2 * HOUR, optOut: true, pause: 12 * HOUR };
const BASE: Policy = { ...HOURLY, cadence: every(HOUR), retention: RETENTION, tenantMay: MAY, maxIncrementals: 2 };
const signal = new AbortController().signal;

async function opened(limit = -1, fulls = 8) {
  const world = openWorld({ policies: [BASE], quarantineMs: 0, graceMs: 3 * HOUR, onShortage: 'tell' });
  world.region.setQuota(world.project, 'backups', { limit });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, fulls);
  return { world, id, service: world.service };
}
async function changeOf(
  { service }: World,
  id: string,
  keep: Keep,
  more: Partial<ScheduleChange> = {},
): Promise<ScheduleChange> {
  const found = await service.life().schedules.show(id);
  if ('kind' in found) throw new Error(found.kind);
  return { instanceId: id, of: found.revision, said: { enabled: true, overrides: { keep } }, ...more };
}
async function previewed(schedules: SchedulesPort, change: ScheduleChange) {
  const found = await schedules.preview(change, signal);
  if (found.kind !== 'preview') throw new Error(JSON.stringify(found));
  return found;
}
const marked = ({ service }: World, id: string): readonly string[] =>
  service
    .events('prune.marked', id)
    .map((line) => String(line['backup']))
    .toSorted();

test('a stricter keep is foretold with exactly the backups that are then marked, and nothing is changed by that', async () => {
  const { world, id, service } = await opened();
  const { schedules } = service.life();
  const change = await changeOf(world, id, { withinMs: 2 * HOUR });
  const before = JSON.stringify([service.schedules(), service.runs()]);
  const { schedule, foresight } = await previewed(schedules, change);
  expect(JSON.stringify([service.schedules(), service.runs()])).toBe(before);
  expect(schedule).toMatchObject({
    policy: { retention: { keep: { withinMs: 2 * HOUR } } },
    sources: { keep: { layer: 'instance' } },
  });
  const going = foresight.deletions.filter(({ goesUtc }) => goesUtc !== null);
  expect(going.length).toBeGreaterThan(1);
  expect(foresight.kept).toEqual([]);
  expect(marked(world, id)).toEqual([]);

  await schedules.change(change);
  await world.advance(30 * 1000);
  expect(marked(world, id)).toEqual(going.map(({ backupId }) => backupId).toSorted());
  expect(going[0]?.goesUtc ?? 0).toBeGreaterThanOrEqual(world.clock.nowUtc() + 3 * HOUR - 2 * MINUTE);

  const back = await previewed(schedules, await changeOf(world, id, { withinMs: 12 * HOUR }));
  expect(back.foresight.kept.map(({ backupId }) => backupId).toSorted()).toEqual(marked(world, id));
});

test('slots, a course of ninety days and what to see to are told', async () => {
  const { world, id, service } = await opened();
  const change = await changeOf(world, id, { withinMs: 2 * HOUR });
  const { schedule, foresight } = await previewed(service.life().schedules, change);
  expect(foresight.slots).toHaveLength(10);
  expect(foresight.slots[0]?.slotUtc).toBe(schedule.nextSlotUtc);
  expect(foresight.forecast?.days).toHaveLength(90);
  expect(foresight.forecast).toMatchObject({ longestChain: 2, startsAMinute: 1 });
  expect(foresight.forecast?.peak.value).toBeGreaterThan(3);
  expect(foresight.lint.map(({ because }) => because.rule)).toEqual(['chain-outlasts']);
});

test('a pause moves the slots and lets nothing go, and who opts out has none', async () => {
  const { world, id, service } = await opened();
  const { schedules } = service.life();
  const untilUtc = world.clock.nowUtc() + 12 * HOUR;
  const pause = { untilUtc, owner: 'anna', note: '' };
  const paused = await previewed(schedules, await changeOf(world, id, { withinMs: 2 * HOUR }, { pause }));
  expect(paused.foresight.slots[0]?.slotUtc).toBeGreaterThanOrEqual(untilUtc);
  expect(paused.foresight.deletions).toEqual([]);
  const out = { enabled: false, overrides: {} };
  const opted = await previewed(schedules, { ...(await changeOf(world, id, {})), said: out });
  expect(opted.schedule).toMatchObject({ enabled: false, nextSlotUtc: null });
  expect(opted.foresight).toMatchObject({ slots: [], deletions: [], forecast: null });

  await schedules.change({ ...(await changeOf(world, id, {})), said: out });
  const again = await previewed(schedules, await changeOf(world, id, { withinMs: 2 * HOUR }));
  expect(again.schedule).toMatchObject({ enabled: true });
  expect(again.foresight.slots).toHaveLength(10);
  expect(again.foresight.deletions.length).toBeGreaterThan(0);
});

test('a quota that does not hold it is told with the number to ask for', async () => {
  const { world, id, service } = await opened(9, 4);
  const { foresight } = await previewed(service.life().schedules, await changeOf(world, id, { withinMs: 12 * HOUR }));
  const short = foresight.lint.find(({ because }) => because.rule === 'quota-short')?.because;
  if (short?.rule !== 'quota-short') throw new Error('it is short');
  expect(short.params).toMatchObject({ limit: 9, reserve: 1 });
  expect(short.params.ask).toBeGreaterThan(9);
});

test('a change that may not be is refused in a preview as well', async () => {
  const { world, id, service } = await opened(-1, 1);
  const { schedules } = service.life();
  const change = await changeOf(world, id, { withinMs: HOUR });
  expect(await schedules.preview(change, signal)).toMatchObject({ kind: 'refused' });
  expect(await schedules.preview({ ...change, of: 7 }, signal)).toEqual({ kind: 'moved' });
  expect(await schedules.preview({ ...change, instanceId: 'nobody' }, signal)).toEqual({ kind: 'absent' });
});

test('a policy of the project is foretold for all that it selects, and selects nothing where it does not', async () => {
  const { world, id, service } = await opened();
  const other = world.instance('other');
  service.life().lookAnew();
  await world.completed(other, 1);
  const { policies } = service.life();
  const change = { projectId: world.project, id: null, of: 0, name: 'ours' };
  const all = { ...change, select: { names: [], datastores: [] }, overrides: { keep: { withinMs: 2 * HOUR } } };
  const found = await policies.preview(all, other, signal);
  if ('kind' in found) throw new Error(found.kind);
  const ours = new Set(world.backups(id).map((backup) => backup.id));
  expect(found.deletions.length).toBeGreaterThan(0);
  expect(found.deletions.every(({ backupId }) => ours.has(backupId))).toBe(true);
  expect(found.slots[0]?.slotUtc).toBe(service.schedules().find((row) => row.instance_id === other)?.next_slot_utc);
  expect(
    service.schedules().every(({ policy }) => JSON.stringify(policy.retention) === JSON.stringify(RETENTION)),
  ).toBe(true);

  const none = await policies.preview({ ...all, select: { names: ['z*'], datastores: [] } }, null, signal);
  expect(none).toMatchObject({
    slots: [],
    deletions: [],
    forecast: null,
    lint: [{ because: { rule: 'selects-nothing' } }],
  });
  const little = await policies.preview({ ...all, overrides: { keep: { withinMs: HOUR } } }, null, signal);
  if ('kind' in little) throw new Error(little.kind);
  expect(little.lint).toContainEqual(
    expect.objectContaining({
      level: 'error',
      because: expect.objectContaining({ rule: 'override-keeps-too-little' }),
    }),
  );
  expect(await policies.preview({ ...all, id: 'nobody' }, null, signal)).toEqual({ kind: 'absent' });
});

test('the next slots are those that a change of nothing leads to; none of one that opted out or was never there', async () => {
  const { world, id, service } = await opened();
  const { schedules } = service.life();
  const nothing = { ...(await changeOf(world, id, {})), said: { enabled: true, overrides: {} } };
  const { foresight } = await previewed(schedules, nothing);
  const found = await schedules.slots(id, signal);
  expect(found).toEqual({ kind: 'slots', projectId: world.project, slots: foresight.slots });
  expect(foresight.slots).toHaveLength(10);
  await schedules.change({ ...nothing, said: { enabled: false, overrides: {} } });
  expect(await schedules.slots(id, signal)).toEqual({ kind: 'slots', projectId: world.project, slots: [] });
  expect(await schedules.slots('none', signal)).toEqual({ kind: 'absent' });
});

/** What a policy of their own for all instances of a project would do, which keeps that long. */
async function ofAll(world: World, many: number, withinMs: number) {
  for (let n = 0; n < many; n++) world.instance(`db-${n}`);
  await world.service.start();
  await world.until(() => world.service.schedules().length === many);
  const change = { projectId: world.project, id: null, of: 0, name: 'ours', overrides: { keep: { withinMs } } };
  const all = { ...change, select: { names: [], datastores: [] } };
  const found = await world.service.life().policies.preview(all, null, signal);
  if ('kind' in found) throw new Error(found.kind);
  return found;
}

test('of a large project all that is selected is reckoned, and said to be', async () => {
  const world = openWorld({ policies: [{ ...BASE, cadence: every(24 * HOUR) }], quarantineMs: 0, onShortage: 'tell' });
  world.region.setQuota(world.project, 'backups', { limit: 400 });
  const many = 130;
  const { instances, forecast, lint } = await ofAll(world, many, 48 * HOUR);
  expect(instances).toEqual({ total: many, lookedAt: many });
  expect(forecast?.peak.value).toBeGreaterThan(3 * many);
  const short = lint.find(({ because }) => because.rule === 'quota-short')?.because;
  expect(short).toMatchObject({ params: { ours: forecast?.peak.value, limit: 400 } });
});

test('where even that takes too long some stand for all, and the answer says of how many', async () => {
  const world = openWorld({ policies: [BASE], quarantineMs: 0, onShortage: 'tell' });
  const many = 60;
  const { instances, forecast } = await ofAll(world, many, 168 * HOUR);
  expect(instances.total).toBe(many);
  expect(instances.lookedAt).toBeLessThan(many);
  expect(instances.lookedAt).toBeGreaterThan(5);
  expect(forecast?.peak.value).toBeGreaterThanOrEqual(many * 168);
});

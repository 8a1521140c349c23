import { expect, test } from 'vitest';
import type { ScheduleChange, ShownSchedule } from '../../daemon/ports/schedules.ts';
import { type Overrides, type Policy, type Retention, TENANT_MAY } from '../../lib/core/index.ts';
import { every, HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

const RETENTION: Retention = {
  keep: { withinMs: 12 * HOUR },
  minimumFulls: 1,
  onDelete: { keepMs: 24 * HOUR, lastChainMs: 48 * HOUR },
  anchor: false,
};
const MAY = { ...TENANT_MAY, every: HOUR, keep: 3 * HOUR, optOut: true, pause: 12 * HOUR };
const BASE: Policy = { ...HOURLY, cadence: every(2 * HOUR), retention: RETENTION, tenantMay: MAY, maxIncrementals: 0 };

async function opened(base: Policy = BASE) {
  const world = openWorld({ policies: [base], quarantineMs: 0, graceMs: HOUR });
  world.region.setQuota(world.project, 'backups', { limit: -1 });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 1);
  return { world, id, service: world.service };
}

async function shown({ service }: World, id: string): Promise<ShownSchedule> {
  const found = await service.life().schedules.show(id);
  if ('kind' in found) throw new Error(JSON.stringify(found));
  return found;
}
/** A change of what is said now. */
async function said(
  world: World,
  id: string,
  overrides: Overrides,
  more: Partial<ScheduleChange> & { enabled?: boolean } = {},
) {
  const { revision, enabled: before } = await shown(world, id);
  const { enabled = before, ...rest } = more;
  return world.service.life().schedules.change({ instanceId: id, of: revision, said: { enabled, overrides }, ...rest });
}
const stored = ({ service }: World): Policy | undefined => service.schedules()[0]?.policy;

test('what is said takes effect at once, and survives a restart and a reload of the configuration', async () => {
  const { world, id, service } = await opened();
  const before = await shown(world, id);
  expect(await said(world, id, { every: HOUR })).toMatchObject({
    policy: { cadence: every(HOUR) },
    sources: { every: { layer: 'instance' }, keep: { layer: 'operator', policy: 'hourly' } },
    overrides: { every: HOUR },
  });
  const after = await shown(world, id);
  expect(after.revision).not.toBe(before.revision);
  expect(after.nextSlotUtc ?? 0).toBeLessThanOrEqual(world.clock.nowUtc() + HOUR);
  expect(service.events('overrides.changed', id)).toMatchObject([{ overrides: { every: HOUR }, enabled: true }]);
  expect(service.events('schedule.changed', id)).toHaveLength(1);

  await world.restart();
  world.reload({ policies: [{ ...BASE, maxIncrementals: 1 }] });
  await world.advance(MINUTE);
  expect(stored(world)).toMatchObject({ cadence: every(HOUR), maxIncrementals: 1 });
  await said(world, id, {});
  expect(stored(world)).toEqual({ ...BASE, maxIncrementals: 1, tenantMay: undefined });
});

test('of two changes of the same only the first is made', async () => {
  const { world, id, service } = await opened();
  const { revision: of } = await shown(world, id);
  const change = { instanceId: id, of, said: { enabled: true, overrides: { every: HOUR } } };
  expect(await service.life().schedules.change(change)).toMatchObject({ policy: { cadence: every(HOUR) } });
  expect(await service.life().schedules.change(change)).toEqual({ kind: 'moved' });
});

test('what is out of bounds is refused, and what falls out of them later does not count', async () => {
  const { world, id } = await opened();
  expect(await said(world, id, { keep: { withinMs: HOUR } })).toMatchObject({
    kind: 'refused',
    because: { rule: 'override-keeps-too-little', params: { leastMs: 3 * HOUR } },
  });
  expect(stored(world)?.retention).toEqual(RETENTION);
  await said(world, id, { keep: { withinMs: 4 * HOUR } });
  expect(stored(world)?.retention?.keep).toEqual({ withinMs: 4 * HOUR });

  world.reload({ policies: [{ ...BASE, tenantMay: { ...MAY, keep: 6 * HOUR } }] });
  await world.advance(MINUTE);
  expect(stored(world)?.retention).toEqual(RETENTION);
  const { because, sources, overrides } = await shown(world, id);
  expect(because).toContainEqual({
    rule: 'override-dropped',
    params: {
      of: 'keep',
      source: { layer: 'instance' },
      by: expect.objectContaining({ rule: 'override-keeps-too-little' }),
    },
  });
  expect(sources.keep).toEqual({ layer: 'operator', policy: 'hourly' });
  expect(overrides).toEqual({ keep: { withinMs: 4 * HOUR } });
  // Another value may be said beside it all the same.
  expect(await said(world, id, { ...overrides, every: HOUR })).toMatchObject({ policy: { cadence: every(HOUR) } });

  world.reload({ policies: [BASE] });
  await world.advance(MINUTE);
  expect(stored(world)?.retention?.keep).toEqual({ withinMs: 4 * HOUR });
});

test('who opts out gets no backup and loses none, until he opts in again', async () => {
  const { world, id, service } = await opened();
  expect(await said(world, id, {}, { enabled: false })).toMatchObject({ enabled: false, nextSlotUtc: null });
  expect(service.events('schedule.excluded', id)).toMatchObject([{ because: { rule: 'opted-out' } }]);
  const ids = world.backups(id).map((backup) => backup.id);
  await world.restart();
  await world.advance(20 * HOUR);
  expect(world.backups(id).map((backup) => backup.id)).toEqual(ids);
  expect(await shown(world, id)).toMatchObject({
    enabled: false,
    because: [{ rule: 'opted-out' }, { rule: 'policy-selects' }],
  });

  const back = await said(world, id, {}, { enabled: true });
  expect(back).toMatchObject({ enabled: true, policy: { cadence: BASE.cadence } });
  await world.until(() => world.backups(id).length > ids.length, 3 * HOUR);
  // The time without backups did not age them.
  expect(world.backups(id).map((backup) => backup.id)).toEqual(expect.arrayContaining(ids));
});

test('opting out ends where the operator allows it no more', async () => {
  const { world, id } = await opened();
  await said(world, id, {}, { enabled: false });
  world.reload({ policies: [{ ...BASE, tenantMay: { ...MAY, optOut: false } }] });
  await world.advance(MINUTE);
  const after = await shown(world, id);
  expect(after).toMatchObject({ enabled: true });
  expect(after.because.map(({ rule }) => rule)).toContain('opt-out-dropped');
  expect(after.nextSlotUtc).not.toBeNull();
});

test('a pause is within its bound, is told, and ends', async () => {
  const { world, id, service } = await opened();
  const pause = (forMs: number) => ({ untilUtc: world.clock.nowUtc() + forMs, owner: 'anna', note: 'moving' });
  expect(await said(world, id, {}, { pause: pause(13 * HOUR) })).toMatchObject({
    kind: 'refused',
    because: { rule: 'pause-too-long', params: { mostMs: 12 * HOUR } },
  });
  await expect(said(world, id, {}, { pause: pause(-1) })).rejects.toThrow('has passed');
  expect(await said(world, id, {}, { pause: pause(6 * HOUR) })).toMatchObject({
    pause: { owner: 'anna', note: 'moving' },
  });
  expect(service.events('schedule.paused', id)).toMatchObject([{ owner: 'anna', note: 'moving' }]);
  expect(await said(world, id, {}, { pause: null })).toMatchObject({ pause: null });
  expect(service.events('schedule.resumed', id)).toHaveLength(1);
});

test('a stricter keep marks at once what may go, and a new instance of the same name inherits nothing', async () => {
  const { world, id, service } = await opened();
  await world.until(() => service.events('run.completed', id).length === 5, 12 * HOUR);
  expect(service.events('prune.marked', id)).toEqual([]);
  await said(world, id, { keep: { withinMs: 3 * HOUR } });
  await world.advance(MINUTE);
  expect(service.events('prune.marked', id).length).toBeGreaterThan(0);

  const other = world.instance('orders');
  world.service.life().lookAnew();
  await world.advance(MINUTE);
  expect(await shown(world, other)).toMatchObject({ overrides: {}, revision: 0, policy: { retention: RETENTION } });
});

test('where its backups cannot be read just then that is told, and they are marked with the next look', async () => {
  const { world, id, service } = await opened();
  await world.until(() => service.events('run.completed', id).length === 5, 12 * HOUR);
  service.wire.disturb(async (forward, url) =>
    url.includes('/backups') ? new Response('down', { status: 503 }) : forward(),
  );
  await said(world, id, { keep: { withinMs: 3 * HOUR } });
  await world.until(() => service.events('points.unreadable').length > 0, MINUTE * 5);
  expect(service.events('prune.marked', id)).toEqual([]);
  service.wire.disturb(null);
  await world.until(() => service.events('prune.marked', id).length > 0);
});

test('what has no schedule, or is not there, is told so', async () => {
  const { world, id, service } = await opened();
  const { schedules } = service.life();
  expect(await schedules.show('nobody')).toEqual({ kind: 'absent' });
  const of = { of: 0, said: { enabled: true, overrides: {} } };
  expect(await schedules.change({ instanceId: 'nobody', ...of })).toEqual({ kind: 'absent' });
  world.reload({ exclude: { projects: [], datastores: [], names: ['ord*'] } });
  await world.advance(MINUTE);
  const none = { kind: 'none', projectId: world.project, because: { rule: 'excluded-name' } };
  expect(await schedules.show(id)).toMatchObject(none);
  expect(await schedules.change({ instanceId: id, ...of })).toMatchObject(none);
});

test('of a policy that is not configured any more the schedule is shown, and nothing is changed', async () => {
  const { world, id, service } = await opened();
  world.reload({ policies: [{ ...BASE, name: 'other', select: { projects: [], datastores: [], names: ['x'] } }] });
  await world.advance(MINUTE);
  expect(await shown(world, id)).toMatchObject({
    because: [{ rule: 'policy-vanished' }],
    tenantMay: { window: false },
  });
  const change = { instanceId: id, of: 0, said: { enabled: true, overrides: { every: HOUR } } };
  expect(await service.life().schedules.change(change)).toMatchObject({
    kind: 'none',
    because: { rule: 'policy-vanished' },
  });
});

test('while the time is doubtful nothing is changed', async () => {
  const { world, id, service } = await opened();
  service.setClock(HOUR);
  await world.advance(MINUTE);
  expect(await said(world, id, { every: HOUR })).toMatchObject({
    kind: 'refused',
    because: { rule: expect.stringMatching(/^clock-/) },
  });
});

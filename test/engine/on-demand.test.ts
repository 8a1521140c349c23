import { describe, expect, test } from 'vitest';
import type { DemandAnswer } from '../../daemon/ports/demand.ts';
import type { BackUpNow } from '../../daemon/ports/on-demand.ts';
import { parseMarker } from '../../lib/core/index.ts';
import { DAY, every, HOUR, MINUTE } from '../core/builders.ts';
import type { CrashPoint } from './service.ts';
import { dropAnswer } from './wire.ts';
import { HOURLY, openWorld, START, type World } from './world.ts';

const RARE = { ...HOURLY, cadence: every(12 * HOUR) };

const ask = (world: World, instanceId: string, over: Partial<BackUpNow> = {}): Promise<DemandAnswer> =>
  world.service.life().onDemand.backUpNow({
    ...{ projectId: world.project, instanceId, key: 'key-1', requestedBy: 'anna', note: 'before the migration' },
    keepMs: null,
    ...over,
  });
const requests = (world: World, id: string) => world.service.runs(id).filter(({ origin }) => origin === 'on_demand');
const ended = (world: World, id: string): boolean => requests(world, id).every(({ ended_utc }) => ended_utc !== null);

/** An instance with its first backup, and a slot that is hours away. */
async function ready(options: Parameters<typeof openWorld>[0] = {}): Promise<{ world: World; id: string }> {
  const world = openWorld({ policies: [RARE], ...options });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 1);
  return { world, id };
}

test('a backup that is asked for is made at once, marked as that, and the slots go on upon it', async () => {
  const { world, id } = await ready();
  await ask(world, id);
  await world.completed(id, 2);
  const [run] = requests(world, id);
  const made = world.backups(id).at(-1);
  expect(run).toMatchObject({ state: 'completed', kind: 'full', backup_id: made?.id });
  expect(made).toMatchObject({ parentId: null });
  expect(made?.name).toMatch(/^auto-orders-\d{8}T\d{6}Z-full$/);
  expect(parseMarker(made?.description ?? '')).toMatchObject({ kind: 'demand', runId: run?.run_id });
  await world.until(() => world.service.runs(id).filter(({ state }) => state === 'completed').length === 3, 13 * HOUR);
  expect(world.backups(id).at(-1)).toMatchObject({ parentId: made?.id });
});

test('with a keep it is an incremental on the newest point', async () => {
  const { world, id } = await ready();
  const base = world.backups(id)[0]?.id;
  await ask(world, id, { keepMs: DAY });
  await world.completed(id, 2);
  expect(world.backups(id).at(-1)).toMatchObject({ id: requests(world, id)[0]?.backup_id, parentId: base });
});

describe('the same request', () => {
  test('that comes again makes no second backup', async () => {
    const { world, id } = await ready();
    const first = await ask(world, id);
    expect(await ask(world, id)).toEqual({ ...first, kind: 'known' });
    await world.completed(id, 2);
    expect(await ask(world, id)).toEqual({ ...first, kind: 'known' });
    await world.advance(HOUR);
    expect(requests(world, id)).toHaveLength(1);
    expect(world.service.wire.posts).toHaveLength(2);
  });

  const POINTS: readonly CrashPoint[] = [
    'request',
    'readyRuns',
    'before the request left',
    'before the answer came',
    'recordBackup',
    'end',
    'expire',
  ];
  test.each(POINTS)('makes one backup at most where it is killed at "%s"', async (point) => {
    const { world, id } = await ready();
    world.service.crashAt(point);
    void ask(world, id);
    await world.until(() => !world.service.isUp(), HOUR);
    await world.service.start();
    await ask(world, id);
    await world.until(() => ended(world, id), 25 * HOUR);
    const rows = requests(world, id);
    expect(rows).toHaveLength(1);
    const posts = world.service.wire.posts.filter((post) => post.runId === rows[0]?.run_id);
    expect(posts).toHaveLength(1);
    const made = world.backups(id).filter(({ description }) => parseMarker(description)?.runId === rows[0]?.run_id);
    expect(made).toHaveLength(point === 'before the request left' ? 0 : 1);
  });

  test('killed after the intent, it is looked for and given up', async () => {
    const { world, id } = await ready();
    world.service.crashAt('recordIntent');
    void ask(world, id);
    await world.until(() => !world.service.isUp(), HOUR);
    await world.service.start();
    await world.until(() => ended(world, id), 26 * HOUR);
    expect(requests(world, id)).toMatchObject([{ state: 'failed', because: { rule: 'outcome-unknown' } }]);
  });

  test('whose answer is lost is found by its marker', async () => {
    const { world, id } = await ready();
    world.service.wire.next(dropAnswer);
    await ask(world, id);
    await world.completed(id, 2);
    expect(requests(world, id)).toMatchObject([{ state: 'completed' }]);
    expect(world.service.events('run.adopted', id)).toHaveLength(1);
  });
});

test('a freeze holds it, and after a day it ends with that reason', async () => {
  const freeze = {
    kind: 'instants',
    fromUtc: START + HOUR,
    toUtc: START + 3 * DAY,
    reason: 'year-end closing',
  } as const;
  const { world, id } = await ready({ freezes: [freeze] });
  await world.advance(HOUR);
  await ask(world, id);
  await world.advance(MINUTE);
  expect((await world.service.life().onDemand.list(world.project, 5))[0]).toMatchObject({
    state: 'claimed',
    because: { rule: 'frozen' },
  });
  await world.until(() => ended(world, id), 25 * HOUR);
  expect(requests(world, id)).toMatchObject([
    { state: 'expired', because: { rule: 'demand-expired', params: { held: { rule: 'frozen' } } } },
  ]);
});

test('the reserve of the quota holds it until a unit is free', async () => {
  const { world, id } = await ready();
  world.region.setQuota(world.project, 'backups', { limit: 2 });
  await ask(world, id);
  await world.advance(30 * MINUTE);
  expect(requests(world, id)).toMatchObject([{ state: 'claimed', because: { rule: 'quota' } }]);
  world.region.setQuota(world.project, 'backups', { limit: 3 });
  await world.completed(id, 2);
  expect(world.service.wire.posts).toHaveLength(2);
});

test('it is not bound by the back-off after failures', async () => {
  const world = openWorld({ policies: [HOURLY] });
  const id = world.instance('orders');
  world.region.control.failBackupsOf.add(id);
  await world.service.start();
  await world.until(() => world.service.events('run.skipped', id).length > 0, 8 * HOUR);
  world.region.control.failBackupsOf.delete(id);
  await ask(world, id);
  await world.completed(id, 1);
  expect(requests(world, id)).toMatchObject([{ state: 'completed' }]);
});

test('while the clock is doubtful it is refused with that', async () => {
  const { world, id } = await ready();
  world.service.setClock(2 * HOUR);
  await world.until(() => world.service.events('clock.doubtful').length > 0, HOUR);
  expect(await ask(world, id)).toMatchObject({ kind: 'refused', because: { rule: expect.stringMatching(/^clock-/) } });
});

test('cancelled while it waits, nothing is asked for', async () => {
  const { world, id } = await ready();
  world.region.setQuota(world.project, 'backups', { limit: 1 });
  const answer = await ask(world, id);
  await world.advance(MINUTE);
  const runId = 'runId' in answer ? answer.runId : '';
  expect(await world.service.life().onDemand.cancel(world.project, runId, 'anna')).toBe(true);
  world.region.setQuota(world.project, 'backups', { limit: 50 });
  await world.advance(HOUR);
  expect(requests(world, id)).toMatchObject([{ state: 'skipped', because: { rule: 'demand-cancelled' } }]);
  expect(world.service.wire.posts).toHaveLength(1);
});

test('a service whose store was lost knows what was asked for, and keeps it', async () => {
  const retention = { keep: { last: 1 }, minimumFulls: 1, onDelete: { keepMs: DAY, lastChainMs: DAY }, anchor: false };
  const { world, id } = await ready({ policies: [{ ...HOURLY, retention }], quarantineMs: 0, graceMs: HOUR });
  await ask(world, id, { keepMs: 2 * HOUR, kind: 'full' });
  await world.until(() => ended(world, id), HOUR);
  const mine = requests(world, id)[0]?.backup_id ?? '';
  world.service.crash();
  const heir = world.another({});
  await heir.start();
  await world.advance(12 * HOUR);
  expect(heir.events('owner.conflict')).toEqual([]);
  expect(heir.wire.deletions.length).toBeGreaterThan(0);
  expect(heir.wire.deletions.map(({ backup }) => backup?.id)).not.toContain(mine);
  expect(world.backups(id).map((row) => row.id)).toContain(mine);
});

test('what is kept for a while goes after it, through mark and grace', async () => {
  const retention = { keep: { last: 1 }, minimumFulls: 1, onDelete: { keepMs: DAY, lastChainMs: DAY }, anchor: false };
  const fulls = { ...HOURLY, maxIncrementals: 0, retention };
  const { world, id } = await ready({ policies: [fulls], quarantineMs: 0, graceMs: HOUR });
  await ask(world, id, { keepMs: 5 * HOUR, kind: 'full' });
  await world.until(() => ended(world, id), HOUR);
  const mine = requests(world, id)[0]?.backup_id ?? '';
  await world.advance(4 * HOUR);
  expect(world.service.events('prune.marked').map((line) => line['backup'])).not.toContain(mine);
  await world.until(() => !world.backups(id).some((row) => row.id === mine), 4 * HOUR);
  const marked = world.service.events('prune.marked').find((line) => line['backup'] === mine);
  const gone = world.service.events('prune.deleted').find((line) => line['backup'] === mine);
  expect((gone?.atUtc ?? 0) - (marked?.atUtc ?? 0)).toBeGreaterThanOrEqual(HOUR);
});

import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import { because } from '../../lib/core/index.ts';
import { DAY, every, HOUR, MINUTE, policy } from '../core/builders.ts';
import { claimOne, excluded, FULL, NOW, openWorld, runningOne, scheduled, WIDE, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = openWorld();
});
const done = because('backup-completed', {});

test('the overview of an empty store is empty', async () => {
  expect(await world.readModel.overview(NOW)).toEqual({
    instances: 0,
    schedules: 0,
    unprotected: 0,
    notes: 0,
    stuck: 0,
    openRuns: new Map(),
    endedRuns: new Map(),
    oldestDueUtc: null,
  });
});

test('the overview counts what lives, what is scheduled, noted and open', async () => {
  await world.notes.note([{ instanceId: 'db-1', projectId: 'project-a' }]);
  await runningOne(world, 'backup-1', NOW, { id: 'db-1' });
  const runId = await claimOne(world, NOW, { id: 'db-2' });
  await world.ledger.recordIntent(runId, FULL, NOW, WIDE);
  const ended = await claimOne(world, NOW, { id: 'db-3' });
  await world.ledger.end(ended, { state: 'skipped', because: done }, NOW);
  await world.inventory.saveSightings([excluded({ id: 'db-4' }), scheduled({ id: 'db-5' }, NOW + HOUR)], NOW);
  await world.inventory.entomb([{ instanceId: 'db-3', projectId: 'project-a' }], NOW, false);
  expect(await world.readModel.overview(NOW)).toEqual({
    instances: 4,
    schedules: 3,
    unprotected: 3,
    notes: 1,
    stuck: 0,
    openRuns: new Map([
      ['intent', 1],
      ['running', 1],
    ]),
    endedRuns: new Map([['skipped', 1]]),
    oldestDueUtc: null,
  });
});

test('the oldest due slot is that of what is scheduled, due and not claimed', async () => {
  const seen = [
    scheduled({ id: 'db-1' }, NOW - HOUR),
    scheduled({ id: 'db-2' }, NOW - MINUTE),
    scheduled({ id: 'db-3' }, NOW + 1),
  ];
  await world.inventory.saveSightings(seen, NOW - DAY);
  expect((await world.readModel.overview(NOW)).oldestDueUtc).toBe(NOW - HOUR);
  await world.inventory.saveSightings([excluded({ id: 'db-1' })], NOW);
  expect((await world.readModel.overview(NOW)).oldestDueUtc).toBe(NOW - MINUTE);
});

describe('an instance with an hourly schedule is overdue', () => {
  const overdue = async (nowUtc: number) =>
    (await world.readModel.protection(nowUtc, 10)).worse.map(({ newestPointUtc }) => newestPointUtc);

  test('when its first slot is half an interval past and nothing was made', async () => {
    await world.inventory.saveSightings([scheduled({}, NOW)], NOW);
    expect(await overdue(NOW + 30 * MINUTE)).toEqual([]);
    expect(await overdue(NOW + 30 * MINUTE + 1)).toEqual([null]);
  });

  test('or an hour, where the interval is long', async () => {
    await world.inventory.saveSightings([scheduled({}, NOW, policy({ cadence: every(7 * DAY) }))], NOW);
    expect(await overdue(NOW + HOUR)).toEqual([]);
    expect(await overdue(NOW + HOUR + 1)).toEqual([null]);
  });

  test('when its newest point is an interval and a half old, counted from when it was asked for', async () => {
    const runId = await runningOne(world, 'backup-1', NOW);
    await world.ledger.end(runId, { state: 'completed', because: done }, NOW + HOUR);
    expect(await overdue(NOW + 90 * MINUTE)).toEqual([]);
    expect(await overdue(NOW + 90 * MINUTE + 1)).toEqual([NOW]);
  });

  test('also while runs fail: they are no points', async () => {
    const runId = await runningOne(world, 'backup-1', NOW);
    await world.ledger.end(runId, { state: 'failed', because: done }, NOW + HOUR);
    expect(await overdue(NOW + 2 * HOUR)).toEqual([null]);
  });

  test('never while it is excluded or gone', async () => {
    await world.inventory.saveSightings([scheduled({ id: 'db-1' }, NOW), scheduled({ id: 'db-2' }, NOW)], NOW);
    await world.inventory.saveSightings([excluded({ id: 'db-1' })], NOW);
    await world.inventory.entomb([{ instanceId: 'db-2', projectId: 'project-a' }], NOW, false);
    expect(await overdue(NOW + DAY)).toEqual([]);
  });

  test('no longer than until a lost backup is found complete', async () => {
    const runId = await claimOne(world);
    await world.ledger.recordIntent(runId, FULL, NOW, WIDE);
    await world.ledger.recordUnknown(runId, because('answer-lost', { detail: 'cut' }), NOW);
    await world.ledger.end(runId, { state: 'failed', because: done }, NOW + DAY);
    expect(await overdue(NOW + 80 * MINUTE + DAY)).toEqual([null]);
    await world.ledger.revive(runId, 'backup-1', NOW + DAY);
    await world.ledger.end(runId, { state: 'completed', because: done }, NOW + DAY);
    expect(await overdue(NOW + 80 * MINUTE)).toEqual([]);
  });
});

describe('of many that lack a point', () => {
  const ids = Array.from({ length: 5 }, (_, n) => `db-${n}`);
  const news = (nowUtc: number) => world.readModel.protection(nowUtc, 2);
  const setPoints = (of: readonly string[], newestPointUtc: number | null): void => {
    const db = new Database(world.path);
    for (const id of of) {
      db.prepare('UPDATE schedules SET newest_point_utc = ? WHERE instance_id = ?').run(newestPointUtc, id);
    }
    db.close();
  };
  beforeEach(async () => {
    await world.inventory.saveSightings(
      ids.map((id) => scheduled({ id }, NOW)),
      NOW,
    );
  });

  test('all are counted each time, and each is told once, so many at a time', async () => {
    const told: string[] = [];
    for (const waiting of [3, 1, 0, 0]) {
      const now = await news(NOW + HOUR);
      expect(now).toMatchObject({ late: 0, unprotectedBy: new Map([['first-not-due', 5]]), recovered: [], waiting });
      told.push(...now.worse.map(({ instanceId }) => instanceId));
    }
    expect(told.toSorted()).toEqual(ids);
  });

  test('those that have a point again have recovered, once; those that are excluded have not', async () => {
    for (let n = 0; n < 3; n++) await news(NOW + HOUR);
    setPoints(['db-0', 'db-1', 'db-2'], NOW + HOUR);
    await world.inventory.saveSightings([excluded({ id: 'db-3' })], NOW + HOUR);
    const recovered = [await news(NOW + HOUR), await news(NOW + HOUR), await news(NOW + HOUR)].map(
      (now) => now.recovered,
    );
    expect(recovered.flat().toSorted()).toEqual(['db-0', 'db-1', 'db-2']);
    expect(recovered.every((some) => some.length <= 2)).toBe(true);
    expect(await news(NOW + HOUR)).toMatchObject({
      late: 0,
      unprotectedBy: new Map([['first-not-due', 1]]),
      waiting: 0,
    });
  });

  test('one whose points are deleted while it is late is told again, as unprotected', async () => {
    setPoints(['db-0'], NOW);
    for (let n = 0; n < 3; n++) await news(NOW + DAY);
    expect(await news(NOW + DAY)).toMatchObject({ late: 1, worse: [], waiting: 0 });
    setPoints(['db-0'], null);
    expect(await news(NOW + DAY)).toMatchObject({ late: 0, worse: [{ instanceId: 'db-0', state: 'unprotected' }] });
  });
});

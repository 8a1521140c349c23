import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import { newRunId } from '../../daemon/store/run-id.ts';
import { because, type EndState, type RecentRuns } from '../../lib/core/index.ts';
import { DAY, HOUR, MINUTE, NO_FAILURES } from '../core/builders.ts';
import {
  claim,
  claimOne,
  HOURLY,
  NOW,
  noMakeUp,
  openWorld,
  readyIn,
  runningOne,
  scheduled,
  WIDE,
  type World,
} from './world.ts';

let world: World;
beforeEach(() => {
  world = openWorld();
});
const see = (id: string, slotUtc: number, projectId = 'project-a') =>
  world.inventory.saveSightings([scheduled({ id, projectId }, slotUtc)], NOW - HOUR);
const states = () =>
  world.runs().map(({ instance_id, slot_utc, state }) => `${instance_id} ${(slot_utc - NOW) / HOUR} ${state}`);
const nextSlots = () => world.schedules().map(({ next_slot_utc }) => (next_slot_utc - NOW) / HOUR);

test('what is due is claimed with its row, and the cursor moves behind it', async () => {
  await see('db-1', NOW);
  const { claimed, missed, ended } = await claim(world, NOW);
  const [run] = world.runs();
  expect(run).toMatchObject({ state: 'claimed', slot_utc: NOW, not_before_utc: NOW, ended_utc: null });
  expect(claimed).toEqual([{ runId: run?.run_id, instanceId: 'db-1', projectId: 'project-a', slotUtc: NOW }]);
  const open = { paused: null, demanded: null, refused: null, policy: HOURLY, recent: NO_FAILURES };
  expect(await readyIn(world, NOW)).toEqual([{ ...claimed[0], ...open }]);
  expect({ missed, ended }).toEqual({ missed: [], ended: [] });
  expect(nextSlots()).toEqual([1]);
  expect((await claim(world, NOW)).claimed).toEqual([]);
});

test('what is due in a millisecond is left', async () => {
  await see('db-1', NOW);
  expect((await claim(world, NOW - 1)).claimed).toEqual([]);
  expect(world.runs()).toEqual([]);
});

test('after a pause the newest slot runs and each one before has its row', async () => {
  await see('db-1', NOW - 3 * HOUR);
  const { claimed, missed } = await claim(world, NOW);
  expect(claimed.map(({ slotUtc }) => slotUtc)).toEqual([NOW]);
  expect(missed).toEqual([{ instanceId: 'db-1', projectId: 'project-a', slots: 3 }]);
  expect(states()).toEqual(['db-1 -3 missed', 'db-1 -2 missed', 'db-1 -1 missed', 'db-1 0 claimed']);
  const reason = JSON.stringify(because('missed', {}));
  expect(world.runs().slice(0, 3)).toMatchObject(Array(3).fill({ because: reason, ended_utc: NOW }));
  const db = new Database(world.path, { readonly: true });
  const counted = db.prepare("SELECT sum(runs) AS runs, because FROM failures WHERE rule = 'missed'").all();
  db.close();
  expect(counted).toEqual([{ runs: 3, because: reason }]);
});

test('a pause of more slots than one step takes is passed in several, none lost and none twice', async () => {
  await see('db-1', NOW - 9 * HOUR);
  const advance = (_id: string, _policy: unknown, cursor: number) => {
    const left = (NOW - cursor) / HOUR;
    const missed = Array.from({ length: Math.min(4, left) }, (_, index) => cursor + index * HOUR);
    const nextUtc = cursor + Math.max(missed.length, 1) * HOUR;
    if (left >= 4) return { missed, due: null, nextUtc };
    return { missed, due: NOW, nextUtc: NOW + HOUR };
  };
  const { claimed, missed } = await world.schedule.claimDue({
    nowUtc: NOW,
    limit: 10,
    caps: WIDE,
    advance,
    makeUp: noMakeUp,
  });
  expect(claimed).toHaveLength(1);
  expect(missed).toMatchObject([{ slots: 4 }, { slots: 4 }, { slots: 1 }]);
  expect(world.runs().map(({ slot_utc }) => (slot_utc - NOW) / HOUR)).toEqual([-9, -8, -7, -6, -5, -4, -3, -2, -1, 0]);
});

test('what a long pause left is written in several claims of no more than 500 rows, and each says that there is more', async () => {
  for (const id of ['db-1', 'db-2', 'db-3']) await see(id, NOW - 240 * HOUR);
  const rows: number[] = [];
  for (let more = true; more; rows.push(world.runs().length)) ({ more } = await claim(world, NOW));
  expect(rows).toEqual([482, 723]);
  expect(world.runs().filter(({ state }) => state === 'claimed')).toHaveLength(3);
});

test('run ids are UUIDs in the order of time', () => {
  const ids = [NOW, NOW + 1, NOW + DAY].map(newRunId);
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(Array.from({ length: 100 }, () => newRunId(NOW))).size).toBe(100);
});

test('a run that waits still when its next slot comes expires, and tells what held it', async () => {
  const runId = await claimOne(world);
  await world.ledger.postpone(runId, NOW + MINUTE, because('instance-busy', { status: 'RESIZE' }), NOW);
  const { claimed, ended } = await claim(world, NOW + HOUR);
  const reason = because('expired', { held: because('instance-busy', { status: 'RESIZE' }) });
  expect(ended).toEqual([{ runId, instanceId: 'db-1', projectId: 'project-a', slotUtc: NOW, because: reason }]);
  expect(claimed).toHaveLength(1);
  expect(states()).toEqual(['db-1 0 expired', 'db-1 1 claimed']);
  expect(world.runs()[0]).toMatchObject({ because: JSON.stringify(reason), ended_utc: NOW + HOUR });
});

test('a run that was never answered when its next slot comes expires and says so', async () => {
  await claimOne(world);
  expect((await claim(world, NOW + HOUR)).ended).toMatchObject([
    { because: because('expired', { held: because('no-answer-yet', {}) }) },
  ]);
});

test('a run whose backup may exist does not expire', async () => {
  await runningOne(world, 'backup-1');
  expect((await claim(world, NOW + HOUR)).ended).toEqual([]);
  expect(states()).toEqual(['db-1 0 running', 'db-1 1 claimed']);
});

test('a claim that fails leaves neither row nor cursor', async () => {
  await see('db-1', NOW - MINUTE);
  await see('db-2', NOW);
  const failing = world.schedule.claimDue({
    nowUtc: NOW,
    limit: 10,
    caps: WIDE,
    makeUp: noMakeUp,
    advance: (id, _policy, cursor) => {
      const missed = id === 'db-2' ? ['no instant' as unknown as number] : [];
      return { missed, due: cursor, nextUtc: cursor + HOUR };
    },
  });
  await expect(failing).rejects.toThrow('cannot store TEXT value');
  expect(world.runs()).toEqual([]);
  expect(nextSlots()).toEqual([-1 / 60, 0]);
});

describe('two backups for one slot', () => {
  test('are refused by the table itself', async () => {
    await claimOne(world);
    world.close();
    const db = new Database(world.path);
    const rest = 'instance_id, project_id, slot_utc, state, claimed_utc, not_before_utc, ended_utc';
    const again = `INSERT INTO runs (run_id, ${rest}) SELECT 'other', ${rest} FROM runs`;
    expect(() => db.exec(again)).toThrow(/UNIQUE constraint failed: runs.instance_id, runs.slot_utc/);
    db.close();
  });

  test('are not made by a cursor that was set back, nor does it stop the claims of others', async () => {
    await see('db-1', NOW);
    await claim(world, NOW);
    const other = { ...HOURLY, maxIncrementals: 1 };
    const back = [scheduled({ id: 'db-1' }, NOW - HOUR, other), scheduled({ id: 'db-2' }, NOW)];
    await world.inventory.saveSightings(back, NOW - HOUR);
    expect((await claim(world, NOW)).claimed).toMatchObject([{ instanceId: 'db-2' }]);
    expect(nextSlots()).toEqual([1, 1]);
    expect((await claim(world, NOW + HOUR)).claimed).toMatchObject([{ slotUtc: NOW + HOUR }, { slotUtc: NOW + HOUR }]);
    const slots = world.runs().map(({ instance_id, slot_utc }) => `${instance_id} ${slot_utc}`);
    expect(new Set(slots).size).toBe(slots.length);
  });

  test('of one backup id for two runs are refused', async () => {
    await runningOne(world, 'backup-1');
    await expect(runningOne(world, 'backup-1', NOW, { id: 'db-2' })).rejects.toThrow(
      /UNIQUE constraint failed: runs.backup_id/,
    );
  });
});

describe('failures in a row are told with a run to try', () => {
  const failures = (failuresInARow: number, hour: number) => ({ failuresInARow, lastFailedUtc: NOW + hour * HOUR });
  test.each<{ ends: readonly EndState[]; expected: RecentRuns }>([
    { ends: ['completed'], expected: NO_FAILURES },
    { ends: ['failed'], expected: failures(1, 0) },
    { ends: ['failed', 'failed', 'failed'], expected: failures(3, 2) },
    { ends: ['failed', 'skipped', 'aborted', 'failed', 'skipped'], expected: failures(2, 3) },
    { ends: ['failed', 'failed', 'completed'], expected: NO_FAILURES },
    { ends: ['failed', 'completed', 'failed'], expected: failures(1, 2) },
    { ends: ['skipped', 'aborted'], expected: NO_FAILURES },
  ])('after $ends', async ({ ends, expected }) => {
    for (const [hour, state] of ends.entries()) {
      const slotUtc = NOW + hour * HOUR;
      const runId = await runningOne(world, `backup-${hour}`, slotUtc);
      await world.ledger.end(runId, { state, because: because('backup-completed', {}) }, slotUtc + MINUTE);
    }
    const nowUtc = NOW + ends.length * HOUR;
    await claim(world, nowUtc);
    expect(await readyIn(world, nowUtc)).toMatchObject([{ recent: expected }]);
  });
});

test('runs that are postponed are ready again at their time and not before', async () => {
  const runId = await claimOne(world);
  await world.ledger.postpone(runId, NOW + MINUTE, because('cap-reached', {}), NOW);
  expect(await readyIn(world, NOW + MINUTE - 1)).toEqual([]);
  expect(await readyIn(world, NOW + MINUTE)).toMatchObject([{ runId, slotUtc: NOW, policy: HOURLY }]);
});

test('runs that wait longest are ready first, and no more than asked for', async () => {
  const ids = ['db-1', 'db-2', 'db-3'];
  for (const [index, id] of ids.entries()) await claimOne(world, NOW - index * 1000, { id, projectId: `of-${id}` });
  const ready = await readyIn(world, NOW, 2);
  expect(ready.map(({ instanceId }) => instanceId)).toEqual(['db-3', 'db-2']);
});

test('of a project the run that waits longest is ready, and one at a time', async () => {
  for (const [index, id] of ['db-1', 'db-2'].entries()) await claimOne(world, NOW - index * 1000, { id });
  const ready = await readyIn(world, NOW);
  expect(ready.map(({ instanceId }) => instanceId)).toEqual(['db-2']);
});

test('the next thing to do is the soonest slot or the soonest try, or nothing', async () => {
  expect(await world.schedule.nextDue(NOW)).toEqual({ waiting: false, nextUtc: null });
  await see('db-1', NOW + HOUR);
  expect(await world.schedule.nextDue(NOW)).toEqual({ waiting: false, nextUtc: NOW + HOUR });
  expect(await world.schedule.nextDue(NOW + HOUR)).toEqual({ waiting: true, nextUtc: null });
  const runId = await claimOne(world, NOW, { id: 'db-2' });
  await world.ledger.postpone(runId, NOW + MINUTE, because('cap-reached', {}), NOW);
  expect(await world.schedule.nextDue(NOW)).toEqual({ waiting: false, nextUtc: NOW + MINUTE });
  expect(await world.schedule.nextDue(NOW + MINUTE)).toEqual({ waiting: true, nextUtc: NOW + HOUR });
});

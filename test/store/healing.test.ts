import { expect, test } from 'vitest';
import { advance, because, nextSlot } from '../../lib/core/index.ts';
import { DAY, HOUR, instance, MINUTE } from '../core/builders.ts';
import { FULL, HOURLY, NOW, noMakeUp, openWorld, scheduled, WIDE, type World } from './world.ts';

const YEARS = 3652 * DAY;
const NOTHING = { schedules: 0, slots: 0, times: 0 };

/** Claims what is due by a clock that says so. */
async function claimAt(world: World, nowUtc: number) {
  const claimed = [];
  for (let more = true; more; ) {
    const result = await world.schedule.claimDue({
      nowUtc,
      limit: 100,
      caps: WIDE,
      advance: (id, { cadence }, cursor) => advance(cadence, id, cursor, nowUtc),
      makeUp: noMakeUp,
    });
    claimed.push(...result.claimed);
    more = result.more;
  }
  return claimed;
}

async function healAll(world: World, nowUtc: number) {
  const sum = { ...NOTHING };
  for (let after: string | null = null; ; ) {
    const { next, ...page } = await world.healing.healSchedules(after, nowUtc);
    for (const name of ['schedules', 'slots', 'times'] as const) sum[name] += page[name];
    after = next;
    if (after === null) return sum;
  }
}

/** A store with instances that have their first slot at NOW. */
async function open(count: number): Promise<World> {
  const world = openWorld();
  const ids = Array.from({ length: count }, (_, index) => `db-${String(index).padStart(3, '0')}`);
  await world.inventory.saveSightings(
    ids.map((id) => scheduled(instance({ id }), NOW)),
    NOW,
  );
  return world;
}

test('a store that no wrong clock wrote to is left as it is, whatever is in it', async () => {
  const world = await open(3);
  const [first] = await claimAt(world, NOW);
  await world.ledger.recordIntent(first?.runId ?? '', FULL, NOW, WIDE);
  await world.ledger.recordBackup(first?.runId ?? '', 'backup-1', because('accepted', {}), NOW);
  const before = [world.runs(), world.schedules(), world.kept()];
  expect(await world.healing.healStore(NOW + MINUTE, MINUTE)).toEqual({ ...NOTHING, wasAhead: false });
  expect(await healAll(world, NOW + MINUTE)).toEqual(NOTHING);
  expect([world.runs(), world.schedules(), world.kept()]).toEqual(before);
});

test('slots claimed ten years ahead are free again, their schedules are back, and what is counted is right', async () => {
  const world = await open(2);
  await claimAt(world, NOW + 30 * DAY);
  expect(world.runs().length).toBeGreaterThan(1400);
  const { wasAhead } = await world.healing.healStore(NOW + HOUR, HOUR);
  expect(wasAhead).toBe(true);
  const { schedules, slots } = await healAll(world, NOW + HOUR);
  expect(schedules).toBe(2);
  expect(slots).toBeGreaterThan(1400);
  expect(world.runs().filter(({ slot_utc }) => slot_utc > NOW + HOUR)).toEqual([]);
  for (const { instance_id, next_slot_utc } of world.schedules()) {
    expect(next_slot_utc).toBe(nextSlot(HOURLY.cadence, instance_id, NOW + HOUR));
  }
  expect(world.kept()).toEqual(world.counted());
  expect(await healAll(world, NOW + HOUR)).toEqual(NOTHING);
});

test('a run whose backup was asked for early keeps its slot, and that is not handed out again', async () => {
  const world = await open(1);
  const ahead = NOW + DAY;
  const [run] = await claimAt(world, ahead);
  const { runId = '', slotUtc = 0 } = run ?? {};
  await world.ledger.recordIntent(runId, FULL, ahead, WIDE);
  await world.ledger.recordBackup(runId, 'backup-1', because('accepted', {}), ahead);
  await world.ledger.end(
    runId,
    { state: 'completed', because: because('backup-completed', {}), backupId: 'backup-1' },
    ahead,
  );
  await world.healing.healStore(NOW, 0);
  await healAll(world, NOW);
  const [kept] = world.runs().filter(({ slot_utc }) => slot_utc > NOW);
  expect(kept).toMatchObject({ run_id: runId, slot_utc: slotUtc, state: 'completed', intent_utc: NOW, ended_utc: NOW });
  expect(world.schedules()[0]?.newest_point_utc).toBe(NOW);
  const claimed = [];
  for (let nowUtc = NOW; nowUtc < NOW + 2 * DAY; nowUtc += HOUR / 2) claimed.push(...(await claimAt(world, nowUtc)));
  const slots = world.runs().map(({ slot_utc }) => slot_utc);
  expect(claimed.map((one) => one.slotUtc)).not.toContain(slotUtc);
  expect(new Set(slots).size).toBe(slots.length);
  const regular = slots.slice(1);
  expect(regular).toEqual(regular.map((_, index) => (regular[0] ?? 0) + index * HOUR));
});

test('an open request, a DELETE under way and a tombstone of tomorrow are of now; the birth of the store, too', async () => {
  const ahead = NOW + YEARS;
  const world = openWorld({ nowUtc: ahead });
  await world.inventory.saveSightings([scheduled(instance(), NOW), scheduled(instance({ id: 'db-2' }), NOW)], ahead);
  const [run] = await claimAt(world, NOW);
  await world.ledger.recordIntent(run?.runId ?? '', FULL, ahead, WIDE);
  const deletion = {
    backupId: 'b',
    instanceId: 'db-1',
    projectId: 'project-a',
    because: because('surplus-failed', { kept: 'c' }),
  };
  await world.pruning.intend({ ...deletion, intentUtc: ahead });
  await world.inventory.entomb([{ instanceId: 'db-2', projectId: 'project-a' }], ahead, false);
  expect(world.inventory.storeBornUtc).toBe(ahead);
  const healed = await world.healing.healStore(NOW + HOUR, HOUR);
  expect(healed).toEqual({ ...NOTHING, times: 4, wasAhead: true });
  expect(world.inventory.storeBornUtc).toBe(NOW);
  expect(world.runs().map(({ intent_utc }) => intent_utc)).toContain(NOW + HOUR);
  expect((await world.pruning.openDeletions()).map(({ intentUtc }) => intentUtc)).toEqual([NOW + HOUR]);
  expect(await world.inventory.goneLately(NOW + 2 * DAY)).toBe(0);
  expect(await world.healing.healStore(NOW + HOUR, HOUR)).toEqual({ ...NOTHING, wasAhead: false });
});

test('a store that was born in 1970 by a clock without a battery was born in this life', async () => {
  const world = openWorld({ nowUtc: 0 });
  await world.healing.healStore(NOW, 5 * MINUTE);
  expect(world.inventory.storeBornUtc).toBe(NOW - 5 * MINUTE);
  const { path, close } = world;
  close();
  const again = openWorld({ path });
  expect(again.inventory.storeBornUtc).toBe(NOW - 5 * MINUTE);
  // A store of an earlier life keeps its birth, however long ago that is.
  await again.healing.healStore(NOW + DAY, MINUTE);
  expect(again.inventory.storeBornUtc).toBe(NOW - 5 * MINUTE);
});

test('schedules that a clock years ahead has set, and no slot of which was claimed, are noticed and set anew', async () => {
  const world = openWorld();
  const ahead = NOW + YEARS;
  const first = { slotUtc: ahead + 5 * MINUTE, because: because('first-within', { withinMs: 15 * MINUTE }) };
  const { instance: it, enrolment } = scheduled(instance(), NOW);
  if (enrolment.kind !== 'scheduled') throw new Error('it has no schedule');
  await world.inventory.saveSightings([{ instance: it, enrolment: { ...enrolment, first: () => first } }], ahead);
  expect((await world.healing.healStore(NOW, 0)).wasAhead).toBe(true);
  await healAll(world, NOW);
  const [row] = world.schedules();
  expect(row?.next_slot_utc).toBe(row?.first_slot_utc);
  expect(row?.next_slot_utc).toBeGreaterThanOrEqual(NOW);
  expect(row?.next_slot_utc).toBeLessThan(NOW + 15 * MINUTE);
});

test('a run that a wrong time has put off past its next slot is tried now', async () => {
  const world = await open(1);
  const [run] = await claimAt(world, NOW);
  await world.ledger.postpone(run?.runId ?? '', NOW + YEARS, because('instance-busy', { status: 'BUILD' }), NOW);
  expect(await healAll(world, NOW + MINUTE)).toEqual({ ...NOTHING, times: 1 });
  const ready = { nowUtc: NOW + MINUTE, caps: WIDE, trying: [], closed: new Set<string>() };
  expect((await world.schedule.readyRuns(ready)).map(({ runId }) => runId)).toEqual([run?.runId]);
  expect(world.kept()).toEqual(world.counted());
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { InventoryChange, Sighting, Standing } from '../../daemon/ports/inventory.ts';
import { because } from '../../lib/core/index.ts';
import { DAY, every, HOUR, policy } from '../core/builders.ts';
import {
  claim,
  claimOne,
  excluded,
  FULL,
  HOURLY,
  NOW,
  openWorld,
  readyIn,
  scheduled,
  unselected,
  WIDE,
  type World,
} from './world.ts';

let world: World;
beforeEach(() => {
  world = openWorld();
});
const slot = NOW + HOUR;
const replica = because('replica', { master: 'db-0' });

async function save(sighting: Sighting, nowUtc = NOW): Promise<InventoryChange> {
  const [change] = await world.inventory.saveSightings([sighting], nowUtc);
  if (!change) throw new Error('a sighting gives a change');
  return change;
}
/** Tells how each sighting stood when it asked for its first slot. */
function asking(standings: Standing[], by = HOURLY, slotUtc = slot): Sighting {
  const { instance, enrolment } = scheduled({}, slotUtc, by);
  if (enrolment.kind !== 'scheduled') throw new Error('it has a schedule');
  const first = (standing: Standing) => {
    standings.push(standing);
    return enrolment.first(standing, by);
  };
  return { instance, enrolment: { ...enrolment, first } };
}

test('an instance seen first is discovered and gets its schedule', async () => {
  const standings: Standing[] = [];
  const change = await save(asking(standings));
  expect(change).toMatchObject({ kind: 'assigned', discovered: true, returned: false, nextSlotUtc: slot });
  expect(standings).toEqual([{ kind: 'none' }]);
  expect(world.schedules()).toMatchObject([
    { instance_id: 'db-1', policy_name: 'hourly', active: 1, first_slot_utc: slot, next_slot_utc: slot },
  ]);
});

test('one seen again with the same policy keeps its next slot', async () => {
  await save(scheduled({}, slot));
  const standings: Standing[] = [];
  const change = await save(asking(standings, HOURLY, slot + DAY), NOW + 60_000);
  expect(change).toMatchObject({ kind: 'unchanged', discovered: false, returned: false, nextSlotUtc: slot });
  expect(standings).toEqual([]);
  expect(world.schedules()).toMatchObject([{ next_slot_utc: slot }]);
});

test.each([
  { says: 'with another interval', by: policy({ name: 'hourly', cadence: every(2 * HOUR) }) },
  { says: 'of another name', by: { ...HOURLY, name: 'other' } },
  { says: 'with fewer incrementals', by: { ...HOURLY, maxIncrementals: 1 } },
])('one whose policy is now $says changes to it and to its slots', async ({ by }) => {
  await save(scheduled({}, slot));
  const standings: Standing[] = [];
  expect(await save(asking(standings, by, slot + DAY))).toMatchObject({ kind: 'changed', nextSlotUtc: slot + DAY });
  expect(standings).toEqual([{ kind: 'scheduled', cadence: HOURLY.cadence, nextSlotUtc: slot, isFirst: true }]);
  expect(world.schedules()).toMatchObject([{ policy_name: by.name, next_slot_utc: slot + DAY }]);
});

describe('an instance that is excluded', () => {
  test('has no schedule, and says so once', async () => {
    expect(await save(excluded({}, replica))).toMatchObject({ kind: 'excluded', discovered: true, nextSlotUtc: null });
    expect(await save(excluded({}, replica))).toMatchObject({ kind: 'unchanged', discovered: false });
    expect(await save(excluded({}))).toMatchObject({ kind: 'excluded' });
    expect(world.schedules()).toEqual([]);
  });

  test('loses its schedule, and its waiting run is skipped for the same reason', async () => {
    const runId = await claimOne(world);
    expect(await save(excluded({}, replica), NOW + 1000)).toMatchObject({ kind: 'excluded', nextSlotUtc: null });
    expect(world.schedules()).toMatchObject([{ active: 0 }]);
    expect(world.runs()).toMatchObject([
      { run_id: runId, state: 'skipped', because: JSON.stringify(replica), ended_utc: NOW + 1000 },
    ]);
    expect(await claim(world, NOW + DAY)).toEqual({
      claimed: [],
      missed: [],
      ended: [],
      hastened: [],
      unusable: [],
      more: false,
    });
    expect(await readyIn(world, NOW + DAY)).toEqual([]);
  });

  test('keeps a run whose request may be out: its backup is followed', async () => {
    const runId = await claimOne(world);
    await world.ledger.recordIntent(runId, FULL, NOW, WIDE);
    await save(excluded({}, replica));
    expect(world.runs()).toMatchObject([{ state: 'intent', ended_utc: null }]);
  });

  test('is assigned again when it is no longer excluded, as one that was known', async () => {
    await save(excluded({}, replica));
    const standings: Standing[] = [];
    expect(await save(asking(standings))).toMatchObject({ kind: 'assigned', discovered: false, nextSlotUtc: slot });
    await save(excluded({}, replica));
    expect(await save(asking(standings, HOURLY, slot + DAY))).toMatchObject({
      kind: 'assigned',
      nextSlotUtc: slot + DAY,
    });
    const known = { kind: 'known', excludedBecause: replica };
    expect(standings).toEqual([known, known]);
    expect(world.schedules()).toMatchObject([{ active: 1, first_slot_utc: slot + DAY, next_slot_utc: slot + DAY }]);
  });
});

test('one that is seen again after it was gone has returned and is scheduled as one that was known', async () => {
  await save(scheduled({}, slot));
  await world.inventory.entomb([{ instanceId: 'db-1', projectId: 'project-a' }], NOW, false);
  const standings: Standing[] = [];
  expect(await save(asking(standings))).toMatchObject({ kind: 'assigned', discovered: false, returned: true });
  expect(standings).toEqual([{ kind: 'known', excludedBecause: null }]);
  expect(await save(scheduled({}, slot))).toMatchObject({ kind: 'unchanged', returned: false });
});

test('a batch of sightings is stored whole or not at all', async () => {
  const broken = scheduled({ id: 'db-2', name: null as unknown as string }, slot);
  await expect(world.inventory.saveSightings([scheduled({}, slot), broken], NOW)).rejects.toThrow();
  expect(world.schedules()).toEqual([]);
});

test('five hundred instances are stored in one call, each with its own change', async () => {
  const sightings = Array.from({ length: 500 }, (_, index) => scheduled({ id: `db-${index}` }, slot + index));
  const changes = await world.inventory.saveSightings(sightings, NOW);
  expect(changes.map(({ nextSlotUtc }) => nextSlotUtc)).toEqual(sightings.map((_, index) => slot + index));
  expect(world.schedules()).toHaveLength(500);
});

describe('an instance that no policy selects', () => {
  const vanished = because('policy-vanished', { policy: 'hourly' });

  test('keeps its schedule and its slot where its policy vanished, which is told once', async () => {
    await save(scheduled({}, slot));
    expect(await save(unselected({}, 'daily'))).toMatchObject({
      kind: 'orphaned',
      because: vanished,
      nextSlotUtc: slot,
    });
    expect(await save(unselected({}, 'daily'))).toMatchObject({ kind: 'unchanged', because: vanished });
    expect(world.schedules()).toMatchObject([{ active: 1, policy_name: 'hourly', next_slot_utc: slot }]);
    await claim(world, slot);
    expect(await readyIn(world, slot)).toMatchObject([{ policy: HOURLY }]);
  });

  test('is no orphan any more when its policy is there again as it was', async () => {
    await save(scheduled({}, slot));
    await save(unselected({}));
    expect(await save(scheduled({}, slot + DAY))).toMatchObject({ kind: 'changed', nextSlotUtc: slot });
    expect(await save(scheduled({}, slot + DAY))).toMatchObject({ kind: 'unchanged' });
    expect(await save(unselected({}))).toMatchObject({ kind: 'orphaned' });
  });

  test('loses its schedule where its policy is there and leaves it out: the operator wants it so', async () => {
    await save(scheduled({}, slot));
    expect(await save(unselected({}, 'hourly'))).toMatchObject({ kind: 'excluded', because: { rule: 'no-policy' } });
    expect(world.schedules()).toMatchObject([{ active: 0 }]);
    expect(await save(unselected({}))).toMatchObject({ kind: 'unchanged' });
  });

  test('gets none by being there when nothing selects it', async () => {
    expect(await save(unselected({}))).toMatchObject({ kind: 'excluded', discovered: true });
    expect(world.schedules()).toEqual([]);
  });
});

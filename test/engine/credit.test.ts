import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

const next = ({ service }: World): number => service.schedules()[0]?.next_slot_utc ?? 0;
const states = ({ service }: World, id: string) => service.runs(id).map(({ state }) => state);

/** Two backups of ours are there, and the next slot is 20 minutes away. */
async function twentyMinutesBefore() {
  const world = openWorld({ watch: true, policies: [{ ...HOURLY, maxIncrementals: 20 }] });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 2);
  await world.advance(next(world) - 20 * MINUTE - world.clock.nowUtc());
  return { world, id };
}

/** A user's own full, a minute later complete. */
async function usersFull(world: World, id: string): Promise<string> {
  const { id: backup } = world.region.createBackup({ instanceId: id, name: 'before the upgrade' });
  await world.advance(2 * MINUTE);
  expect(world.backups(id).find((row) => row.id === backup)?.status).toBe('COMPLETED');
  return backup;
}

test("a user's fresh full satisfies a slot, once; the next is ours again, on our own chain", async () => {
  const { world, id } = await twentyMinutesBefore();
  const { service } = world;
  const newest = service.runs(id).at(-1)?.backup_id;
  const users = await usersFull(world, id);
  const begunUtc = world.backups(id).find((row) => row.id === users)?.createdUtc ?? 0;
  const slotUtc = next(world);
  await world.until(() => states(world, id).length === 3);
  await world.advance(MINUTE);
  expect(service.runs(id).at(-1)).toMatchObject({
    state: 'credited',
    slot_utc: slotUtc,
    backup_id: users,
    because: { rule: 'credited', params: { backup: users } },
  });
  expect(service.events('run.credited', id)).toMatchObject([{ backup: users, because: { rule: 'credited' } }]);
  expect(service.schedules()[0]?.newest_point_utc).toBe(begunUtc);

  await world.advance(next(world) - 20 * MINUTE - world.clock.nowUtc());
  const again = await usersFull(world, id);
  await world.completed(id, 3);
  expect(service.runs(id).at(-1)).toMatchObject({ state: 'completed', kind: 'incremental', parent_id: newest });
  expect(service.runs(id).map(({ backup_id }) => backup_id)).not.toContain(again);
  // What was credited stood for the slot: nobody was late.
  expect(service.events('instance.late', id)).toEqual([]);
});

test.each(['the bus tells', 'the survey finds out'])(
  'when it is deleted the instance is due at once, as soon as %s',
  async (how) => {
    const { world, id } = await twentyMinutesBefore();
    const { service, region } = world;
    const users = await usersFull(world, id);
    const ours = service.runs(id).at(-1)?.intent_utc;
    await world.until(() => states(world, id).at(-1) === 'credited');
    const slotUtc = service.runs(id).at(-1)?.slot_utc ?? 0;
    const before = next(world);
    region.deleteBackup(users);
    if (how === 'the bus tells') {
      const { points, pokeSuspects } = service.life();
      expect(await points.suspect([users])).toBe(true);
      pokeSuspects();
      await world.clock.drain();
    } else await world.advance(11 * MINUTE);
    const because = { rule: 'credit-vanished', params: { backup: users, slotUtc } };
    expect(service.events('credit.lost', id)).toMatchObject([{ level: 'warn', backup: users, byUs: false, because }]);
    expect(service.events('point.lost', id)).toEqual([]);
    expect(service.schedules()[0]?.newest_point_utc).toBe(ours);
    // An hour after the slot at the soonest: that is the next one here.
    expect(next(world)).toBeLessThanOrEqual(before);
    await world.completed(id, 3);
    expect(service.runs(id).at(-1)).toMatchObject({ state: 'completed', kind: 'incremental' });
  },
);

test('once a slot of ours has come after it, it may go without a word', async () => {
  const { world, id } = await twentyMinutesBefore();
  const users = await usersFull(world, id);
  await world.completed(id, 3);
  world.region.deleteBackup(users);
  await world.advance(12 * MINUTE);
  expect(states(world, id)).toEqual(['completed', 'completed', 'credited', 'completed']);
  expect(world.service.events('credit.lost')).toEqual([]);
  expect(world.service.events('point.lost')).toEqual([]);
  expect(world.service.events('schedule.hastened')).toEqual([]);
});

test('a credit outlives a kill, and an instance that is deleted takes it along', async () => {
  const { world, id } = await twentyMinutesBefore();
  await usersFull(world, id);
  world.service.crashAt('end');
  await world.until(() => !world.service.isUp());
  await world.service.start();
  await world.advance(5 * MINUTE);
  expect(states(world, id)).toEqual(['completed', 'completed', 'credited']);
  world.region.deleteInstance(id);
  await world.advance(HOUR);
  expect(world.service.events('run.fault')).toEqual([]);
});

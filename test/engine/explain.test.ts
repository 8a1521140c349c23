import { describe, expect, test } from 'vitest';
import { explain, type Policy, type Reason } from '../../lib/core/index.ts';
import { DAY, HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld } from './world.ts';

const KEEPING: Policy = {
  ...HOURLY,
  retention: {
    keep: { last: 4 },
    minimumFulls: 1,
    onDelete: { keepMs: 2 * DAY, lastChainMs: 4 * DAY },
    anchor: false,
  },
};
const { signal } = new AbortController();
const rules = (reasons: readonly Reason[]): readonly string[] => reasons.map(({ rule }) => rule);

async function lived(count: number) {
  const world = openWorld({ policies: [KEEPING], quarantineMs: 0, graceMs: 3 * HOUR });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, count);
  const said = world.service.life().explain;
  const backup = async (backupId: string | undefined) => {
    const told = await said.backup({ projectId: world.project, backupId: backupId ?? '' }, signal);
    if (!told) throw new Error(`there is no backup ${backupId}`);
    return told;
  };
  const slot = (slotUtc: number | undefined) => said.slot(id, slotUtc ?? 0, signal);
  return { world, id, service: world.service, backup, slot };
}

describe('of a backup', () => {
  test('why it is there, why it is kept, and when it goes: and then it does', async () => {
    const { world, id, backup, service } = await lived(5);
    const [first, second] = world.backups(id);
    const told = await backup(second?.id);
    expect(rules(told.there)).toEqual(['made-for-slot', 'continues-chain']);
    expect(rules((await backup(first?.id)).there)).toEqual(['made-for-slot', 'no-chain']);
    expect(told.fate).toMatchObject({ kind: 'kept' });
    if (told.going.kind !== 'at') throw new Error(`it goes ${told.going.kind}`);
    const { atUtc } = told.going;
    const gone = () => service.events('prune.deleted').find((line) => line['backup'] === second?.id);
    await world.until(() => gone() !== undefined, DAY);
    const late = (gone()?.atUtc ?? 0) - atUtc;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(30 * MINUTE);
    for (const reason of told.there) expect(explain(reason, 'vi')).toMatch(/\p{L}/u);
  });

  test('of a user, of a paused instance, and of none', async () => {
    const { world, id, backup, service } = await lived(1);
    const users = world.region.createBackup({ instanceId: id, name: 'mine' });
    const foreign = await backup(users.id);
    expect(foreign).toMatchObject({ fate: null, going: { kind: 'never', because: { rule: 'made-by-user' } } });
    const pause = { owner: 'anna', note: 'audit', untilUtc: world.clock.nowUtc() + DAY };
    await service.life().standstills.pause(id, pause, world.clock.nowUtc());
    const [ours] = world.backups(id);
    expect((await backup(ours?.id)).going).toMatchObject({ kind: 'blocked', because: { rule: 'paused' } });
    await expect(backup('nothing')).rejects.toThrow('there is no backup nothing');
  });
});

describe('of a slot', () => {
  test('that has passed: why then, why full or incremental, and how it ended', async () => {
    const { id, slot, service } = await lived(3);
    const [first, second] = service.runs(id);
    expect(await slot(first?.slot_utc)).toMatchObject({
      state: 'completed',
      time: [{ rule: 'first-within' }],
      kind: { rule: 'no-chain' },
      because: { rule: 'backup-completed' },
    });
    expect(await slot(second?.slot_utc)).toMatchObject({
      time: [{ rule: 'slot-elapsed' }],
      kind: { rule: 'continues-chain' },
    });
  });

  test('to come: the kind that is foretold is the one that is made', async () => {
    const { world, id, slot, service } = await lived(2);
    const next = service.schedules()[0]?.next_slot_utc ?? 0;
    const foretold = await Promise.all([0, 1, 2, 3].map((n) => slot(next + n * HOUR)));
    expect(foretold.map(({ state }) => state)).toEqual(Array(4).fill('to-come'));
    await world.completed(id, 6);
    const made = service.runs(id).slice(2, 6);
    expect(foretold.map(({ kind }) => kind?.rule)).toEqual(made.map((run) => run.kind_because?.rule));
  });

  test('that will be skipped, that there is none of, or of an instance that nobody knows', async () => {
    const { world, id, slot, service } = await lived(1);
    const next = service.schedules()[0]?.next_slot_utc ?? 0;
    expect(await slot(next + 1)).toMatchObject({ state: 'none', because: { rule: 'slot-unknown' } });
    const pause = { owner: 'anna', note: 'audit', untilUtc: next + MINUTE };
    await service.life().standstills.pause(id, pause, world.clock.nowUtc());
    expect(await slot(next)).toMatchObject({ state: 'to-come', because: { rule: 'paused' } });
    world.reload({ exclude: { projects: [], datastores: [], names: ['orders'] } });
    await world.advance(MINUTE);
    expect(await slot(next + HOUR)).toMatchObject({ state: 'none' });
    await expect(service.life().explain.slot('nobody', next, signal)).rejects.toThrow(/nobody was never seen/);
  });
});

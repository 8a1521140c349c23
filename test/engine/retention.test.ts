import { describe, expect, test } from 'vitest';
import type { Policy, Retention } from '../../lib/core/index.ts';
import { DAY, every, HOUR, MINUTE, SECOND } from '../core/builders.ts';
import { HOURLY, openWorld, type World, type WorldOptions } from './world.ts';

const RETENTION: Retention = {
  keep: { last: 2 },
  minimumFulls: 1,
  onDelete: { keepMs: 2 * DAY, lastChainMs: 4 * DAY },
  anchor: false,
};
const keeping = (over: Partial<Retention> = {}): Policy => ({ ...HOURLY, retention: { ...RETENTION, ...over } });

/** An instance with so many backups, an hour apart, three to a chain. What may go is marked as soon as it is seen. */
async function lived(count: number, options: WorldOptions = {}) {
  const world = openWorld({ policies: [keeping()], quarantineMs: 0, graceMs: 3 * HOUR, ...options });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, count);
  return { world, id, region: world.region, service: world.service };
}

const ids = (world: World, id: string): readonly string[] => world.backups(id).map((backup) => backup.id);
const madeBy = ({ service }: World, id: string): readonly (string | null)[] =>
  service.runs(id).flatMap((run) => (run.state === 'completed' ? [run.backup_id] : []));
const reasons = ({ service }: World, event: string): readonly string[] => [
  ...new Set(service.events(event).map((line) => (line['because'] as { rule: string }).rule)),
];
/** Every DELETE was of a leaf. */
const takenWhole = ({ region }: World): readonly string[] =>
  region.backups().flatMap(({ id, parentId, deletedUtc }) => {
    const parent = region.backups().find((backup) => backup.id === parentId);
    return parent?.deletedUtc && (deletedUtc === null || deletedUtc > parent.deletedUtc) ? [id] : [];
  });

test('chains roll over, and after its grace what no rule keeps is gone: exactly that', async () => {
  const { world, id, service } = await lived(14);
  await world.advance(30 * MINUTE);
  const made = madeBy(world, id);
  // 12 full, 13 and 14 on it; the newest two and what they stand on, and what was marked within three hours.
  expect(ids(world, id)).toEqual(made.slice(-ids(world, id).length));
  expect(ids(world, id).length).toBeGreaterThanOrEqual(3);
  expect(ids(world, id).length).toBeLessThanOrEqual(8);
  expect(reasons(world, 'prune.marked')).toEqual(['unwanted']);
  const marked = service.events('prune.marked').map((line) => line['backup']);
  expect(new Set(marked).size).toBe(marked.length);
  expect(service.events('prune.lifted')).toEqual([]);
  expect(service.events('prune.deleted').length).toBe(made.length - ids(world, id).length);
  expect(takenWhole(world)).toEqual([]);
});

test('nothing goes before its grace has ended, and each is told when that is', async () => {
  const { world, id, service } = await lived(5);
  await world.until(() => service.events('prune.marked').length >= 3);
  for (const { atUtc, untilUtc } of service.events('prune.marked')) expect(untilUtc).toBe(atUtc + 3 * HOUR);
  const first = Number(service.events('prune.marked')[0]?.['untilUtc']);
  await world.advance(first - world.clock.nowUtc() - 1);
  expect(service.wire.deletions).toEqual([]);
  await world.advance(15 * MINUTE);
  expect(service.wire.deletions.length).toBeGreaterThan(0);
  expect(ids(world, id).length).toBeGreaterThan(0);
});

test('in the first day of a store marks are made, and nothing is deleted', async () => {
  const { world, service } = await lived(12, { quarantineMs: DAY });
  expect(service.events('prune.marked').length).toBeGreaterThan(5);
  expect(service.wire.deletions).toEqual([]);
  expect(reasons(world, 'prune.blocked')).toEqual(['quarantine']);
  await world.advance(DAY);
  expect(service.wire.deletions.length).toBeGreaterThan(5);
});

describe('what stays', () => {
  test("what a user's backup stands on, which is said once, and goes when that is gone", async () => {
    const { world, id, region, service } = await lived(3);
    const ours = ids(world, id);
    const users = region.createBackup({ instanceId: id, name: 'mine', parentId: ours[1] ?? '' });
    await world.completed(id, 12);
    expect(ids(world, id)).toEqual(expect.arrayContaining([ours[0], ours[1], users.id]));
    expect(ids(world, id)).not.toContain(ours[2]);
    const told = service.events('prune.blocked');
    expect(told.map(({ backup }) => backup).toSorted()).toEqual(ours.slice(0, 2).toSorted());
    for (const { because } of told) expect(because).toMatchObject({ rule: 'has-child', params: { child: users.id } });
    region.deleteBackup(users.id);
    await world.advance(5 * HOUR);
    for (const gone of ours) expect(ids(world, id)).not.toContain(gone);
    expect(takenWhole(world)).toEqual([]);
  });

  test('what is held, with what it stands on, until it is released', async () => {
    const { world, id, service } = await lived(3);
    const ours = ids(world, id);
    const of = { instanceId: id, projectId: world.project, backupId: ours[1] ?? '' };
    const { retention } = service.life();
    await retention.hold({ ...of, owner: 'anna', note: 'audit', untilUtc: null }, world.clock.nowUtc());
    await world.completed(id, 12);
    expect(ids(world, id).slice(0, 2)).toEqual(ours.slice(0, 2));
    expect(ids(world, id)).not.toContain(ours[2]);
    expect(await retention.release(of)).toBe(true);
    await world.advance(5 * HOUR);
    expect(ids(world, id)).not.toContain(ours[0]);
  });

  test('whose mark is taken back within its grace: for seven days it is not marked again', async () => {
    const { world, id, service } = await lived(5);
    await world.until(() => service.events('prune.marked').length >= 1);
    const [mark] = service.events('prune.marked');
    const backup = String(mark?.['backup']);
    const by = { projectId: world.project, backupId: backup, owner: 'anna', note: 'taken back' };
    expect(await service.life().holds.undo(by)).toBe(world.clock.nowUtc() + 7 * DAY);
    // Half a day stands for the week, which is long in hourly backups.
    const untilUtc = world.clock.nowUtc() + 12 * HOUR;
    await service.life().retention.hold({ ...by, instanceId: id, untilUtc }, world.clock.nowUtc());
    await world.advance(11 * HOUR);
    expect(ids(world, id)).toContain(backup);
    expect(service.events('prune.marked').filter((line) => line['backup'] === backup)).toHaveLength(1);
    await world.advance(6 * HOUR);
    expect(ids(world, id)).not.toContain(backup);
  });

  test('what a wider policy wants again: its marks are lifted', async () => {
    const { world, id, service } = await lived(5);
    await world.until(() => service.events('prune.marked').length >= 3);
    world.reload({ policies: [keeping({ keep: { last: 100 } })] });
    await world.advance(DAY);
    expect(service.wire.deletions).toEqual([]);
    expect(reasons(world, 'prune.lifted')).toEqual(['wanted-again']);
    expect(ids(world, id)).toEqual(madeBy(world, id));
  });

  test('all of an instance whose policy is gone, or that is excluded', async () => {
    const { world, id, service } = await lived(5);
    world.reload({ policies: [] });
    await world.advance(12 * HOUR);
    expect(service.wire.deletions).toEqual([]);
    world.reload({ policies: [keeping()], exclude: { projects: [], datastores: [], names: ['orders'] } });
    await world.advance(12 * HOUR);
    expect(service.wire.deletions).toEqual([]);
    expect(ids(world, id)).toEqual(madeBy(world, id));
  });

  test('all, in mode "observe"', async () => {
    const { world, id, service } = await lived(5);
    world.reload({ observe: true });
    await world.advance(90 * MINUTE);
    expect(service.wire.deletions).toEqual([]);
    expect(ids(world, id)).toEqual(madeBy(world, id));
  });

  test('all, while an instance of the project is being built from one of them, maybe', async () => {
    const { world, region, service } = await lived(4);
    const restored = world.instance('restored');
    region.changeInstance(restored, { task: 'BUILDING' });
    await world.advance(8 * HOUR);
    expect(service.wire.deletions).toEqual([]);
    expect(reasons(world, 'prune.blocked')).toContain('restore-may-read');
    region.changeInstance(restored, { task: 'NONE' });
    await world.advance(2 * HOUR);
    expect(service.wire.deletions.length).toBeGreaterThan(0);
  });

  test('all, while no backup has succeeded for two intervals', async () => {
    const { world, id, region, service } = await lived(5);
    region.control.failBackupsOf.add(id);
    await world.advance(2 * HOUR);
    const before = service.wire.deletions.length;
    await world.advance(DAY);
    const since = service.wire.deletions.slice(before).map(({ backup }) => backup?.status);
    expect(since.filter((status) => status !== 'FAILED')).toEqual([]);
    expect(reasons(world, 'prune.blocked')).toContain('no-recent-success');
    region.control.failBackupsOf.clear();
    await world.advance(1.5 * DAY);
    expect(ids(world, id).length).toBeLessThan(10);
  });
});

test('of an instance that is gone all stays for a while, then the last chain, then nothing', async () => {
  const { world, id, region, service } = await lived(9, { graceMs: HOUR });
  await world.advance(HOUR);
  region.deleteInstance(id);
  await world.advance(HOUR);
  const left = ids(world, id);
  expect(left.length).toBeGreaterThanOrEqual(3);
  await world.advance(1.8 * DAY);
  expect(ids(world, id)).toEqual(left);
  await world.advance(DAY);
  const chain = ids(world, id);
  expect(chain.length).toBeLessThan(left.length + 1);
  expect(chain.at(-1)).toBe(left.at(-1));
  expect(chain.length).toBeGreaterThan(0);
  await world.advance(2.2 * DAY);
  expect(ids(world, id)).toEqual([]);
  expect(takenWhole(world)).toEqual([]);
  // A new one of the same name inherits nothing.
  const next = world.instance('orders');
  await world.completed(next, 1);
  expect(service.runs(next)[0]).toMatchObject({ kind_because: { rule: 'no-chain' } });
});

test('killed before or after any DELETE, what is left can be restored from', async () => {
  const { world, id, service } = await lived(3, { graceMs: HOUR });
  for (let n = 0; n < 12; n++) {
    service.crashAt(n % 2 === 0 ? 'intend' : 'gone');
    await world.until(() => !service.isUp(), 12 * HOUR);
    const left = new Set(ids(world, id));
    for (const { parentId } of world.backups(id)) if (parentId !== null) expect(left).toContain(parentId);
    await service.start();
  }
  // An intent whose DELETE never left is given up after a day.
  await world.advance(DAY + 6 * HOUR);
  expect(takenWhole(world)).toEqual([]);
  expect(ids(world, id).length).toBeLessThan(9);
});

test.each([
  ['', async () => undefined],
  [', though the service is killed when it is right again', (world: World) => world.restart()],
])('for a grace after the clock was wrong nothing is deleted%s', async (_, meanwhile) => {
  const { world, service } = await lived(6);
  service.setClock(DAY);
  await world.advance(2 * HOUR);
  const before = service.wire.deletions.length;
  service.setClock(0);
  await world.until(() => service.events('clock.trusted').length === 1);
  await meanwhile(world);
  await world.advance(2.9 * HOUR);
  expect(service.wire.deletions.length).toBe(before);
  expect(reasons(world, 'prune.blocked')).toContain('clock-was-wrong');
  await world.advance(3 * HOUR);
  expect(service.wire.deletions.length).toBeGreaterThan(before);
});

test('a service that is killed while its clock is wrong deletes nothing for a grace after it comes back with the right one', async () => {
  const { world, service } = await lived(6);
  service.setClock(DAY);
  await world.advance(2 * HOUR);
  const before = service.wire.deletions.length;
  service.crash();
  service.setClock(0);
  await service.start();
  await world.advance(2.9 * HOUR);
  expect(service.wire.deletions.length).toBe(before);
  expect(reasons(world, 'prune.blocked')).toContain('clock-was-wrong');
  await world.advance(3 * HOUR);
  expect(service.wire.deletions.length).toBeGreaterThan(before);
});

test('slots that come in step with its own pauses do not keep it from its turn', async () => {
  const policies = [{ ...keeping(), cadence: every(5 * SECOND), firstWithinMs: 2 * SECOND }];
  const world = openWorld({
    ...{ policies, quarantineMs: 0, graceMs: 3 * SECOND, reconcileMs: 2 * SECOND },
    region: { backupMs: 500 },
  });
  world.service.wire.latencyMs = 300;
  world.instance('orders');
  await world.service.start();
  await world.until(() => world.service.wire.deletions.length > 5, 3 * MINUTE);
});

test('where lists are planned for once an hour alone, what is new and graces that end are seen in time', async () => {
  const { world, id, service } = await lived(8, { pruneEveryMs: 12 * HOUR });
  const marked = new Map(service.events('prune.marked').map((line) => [line['backup'], Number(line['untilUtc'])]));
  expect(marked.size).toBeGreaterThan(0);
  await world.advance(4 * HOUR);
  const deleted = service.events('prune.deleted').filter((line) => marked.has(String(line['backup'])));
  expect(deleted).toHaveLength(marked.size);
  for (const line of deleted) {
    expect(line.atUtc - (marked.get(line['backup']) ?? 0)).toBeLessThan(30 * MINUTE);
  }
  expect(ids(world, id).length).toBeGreaterThan(2);
});

import { expect, test } from 'vitest';
import { DAY, every, HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

/** Once in two days: one slot an instance in all of this. */
const RARE = { ...HOURLY, cadence: every(2 * DAY) };
const LONG = { region: { backupMs: 3 * HOUR }, policies: [RARE] };

const running = ({ service }: World, id: string): boolean => service.runs(id)[0]?.state === 'running';

test('the backup of a deleted instance ends with its tombstone, and holds no place from then on', async () => {
  const world = openWorld({ ...LONG, caps: { concurrent: 1, perProject: 1 } });
  const id = world.instance('orders');
  await world.service.start();
  await world.until(() => running(world, id));
  world.region.deleteInstance(id);
  const other = world.instance('next-one');
  await world.until(() => world.service.events('instance.gone', id).length === 1, HOUR);
  await world.until(() => world.service.events('run.aborted', id).length === 1, 2 * MINUTE);
  expect(world.service.runs(id)).toMatchObject([{ state: 'aborted', because: { rule: 'instance-gone' } }]);
  expect(world.region.backups()[0]).toMatchObject({ status: 'BUILDING', deletedUtc: null });
  await world.completed(other, 1);
});

const RETENTION = {
  keep: { last: 1 },
  minimumFulls: 1,
  onDelete: { keepMs: DAY, lastChainMs: 2 * DAY },
  anchor: false,
};

test.each([
  { trove: 'master', says: 'a newer Trove lets it go after three days', left: 0 },
  { trove: '18', says: 'Trove 18 never does, and is asked once a day', left: 1 },
] as const)(
  'what a deleted instance leaves BUILDING is deleted when its time is over: $says',
  async ({ trove, left }) => {
    const world = openWorld({
      region: { backupMs: 3 * HOUR, trove },
      policies: [{ ...RARE, retention: RETENTION }],
      quarantineMs: 0,
      graceMs: HOUR,
      reconcileMs: HOUR,
    });
    const id = world.instance('orders');
    await world.service.start();
    await world.until(() => running(world, id));
    world.region.deleteInstance(id);
    await world.advance(5 * DAY);
    expect(world.backups(id)).toHaveLength(left);
    const { deletions } = world.service.wire;
    expect(deletions.length).toBeGreaterThan(1);
    expect(deletions.length).toBeLessThanOrEqual(5);
    expect(world.service.events('prune.marked', id)).toMatchObject([{ because: { rule: 'left-by-instance' } }]);
  },
  120_000,
);

test('a run of a project that shuts us out is followed as admin to its end', async () => {
  const world = openWorld(LONG);
  const id = world.instance('orders');
  await world.service.start();
  await world.until(() => running(world, id));
  world.region.revokeInherited(world.user, 'database_backup');
  await world.until(() => world.service.events('run.completed', id).length === 1, 4 * HOUR);
  expect(world.service.events('track.failed')).toEqual([]);
});

test('a lost answer of a project that shuts us out is found as admin by its marker', async () => {
  const world = openWorld({ policies: [RARE] });
  const id = world.instance('orders');
  world.service.wire.next(async (forward) => {
    await forward();
    world.region.revokeInherited(world.user, 'database_backup');
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { syscall: 'read' }) });
  });
  await world.service.start();
  await world.until(() => world.service.events('run.completed', id).length === 1, HOUR);
  expect(world.service.events('run.adopted', id)).toHaveLength(1);
});

test('a backup that its owner deleted after shutting us out is seen by an admin to be no more', async () => {
  const world = openWorld(LONG);
  const id = world.instance('orders');
  await world.service.start();
  await world.until(() => running(world, id));
  world.region.revokeInherited(world.user, 'database_backup');
  world.region.deleteBackup(world.backups(id)[0]?.id ?? '');
  await world.until(() => world.service.events('run.aborted', id).length === 1, HOUR);
  expect(world.service.runs(id)).toMatchObject([{ state: 'aborted', because: { rule: 'backup-vanished' } }]);
});

test('a run that nobody can follow any more ends a day after the tombstone of its instance', async () => {
  const world = openWorld(LONG);
  const id = world.instance('orders');
  await world.service.start();
  await world.until(() => running(world, id));
  world.region.deleteInstance(id);
  world.region.revokeInherited(world.user, 'database_backup');
  await world.until(() => world.service.events('instance.gone', id).length === 1, HOUR);
  world.region.intercept(async (request, next) =>
    /\/backups\?.*project_id=/.test(request.url) ? new Response('no', { status: 503 }) : next(request),
  );
  await world.advance(23 * HOUR);
  expect(running(world, id)).toBe(true);
  expect(world.service.events('track.failed').length).toBeGreaterThan(0);
  await world.until(() => world.service.events('run.aborted', id).length === 1, 3 * HOUR);
  expect(world.service.runs(id)).toMatchObject([{ state: 'aborted', because: { rule: 'instance-gone' } }]);
});

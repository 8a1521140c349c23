import { expect, test } from 'vitest';
import { DAY, every, HOUR, iso, MINUTE } from '../core/builders.ts';
import { createChaos } from './chaos.ts';
import { dice } from './dice.ts';
import { unexplained } from './laws.ts';
import { holes } from './slots-passed.ts';
import { HOURLY, openWorld, type World } from './world.ts';

/** Whatever is left open or unclaimed after a quiet day. */
function leftovers({ clock, region, service }: World): readonly string[] {
  const runs = service.runs();
  const rows = new Map(region.backups().map((row) => [row.id, row]));
  const known = new Set(runs.map(({ backup_id }) => backup_id));
  return [
    ...runs
      .filter(({ ended_utc, slot_utc }) => ended_utc === null && slot_utc < clock.nowUtc() - 6 * HOUR)
      .map(({ run_id, state, because }) => `run ${run_id} is still ${state}: ${because?.rule}`),
    ...runs
      .filter(({ state, backup_id }) => state === 'completed' && rows.get(backup_id ?? '')?.status !== 'COMPLETED')
      .map(({ run_id }) => `run ${run_id} is completed, but its backup is not`),
    ...[...rows.values()]
      .filter(({ name, id }) => name.startsWith('auto-') && !known.has(id))
      .map(({ name, status }) => `backup ${name} (${status}) belongs to no run`),
    ...holes(service.schedules(), runs, service.events('schedule.hastened')),
    ...unexplained(runs.filter(({ ended_utc }) => ended_utc !== null)),
  ];
}

/** `WALK_SEEDS=3,4,5` for other walks than those of every day. */
const SEEDS = (process.env['WALK_SEEDS'] ?? '1,2').split(',').map(Number);

test.each(SEEDS)(
  'three days of faults, kills and users (seed %i): one backup a slot at most, and in the end all is well',
  async (seed) => {
    const roll = dice(seed);
    const policies = [{ ...HOURLY, cadence: every(6 * HOUR) }];
    const world = openWorld({
      policies,
      caps: { concurrent: 2, perProject: 2 },
      region: { maxBackups: 10_000, backupMs: MINUTE },
    });
    const { service, region } = world;
    const projects = [world.project, region.createProject({ name: 'a' }).id, region.createProject({ name: 'b' }).id];
    for (const [n, of] of [0, 0, 1, 1, 2].entries()) world.instance(`db-${n}`, { projectId: projects[of] ?? '' });
    await service.start();
    const chaos = createChaos(world, roll);
    while (world.clock.monotonicMs() < 1.75 * DAY) {
      await chaos();
      expect(world.broken()).toEqual([]);
    }
    // A lost answer is given up after a day, so a quiet day ends it all.
    service.crash();
    service.wire.clear();
    service.setClock(0);
    await world.advance(2 * HOUR);
    Object.assign(region.control, { busDown: false, swiftDown: false });
    await service.start();
    await world.advance(25 * HOUR);
    expect(leftovers(world)).toEqual([]);
    for (const { id } of region.instances().filter(({ deletedUtc }) => deletedUtc === null)) {
      const last = service
        .runs(id)
        .filter(({ ended_utc }) => ended_utc !== null)
        .at(-1);
      expect([last?.state, iso(last?.slot_utc ?? 0) > iso(world.clock.nowUtc() - 7 * HOUR)]).toEqual([
        'completed',
        true,
      ]);
    }
    // It was no idle walk.
    expect(service.events('run.unknown').length).toBeGreaterThan(2);
    expect(service.events('run.adopted').length).toBeGreaterThan(1);
  },
  120_000,
);

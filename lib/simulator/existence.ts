import { statusOf } from './instance-state.ts';
import type { Caller } from './rows.ts';
import type { World } from './world.ts';

/** Tells of each living instance, again and again; an hour apart in Trove. Trove: trove/extensions/mgmt/instances/models.py, NotificationTransformer */
export function announceExistence(world: World, everyMs: number): void {
  const caller: Caller = {
    userId: 'trove',
    projectId: '',
    roles: [],
    admin: false,
    requestId: world.ids.request(),
  };
  world.clock.after(everyMs, () => {
    const untilUtc = world.clock.nowUtc();
    for (const row of world.tables.instances.values()) {
      if (row.deletedUtc === null)
        world.notifier.exists(caller, row, statusOf(world, row), untilUtc - everyMs, untilUtc);
    }
    announceExistence(world, everyMs);
  });
}

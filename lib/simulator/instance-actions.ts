import { ramMb } from './flavors.ts';
import { assertActionable, readInstance } from './instance-state.ts';
import { ordered } from './ordered.ts';
import type { Caller, DatastoreVersion, InstanceRow, Task } from './rows.ts';
import { TroveFault } from './wire.ts';
import type { World } from './world.ts';

// What is done to a living instance. Each takes the order; the task manager and the guest do the work.
// Trove: trove/instance/models.py, Instance; trove/taskmanager/models.py, BuiltInstanceTasks

/** The datastore restarts: for a moment the instance says ACTIVE already, and still takes no order. */
export async function restart(world: World, caller: Caller, id: string): Promise<void> {
  const { restartMs, guestMs } = world.control.timings;
  await ordered(world, caller, 'instance_restart', { instance_id: id }, (end) => {
    const row = actionable(world, caller, id);
    begin(world, [row], 'REBOOTING');
    report(world, row, 'RESTARTING');
    world.taskManager.later(restartMs, () => {
      finish(world, [row]);
      world.clock.after(guestMs, () => report(world, row, 'HEALTHY'));
      end();
    });
  });
}

export async function resizeVolume(world: World, caller: Caller, id: string, sizeGb: number): Promise<void> {
  await ordered(world, caller, 'instance_resize_volume', { instance_id: id, new_size: sizeGb }, (end) => {
    const row = actionable(world, caller, id);
    if (!(sizeGb > row.volumeGb)) {
      const text = `The new volume 'size' must be larger than the current volume size of '${row.volumeGb}'.`;
      throw new TroveFault(400, text);
    }
    world.quotas.take(caller.projectId, { volumes: sizeGb - row.volumeGb });
    begin(world, [row], 'RESIZING');
    world.taskManager.later(world.control.timings.resizeMs, () => {
      row.volumeGb = sizeGb;
      finish(world, [row]);
      end();
    });
  });
}

export async function resizeFlavor(world: World, caller: Caller, id: string, flavorId: string): Promise<void> {
  const { resizeMs } = world.control.timings;
  await ordered(world, caller, 'instance_resize_instance', { instance_id: id, new_flavor_id: flavorId }, (end) => {
    const row = actionable(world, caller, id);
    if (ramMb(flavorId) === 0) throw new TroveFault(400, `Resource ${flavorId} cannot be found.`);
    if (flavorId === row.flavorId) {
      const text = `The new flavor id must be different than the current flavor id of '${flavorId}'.`;
      throw new TroveFault(400, text);
    }
    world.quotas.take(caller.projectId, { ram: ramMb(flavorId) - ramMb(row.flavorId) });
    begin(world, [row], 'RESIZING');
    world.taskManager.later(resizeMs / 2, () => report(world, row, 'SHUTDOWN'));
    world.taskManager.later(resizeMs, () => {
      row.flavorId = flavorId;
      report(world, row, 'HEALTHY');
      finish(world, [row]);
      end();
    });
  });
}

/** To another version of the datastore. The backups made before stay as they were. */
export async function upgrade(world: World, caller: Caller, id: string, version: DatastoreVersion): Promise<void> {
  const traits = { instance_id: id, datastore_version_id: version.id };
  await ordered(world, caller, 'upgrade', traits, (end) => {
    const row = actionable(world, caller, id);
    begin(world, [row], 'UPGRADING');
    world.taskManager.later(world.control.timings.resizeMs, () => {
      row.datastore = version;
      report(world, row, 'HEALTHY');
      finish(world, [row]);
      end();
    });
  });
}

/** An operator's remedy: what is done to the instance is forgotten, and its running backups are called FAILED. */
export async function resetStatus(world: World, caller: Caller, id: string): Promise<void> {
  await ordered(world, caller, 'instance_reset_status', { instance_id: id }, () => {
    const row = readInstance(world, caller, id);
    finish(world, [row]);
    report(world, row, 'ERROR');
    for (const backup of world.tables.runningBackupsOf(id)) {
      world.tables.changeBackup(backup, world.clock.nowUtc(), { status: 'FAILED' });
    }
    world.clock.after(world.control.timings.heartbeatMs, () => {
      if (!world.control.silent.has(id)) report(world, row, 'HEALTHY');
    });
  });
}

export function actionable(world: World, caller: Caller, id: string): InstanceRow {
  const row = readInstance(world, caller, id);
  assertActionable(world, row);
  if (row.clusterId !== null && !caller.admin) {
    throw new TroveFault(501, 'Operation not supported for instances that are part of a cluster.');
  }
  return row;
}

export function begin(world: World, rows: readonly InstanceRow[], task: Task): void {
  for (const row of rows) Object.assign(row, { task, updatedUtc: world.clock.nowUtc() });
}

export function finish(world: World, rows: readonly InstanceRow[]): void {
  for (const row of rows) {
    if (row.deletedUtc === null) Object.assign(row, { task: 'NONE', updatedUtc: world.clock.nowUtc() });
  }
}

function report(world: World, row: InstanceRow, service: InstanceRow['service']): void {
  if (row.deletedUtc === null) Object.assign(row, { service, serviceUpdatedUtc: world.clock.nowUtc() });
}

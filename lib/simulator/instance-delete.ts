import { ramMb } from './flavors.ts';
import { readInstance, recordFault, statusOf } from './instance-state.ts';
import { refused } from './refusal.ts';
import type { Caller, InstanceRow } from './rows.ts';
import { TroveFault } from './wire.ts';
import type { World } from './world.ts';

/** Accepts a DELETE; backups stay. Throws `TroveFault`: 404, 422 (BUILD), 403 (has replicas), 501 (in a cluster). */
export async function deleteInstance(world: World, caller: Caller, id: string): Promise<void> {
  readInstance(world, caller, id);
  await world.bus.up();
  const traits = { instance_id: id };
  world.notifier.action(caller, 'api', 'instance_delete', 'start', traits);
  try {
    const row = readInstance(world, caller, id);
    assertDeletable(world, row);
    row.task = 'DELETING';
    row.updatedUtc = world.clock.nowUtc();
    world.quotas.take(row.projectId, { instances: -1, ram: -ramMb(row.flavorId), volumes: -row.volumeGb });
    world.taskManager.later(world.control.timings.deleteInstanceMs, () => eraseInstance(world, caller, row));
  } catch (fault) {
    refused(world, caller, 'instance_delete', traits, fault);
    recordFault(world, id, fault);
    throw fault;
  }
}

/** Trove: trove/instance/models.py, BaseInstance.delete */
function assertDeletable(world: World, row: InstanceRow): void {
  const status = statusOf(world, row);
  if (status === 'BUILD') throw new TroveFault(422, `Instance ${row.id} is not ready. (Status is ${status}).`);
  if (row.clusterId !== null) {
    throw new TroveFault(501, 'Operation not supported for instances that are part of a cluster.');
  }
  if (world.tables.replicasOf(row.id).length > 0) {
    throw new TroveFault(403, 'Detach replicas before deleting replica source.');
  }
}

/** The row stays, marked deleted, without what it pointed at. Trove: BaseInstance.delete_async */
export function eraseInstance(world: World, caller: Caller | null, row: InstanceRow): void {
  if (row.deletedUtc !== null) return;
  const utc = world.clock.nowUtc();
  if (caller !== null) world.notifier.instance(caller, 'delete', row);
  world.tables.retireInstance(row);
  Object.assign(row, { deletedUtc: utc, updatedUtc: utc, serviceUpdatedUtc: utc });
  Object.assign(row, { task: 'NONE', service: 'DELETED', serverStatus: 'SHUTDOWN', datastore: null, fault: null });
  if (caller === null) return;
  const notification_classname = 'trove.common.notification.DBaaSInstanceDelete';
  world.notifier.action(caller, 'taskmanager', 'instance_delete', 'end', {
    instance_id: row.id,
    notification_classname,
  });
}

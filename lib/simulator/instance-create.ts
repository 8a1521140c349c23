import { newestCompleted } from './backup-create.ts';
import { readBackup } from './backup-life.ts';
import { ramMb } from './flavors.ts';
import { insertInstance, settle } from './instance-life.ts';
import { readInstance } from './instance-state.ts';
import { refused } from './refusal.ts';
import { type ReplicaSteps, startReplica } from './replicas.ts';
import type { Caller, DatastoreVersion, InstanceRow } from './rows.ts';
import { type Json, notFound, TroveFault } from './wire.ts';
import type { World } from './world.ts';

/** A checked body of `POST /instances`. */
export interface InstanceOrder {
  readonly name: string;
  readonly flavorId: string;
  readonly volumeGb: number;
  readonly datastore: DatastoreVersion;
  readonly replicaOf: string | null;
  readonly restoreFrom: string | null;
}

/** Takes the order; the instance is BUILD when this returns. Trove: trove/instance/models.py, Instance.create */
export async function createInstance(world: World, caller: Caller, order: InstanceOrder): Promise<InstanceRow> {
  if (order.restoreFrom !== null) assertRestorable(world, caller, order, order.restoreFrom);
  await world.bus.up();
  const traits = createTraits(world, order);
  world.notifier.action(caller, 'api', 'instance_create', 'start', traits);
  const deltas = { instances: 1, ram: ramMb(order.flavorId), volumes: order.volumeGb };
  try {
    world.quotas.take(caller.projectId, deltas);
  } catch (fault) {
    refused(world, caller, 'instance_create', traits, fault);
    throw fault;
  }
  const row = insertInstance(world, caller.projectId, order);
  if (order.replicaOf === null) {
    world.taskManager.later(world.control.timings.prepareMs, () => becomeActive(world, caller, row, traits));
  } else {
    const parentId = newestCompleted(world, caller, order.replicaOf);
    const replica = Object.assign(row, { datastore: order.datastore });
    startReplica(world, caller, replica, parentId, replicaSteps(world, caller, row, traits));
  }
  return row;
}

function becomeActive(world: World, caller: Caller, row: InstanceRow, traits: Json): void {
  if (row.deletedUtc !== null || row.task !== 'BUILDING') return;
  settle(row, world.clock.nowUtc());
  world.notifier.instance(caller, 'create', row);
  const notification_classname = 'trove.common.notification.DBaaSInstanceCreate';
  const ended = { ...traits, instance_id: row.id, notification_classname };
  world.notifier.action(caller, 'taskmanager', 'instance_create', 'end', ended);
}

function replicaSteps(world: World, caller: Caller, row: InstanceRow, traits: Json): ReplicaSteps {
  const ended = { ...traits, instance_id: row.id };
  const tell = (phase: 'end' | 'error', more: Json) =>
    world.notifier.action(caller, 'taskmanager', 'instance_create', phase, { ...ended, ...more });
  return {
    up: () => {
      if (row.deletedUtc !== null) return;
      settle(row, world.clock.nowUtc());
      world.notifier.instance(caller, 'create', row);
    },
    end: () => tell('end', {}),
    error: (message) => tell('error', { message, exception: [] }),
  };
}

/** Another version of the same datastore will do. Trove: trove/instance/models.py, Instance.create */
function assertRestorable(world: World, caller: Caller, order: InstanceOrder, backupId: string): void {
  const { status, sizeGb, datastore } = readBackup(world, caller, backupId);
  if (status !== 'COMPLETED' && status !== 'RESTORED') {
    const text = `Unable to create instance because backup ${backupId} is not completed. Actual state: ${status}.`;
    throw new TroveFault(409, text);
  }
  if (sizeGb !== null && sizeGb > order.volumeGb) {
    const sizes = `Backup size: ${sizeGb.toFixed(1)} GBs. Available size: ${order.volumeGb} GBs.`;
    throw new TroveFault(403, `Backup is too large for given flavor or volume. ${sizes}`);
  }
  if (datastore.type === order.datastore.type) return;
  const from = `The datastore from which the backup was taken, ${datastore.type},`;
  throw new TroveFault(400, `${from} does not match the destination datastore of ${order.datastore.type}.`);
}

function createTraits(world: World, order: InstanceOrder): Json {
  return {
    name: order.name,
    flavor_id: order.flavorId,
    datastore: order.datastore.type,
    datastore_version: order.datastore.version,
    image_id: order.datastore.imageId,
    availability_zone: null,
    region_name: world.region,
    locality: null,
    volume_type: order.replicaOf === null ? null : 'lvm',
    volume_size: order.volumeGb,
    ...(order.restoreFrom !== null && { backup_id: order.restoreFrom }),
    ...(order.replicaOf !== null && { replica_of: order.replicaOf, replica_count: 1 }),
    nics: [{ network_id: world.ids.uuid() }],
  };
}

/** The master of a replica to be. Trove: trove/instance/service.py, InstanceController.create */
export function readMaster(
  world: World,
  caller: Caller,
  id: string,
): InstanceRow & { readonly datastore: DatastoreVersion } {
  const row = readInstance(world, caller, id);
  // Trove raises a bare Forbidden here, which its table of errors makes a 401.
  if (row.replicaOf !== null) throw new TroveFault(401, `Cannot create a replica of a replica ${id}`);
  const { datastore } = row;
  if (datastore === null) throw notFound(id);
  return Object.assign(row, { datastore });
}

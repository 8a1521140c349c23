import { removeWithChildren } from './backup-delete.ts';
import { completeBackup, insertBackup } from './backup-life.ts';
import type { Caller, DatastoreVersion, InstanceRow } from './rows.ts';
import { TroveFault } from './wire.ts';
import type { World } from './world.ts';

/** How a replica's build goes on and how it ends. */
export interface ReplicaSteps {
  up(): void;
  end(): void;
  error(message: string): void;
}

/**
 * A replica starts from a temporary backup of its master, an incremental on the newest COMPLETED one, whosever that is;
 * it goes, with whatever was built on it meanwhile, when the replica is up.
 * Trove: trove/taskmanager/models.py, get_replication_master_snapshot; manager.py, _create_replication_slave
 */
export function startReplica(
  world: World,
  caller: Caller,
  replica: InstanceRow & { readonly datastore: DatastoreVersion },
  parentId: string | null,
  steps: ReplicaSteps,
): void {
  const { clock, control } = world;
  world.taskManager.later(0, () => {
    const { id } = insertSnapshot(world, caller, replica, parentId);
    const full = faultOf(() => world.quotas.take(caller.projectId, { backups: 1 }));
    if (full !== null) {
      // Seen: the row is written before the quota is asked for, and stays NEW for ever: the master is blocked.
      Object.assign(replica, { task: 'BUILDING_ERROR_REPLICA', updatedUtc: clock.nowUtc() });
      steps.error(full.message);
      return;
    }
    clock.after(control.timings.snapshotMs, () => completeSnapshot(world, id));
    clock.after(control.timings.snapshotMs + control.timings.prepareMs, () => {
      steps.up();
      // Seen: a snapshot that cannot be deleted makes it an error, though the replica is ACTIVE.
      const kept = faultOf(() => removeWithChildren(world, caller, id, null));
      if (kept === null) steps.end();
      else steps.error(kept.message);
    });
  });
}

function insertSnapshot(
  world: World,
  caller: Caller,
  replica: InstanceRow & { readonly datastore: DatastoreVersion },
  parentId: string | null,
) {
  return insertBackup(world, caller.projectId, {
    name: `Replication snapshot for ${replica.id}`,
    description: 'Backup image used to initialize replication slave',
    instanceId: replica.replicaOf,
    parentId,
    datastore: replica.datastore,
  });
}

function completeSnapshot(world: World, id: string): void {
  const row = world.tables.backups.get(id);
  if (row !== undefined && row.deletedUtc === null) completeBackup(world, row, world.clock.nowUtc());
}

function faultOf(run: () => void): TroveFault | null {
  try {
    run();
    return null;
  } catch (fault) {
    if (fault instanceof TroveFault) return fault;
    throw fault;
  }
}

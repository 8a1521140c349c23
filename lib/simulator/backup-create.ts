import { assertSwift, insertBackup, readBackup, runBackup } from './backup-life.ts';
import { assertActionable, assertNova, readInstance, recordFault } from './instance-state.ts';
import { backupTraits } from './notifications.ts';
import { refused } from './refusal.ts';
import type { BackupRow, Caller } from './rows.ts';
import { internalError, notFound, TroveFault } from './wire.ts';
import type { World } from './world.ts';

/** A checked body of `POST /backups`. */
export interface BackupOrder {
  readonly name: string;
  readonly description: string | null;
  readonly instanceId: string;
  readonly parentId: string | null;
  readonly incremental: boolean;
}

/** Looks at most so far back for the parent of `incremental: 1`. Trove: backups_page_size */
const PAGE = 20;

/**
 * Takes the order; the row is NEW when this returns. Throws `TroveFault`: 404, 422 (busy), 401 (Swift), 413 (quota), 501.
 * Trove: trove/backup/models.py, Backup.create
 */
export async function createBackup(world: World, caller: Caller, order: BackupOrder): Promise<BackupRow> {
  // The start notification goes out first; nothing is checked or written before it.
  if (!world.control.rowBeforeHang) await world.bus.up();
  const traits = backupTraits(order);
  world.notifier.action(caller, 'api', 'backup_create', 'start', traits);
  try {
    const row = addRow(world, caller, order);
    await world.bus.up(); // for the order to the task manager
    world.taskManager.later(0, () =>
      world.notifier.action(caller, 'taskmanager', 'backup_create', 'end', { ...traits, backup_id: row.id }),
    );
    runBackup(world, row);
    return row;
  } catch (fault) {
    refused(world, caller, 'backup_create', traits, fault);
    recordFault(world, order.instanceId, fault);
    throw fault;
  }
}

function addRow(world: World, caller: Caller, order: BackupOrder): BackupRow {
  const instance = readInstance(world, caller, order.instanceId);
  assertNova(world, 400);
  assertActionable(world, instance);
  if (instance.clusterId !== null) {
    throw new TroveFault(501, 'Operation not supported for instances that are part of a cluster.');
  }
  assertSwift(world, caller);
  const { datastore } = instance;
  if (datastore === null) throw notFound(instance.id);
  const parentId = parentOf(world, caller, order);
  world.quotas.take(caller.projectId, { backups: 1 });
  const row = insertBackup(world, caller.projectId, { ...order, datastore, parentId });
  if (!world.control.ordersLost) return row;
  world.quotas.count(caller.projectId, { backups: -1 }); // rolled back, though the row is not
  throw internalError(world.ids.uuid());
}

/** A parent is only looked up: neither its instance, nor its state, nor its datastore is asked for. */
function parentOf(world: World, caller: Caller, order: BackupOrder): string | null {
  if (order.parentId !== null) return readBackup(world, caller, order.parentId).id;
  return order.incremental ? newestCompleted(world, caller, order.instanceId) : null;
}

/** Trove: Backup.get_last_completed */
export function newestCompleted(world: World, caller: Caller, instanceId: string): string | null {
  const seen = world.tables
    .backupsBy({ instanceId })
    .filter((row) => caller.admin || row.projectId === caller.projectId);
  return seen.slice(0, PAGE).find((row) => row.status === 'COMPLETED')?.id ?? null;
}

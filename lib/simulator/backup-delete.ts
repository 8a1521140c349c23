import { assertSwift, readBackup } from './backup-life.ts';
import { refused } from './refusal.ts';
import { type BackupRow, type Caller, isRunning } from './rows.ts';
import { TroveFault } from './wire.ts';
import type { World } from './world.ts';

/** What the bus is told of; null: nothing, as of a replica's snapshot. */
type Traits = { readonly backup_id: string } | null;

/**
 * Accepts a DELETE: the backup and all that stand on it go, a moment later. Throws `TroveFault`: 404, 422 (running), 401 (Swift).
 * Trove: trove/backup/service.py, BackupController.delete
 */
export async function deleteBackup(world: World, caller: Caller, id: string): Promise<void> {
  readBackup(world, caller, id);
  await world.bus.up();
  const traits = { backup_id: id };
  world.notifier.action(caller, 'api', 'backup_delete', 'start', traits);
  try {
    removeWithChildren(world, caller, id, traits);
  } catch (fault) {
    refused(world, caller, 'backup_delete', traits, fault);
    throw fault;
  }
}

/**
 * Children first, whoever made them and on whatever instance; those of projects the caller cannot see stay.
 * A child that runs stops it all, after its elder siblings have gone. Trove: trove/backup/models.py, Backup.delete
 */
export function removeWithChildren(world: World, caller: Caller, id: string, traits: Traits): void {
  for (const child of world.tables.childrenOf(id)) {
    try {
      removeWithChildren(world, caller, child.id, traits);
    } catch (fault) {
      if (!(fault instanceof TroveFault && fault.status === 404)) throw fault;
    }
  }
  const row = readBackup(world, caller, id);
  if (isRunning(row) && !isAbandoned(world, row))
    throw new TroveFault(422, `Backup ${id} cannot be deleted because it is running.`);
  assertSwift(world, caller);
  world.quotas.take(caller.projectId, { backups: -1 }); // the token's project, whosever the backup is
  world.taskManager.later(world.control.timings.deleteBackupMs, () => eraseBackup(world, caller, id, traits));
}

/** Newer Troves let go of what has been running for three days. */
const isAbandoned = (world: World, row: BackupRow): boolean =>
  world.trove === 'master' && world.clock.nowUtc() - row.updatedUtc > ABANDONED_MS;

const ABANDONED_MS = 3 * 86_400_000;

/** The task manager's part. Since 2026 a backup whose object Swift keeps is called deleted all the same. Trove: trove/taskmanager/models.py, BackupTasks.delete_backup */
function eraseBackup(world: World, caller: Caller, id: string, traits: Traits): void {
  const row = world.tables.backups.get(id);
  if (row === undefined || row.deletedUtc !== null) return;
  const utc = world.clock.nowUtc();
  const { swiftDown, swiftLost } = world.control;
  if ((swiftDown || swiftLost) && row.location !== null && row.status !== 'RESTORED' && world.trove === '18') {
    world.tables.changeBackup(row, utc, { status: 'DELETE_FAILED' });
    if (traits === null) return;
    const message = `Failed to delete swift object for backup ${id}.`;
    world.notifier.action(caller, 'taskmanager', 'backup_delete', 'error', { ...traits, message, exception: [] });
    return;
  }
  world.tables.changeBackup(row, utc, { deletedUtc: utc });
  // One for each row of a cascade, and each names the backup that was asked for.
  if (traits !== null) world.notifier.action(caller, 'taskmanager', 'backup_delete', 'end', traits);
}

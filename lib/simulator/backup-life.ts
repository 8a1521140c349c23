import type { BackupRow, Caller } from './rows.ts';
import { notFound, TroveFault } from './wire.ts';
import type { World } from './world.ts';

export function insertBackup(
  world: World,
  projectId: string,
  fields: Pick<BackupRow, 'name' | 'description' | 'instanceId' | 'parentId' | 'datastore'> & {
    readonly createdUtc?: number;
    readonly storageDriver?: BackupRow['storageDriver'];
  },
): BackupRow {
  const createdUtc = fields.createdUtc ?? world.clock.nowUtc();
  const row: BackupRow = {
    id: world.ids.uuid(),
    name: fields.name,
    description: fields.description,
    instanceId: fields.instanceId,
    projectId,
    parentId: fields.parentId,
    datastore: fields.datastore,
    createdUtc,
    updatedUtc: createdUtc,
    deletedUtc: null,
    status: 'NEW',
    sizeGb: null,
    location: null,
    storageDriver: fields.storageDriver ?? 'swift',
  };
  world.tables.addBackup(row);
  return row;
}

/** The guest's work: NEW → BUILDING → (SAVING) → COMPLETED or FAILED. */
export function runBackup(world: World, row: BackupRow): void {
  const { clock, control } = world;
  const { backupStartMs, backupMs, savingMs } = control.timings;
  const report = (run: () => void) => {
    // A deleted instance's backup is failed by nobody: it stays as it was. And a guest does not know what Trove thinks
    // of its backup: one that a reset has called FAILED may still be reported COMPLETED.
    const guest = world.tables.instances.get(row.instanceId ?? '');
    if (guest?.deletedUtc === null && row.deletedUtc === null) run();
  };
  const step = (delayMs: number, run: () => void) => clock.after(delayMs, () => report(run));
  const change = (status: 'BUILDING' | 'SAVING' | 'FAILED') =>
    world.tables.changeBackup(row, clock.nowUtc(), { status });
  const finish = () =>
    control.failBackupsOf.has(row.instanceId ?? '') ? change('FAILED') : completeBackup(world, row, clock.nowUtc());
  const start = () => {
    if (control.stuckBackupsOf.has(row.instanceId ?? '')) return;
    change('BUILDING');
    const totalMs = typeof backupMs === 'number' ? backupMs : backupMs(row);
    if (savingMs > 0) step(Math.max(0, totalMs - savingMs), () => change('SAVING'));
    step(totalMs, finish);
  };
  world.taskManager.later(backupStartMs, () => report(start));
}

export function completeBackup(world: World, row: BackupRow, utc: number): void {
  const object = `${world.origin}/object-store/v1/AUTH_${row.projectId}/database_backups/${row.id}.xbstream.gz.enc`;
  const location = row.storageDriver === 'swift' ? object : row.id;
  world.tables.changeBackup(row, utc, { status: 'COMPLETED', sizeGb: 0.14, location });
}

/** A living backup the caller may see. Trove: Backup.get_by_id */
export function readBackup(world: World, caller: Caller, id: string): BackupRow {
  const row = world.tables.backups.get(id);
  if (row === undefined || row.deletedUtc !== null) throw notFound(id);
  if (!caller.admin && row.projectId !== caller.projectId) throw notFound(id);
  return row;
}

export function assertSwift(world: World, caller: Caller): void {
  if (!world.control.swiftDown) return;
  throw new TroveFault(401, `Swift account not accessible for tenant ${caller.projectId}.`);
}

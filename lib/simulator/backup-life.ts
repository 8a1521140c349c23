import { type BackupRow, type Caller, isRunning } from './rows.ts';
import { notFound, TroveFault } from './wire.ts';
import type { World } from './world.ts';

export function insertBackup(
  world: World,
  projectId: string,
  fields: Pick<BackupRow, 'name' | 'description' | 'instanceId' | 'parentId' | 'datastore'> & {
    readonly createdUtc?: number;
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
  };
  world.tables.addBackup(row);
  return row;
}

/** The guest's work: NEW → BUILDING → (SAVING) → COMPLETED or FAILED. */
export function runBackup(world: World, row: BackupRow): void {
  const { clock, control } = world;
  const { backupStartMs, backupMs, savingMs } = control.timings;
  const step = (delayMs: number, run: () => void) =>
    // A deleted instance's backup is failed by nobody: it stays as it was.
    clock.after(delayMs, () => {
      const guest = world.tables.instances.get(row.instanceId ?? '');
      if (guest?.deletedUtc === null && isRunning(row)) run();
    });
  const change = (status: 'BUILDING' | 'SAVING' | 'FAILED') =>
    world.tables.changeBackup(row, clock.nowUtc(), { status });
  const finish = () =>
    control.failBackupsOf.has(row.instanceId ?? '') ? change('FAILED') : completeBackup(world, row, clock.nowUtc());
  step(backupStartMs, () => {
    if (control.stuckBackupsOf.has(row.instanceId ?? '')) return;
    change('BUILDING');
    const totalMs = typeof backupMs === 'number' ? backupMs : backupMs(row);
    if (savingMs > 0) step(Math.max(0, totalMs - savingMs), () => change('SAVING'));
    step(totalMs, finish);
  });
}

export function completeBackup(world: World, row: BackupRow, utc: number): void {
  const location = `${world.origin}/object-store/v1/AUTH_${row.projectId}/database_backups/${row.id}.xbstream.gz.enc`;
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

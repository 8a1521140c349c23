import { BackupOrder } from './backup-order.ts';
import { type BackupRow, type InstanceRow, isRunning } from './rows.ts';

/** Trove's database, with an index for every question the API asks. Deleted rows stay, as Trove's do. */
export class Tables {
  readonly instances = new Map<string, InstanceRow>();
  readonly backups = new Map<string, BackupRow>();
  readonly #instancesOfProject = new Map<string, InstanceRow[]>();
  readonly #everOfProject = new Map<string, InstanceRow[]>();
  readonly #replicas = new Map<string, Set<InstanceRow>>();
  readonly #allBackups = new BackupOrder();
  readonly #backupsOfProject = new Map<string, BackupOrder>();
  readonly #backupsOfInstance = new Map<string, BackupOrder>();
  readonly #children = new Map<string, Set<BackupRow>>();
  readonly #running = new Map<string, Set<BackupRow>>();

  addInstance(row: InstanceRow): void {
    this.instances.set(row.id, row);
    entry(this.#everOfProject, row.projectId, () => []).push(row);
    const rows = entry(this.#instancesOfProject, row.projectId, () => []);
    rows.splice(after(rows, row.id), 0, row);
    if (row.replicaOf !== null) entry(this.#replicas, row.replicaOf, () => new Set()).add(row);
  }

  /** Takes a row out of the indexes of living instances; the row itself stays. */
  retireInstance(row: InstanceRow): void {
    const rows = this.#instancesOfProject.get(row.projectId) ?? [];
    rows.splice(after(rows, row.id) - 1, 1);
    this.replicate(row, null);
  }

  /** Whose replica it is from now on; null: its own. */
  replicate(row: InstanceRow, masterId: string | null): void {
    if (row.replicaOf !== null) this.#replicas.get(row.replicaOf)?.delete(row);
    row.replicaOf = masterId;
    if (masterId !== null) entry(this.#replicas, masterId, () => new Set()).add(row);
  }

  /** Of a project, or of the whole region; deleted ones included, in the order of their making. */
  instancesOf(projectId: string | null): readonly InstanceRow[] {
    return projectId === null ? [...this.instances.values()] : (this.#everOfProject.get(projectId) ?? []);
  }

  /** Living instances of a project whose id is greater than `marker`, by id. */
  *instancesAfter(projectId: string, marker: string): Generator<InstanceRow> {
    const rows = this.#instancesOfProject.get(projectId) ?? [];
    for (let at = after(rows, marker); at < rows.length; at++) {
      const row = rows[at];
      if (row !== undefined) yield row;
    }
  }

  replicasOf(instanceId: string): readonly InstanceRow[] {
    return [...(this.#replicas.get(instanceId) ?? [])];
  }

  addBackup(row: BackupRow): void {
    this.backups.set(row.id, row);
    for (const order of this.#ordersOf(row)) order.add(row);
    if (row.parentId !== null) entry(this.#children, row.parentId, () => new Set()).add(row);
    this.#noteRunning(row);
  }

  changeBackup(
    row: BackupRow,
    utc: number,
    change: Partial<Pick<BackupRow, 'status' | 'sizeGb' | 'location' | 'deletedUtc'>>,
  ) {
    Object.assign(row, change);
    row.updatedUtc = utc;
    for (const order of this.#ordersOf(row)) order.touch();
    if (row.deletedUtc !== null && row.parentId !== null) this.#children.get(row.parentId)?.delete(row);
    this.#noteRunning(row);
  }

  /** Living backups, newest `updated` first, of a project, an instance or the whole region. */
  backupsBy(of: { readonly projectId: string } | { readonly instanceId: string } | 'all'): readonly BackupRow[] {
    if (of === 'all') return this.#allBackups.newestFirst();
    const order =
      'projectId' in of ? this.#backupsOfProject.get(of.projectId) : this.#backupsOfInstance.get(of.instanceId);
    return order?.newestFirst() ?? [];
  }

  childrenOf(backupId: string): readonly BackupRow[] {
    return [...(this.#children.get(backupId) ?? [])];
  }

  hasRunningBackup(instanceId: string): boolean {
    return (this.#running.get(instanceId)?.size ?? 0) > 0;
  }

  runningBackupsOf(instanceId: string): readonly BackupRow[] {
    return [...(this.#running.get(instanceId) ?? [])];
  }

  #noteRunning(row: BackupRow): void {
    if (row.instanceId === null) return;
    const running = entry(this.#running, row.instanceId, () => new Set());
    if (isRunning(row) && row.deletedUtc === null) running.add(row);
    else running.delete(row);
  }

  #ordersOf(row: BackupRow): readonly BackupOrder[] {
    const orders = [this.#allBackups, entry(this.#backupsOfProject, row.projectId, () => new BackupOrder())];
    if (row.instanceId !== null) orders.push(entry(this.#backupsOfInstance, row.instanceId, () => new BackupOrder()));
    return orders;
  }
}

/** The place of the first row whose id is greater. */
function after(rows: readonly InstanceRow[], id: string): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.id ?? '') <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

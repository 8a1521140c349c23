import { completeBackup, insertBackup } from './backup-life.ts';
import { ramMb } from './flavors.ts';
import { eraseInstance } from './instance-delete.ts';
import { insertInstance, settle } from './instance-life.ts';
import type { BackupStatus, InstanceRow, ServiceStatus, Task } from './rows.ts';
import type { Backup, Instance, World } from './world.ts';

/** Whose it is: a project's id or its name. */
export type Owner =
  | { readonly projectId: string; readonly projectName?: undefined }
  | { readonly projectName: string; readonly projectId?: undefined };

/** Instants are epoch milliseconds; sizes whole GB. */
export type NewInstance = Owner & {
  readonly name: string;
  /** Default `mysql`. */
  readonly datastore?: string;
  /** Default: the first version of that datastore; a new one is added. */
  readonly version?: string;
  readonly createdUtc?: number;
  readonly replicaOf?: string;
  readonly clusterId?: string;
  readonly volumeGb?: number;
};

/** Default: COMPLETED, now, of the instance's project. */
export type NewBackup = {
  /** Null: registered from another region; then `projectId` says whose it is, and its status is RESTORED. */
  readonly instanceId: string | null;
  readonly name: string;
  readonly description?: string;
  readonly parentId?: string;
  readonly projectId?: string;
  readonly status?: BackupStatus;
  readonly createdUtc?: number;
  readonly updatedUtc?: number;
  /** Default `swift`. Rows of `cinder` ignore the parent. */
  readonly storageDriver?: 'swift' | 'cinder';
};

export interface InstanceChange {
  /** What is done to it: BUILDING shows as BUILD, RESIZING as RESIZE, NONE as ACTIVE. */
  readonly task?: Task;
  /** Nova's word on the server, ACTIVE as a rule. */
  readonly serverStatus?: string;
  /** The `operating_status`. */
  readonly service?: ServiceStatus;
  /** Null: detached, promoted or ejected. */
  readonly replicaOf?: null;
  readonly clusterId?: string | null;
}

/** What tests and the demo do to the region behind the API's back, whatever the quota. Throws `RangeError` for what is not there. */
export class Staging {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  seedIdentities(): void {
    const { identity } = this.#world;
    const [admin, service, demo, alt] = ['admin', 'service', 'demo', 'alt'].map(
      (name) => identity.createProject(name).id,
    );
    const user = (name: string, password: string, role: string, projectId: string | undefined) => {
      const { id } = identity.createUser(name, password);
      if (projectId !== undefined) identity.grant(id, role, projectId);
      return id;
    };
    identity.grantSystem(user('admin', 'secret', 'admin', admin), 'admin');
    user('trove', 'trove', 'admin', service);
    user('demo', 'demo', 'member', demo);
    user('alt', 'alt', 'member', alt);
    user('reader', 'reader', 'reader', demo);
    identity.grantInherited(user('autobackup', 'autobackup', 'admin', service), 'database_backup');
  }

  createInstance(fields: NewInstance): Instance {
    const { clock, datastores, quotas } = this.#world;
    const { name, replicaOf = null, clusterId = null, volumeGb = 5, createdUtc = clock.nowUtc() } = fields;
    const type = fields.datastore ?? 'mysql';
    const datastore =
      fields.version === undefined ? datastores.find(type, undefined) : datastores.add(type, fields.version);
    const projectId = this.#projectId(fields);
    const common = { name, flavorId: '1', volumeGb, datastore, replicaOf, clusterId, createdUtc };
    const row = insertInstance(this.#world, projectId, common);
    settle(row, createdUtc);
    quotas.count(projectId, { instances: 1, ram: ramMb('1'), volumes: volumeGb });
    return row;
  }

  changeInstance(id: string, change: InstanceChange): void {
    const row = this.#instance(id);
    if (change.replicaOf === null) this.#world.tables.replicate(row, null);
    const utc = this.#world.clock.nowUtc();
    Object.assign(row, change, { updatedUtc: utc });
    if (change.service !== undefined) row.serviceUpdatedUtc = utc;
  }

  deleteInstance(id: string): void {
    const row = this.#instance(id);
    this.#world.quotas.count(row.projectId, { instances: -1, ram: -ramMb(row.flavorId), volumes: -row.volumeGb });
    eraseInstance(this.#world, null, row);
  }

  createBackup(fields: NewBackup): Backup {
    const world = this.#world;
    const { instanceId } = fields;
    const instance = instanceId === null ? null : this.#instance(instanceId);
    const projectId = fields.projectId ?? instance?.projectId;
    if (projectId === undefined) throw new RangeError('a backup without an instance needs a projectId');
    const datastore = instance === null ? world.datastores.find('mysql', undefined) : instance.datastore;
    if (datastore === null) throw new RangeError(`instance ${instanceId} is deleted: give it its backups before`);
    const row = insertBackup(world, projectId, {
      name: fields.name,
      description: fields.description ?? null,
      instanceId,
      parentId: fields.parentId ?? null,
      datastore,
      createdUtc: fields.createdUtc ?? world.clock.nowUtc(),
      storageDriver: fields.storageDriver ?? 'swift',
    });
    const { status = instanceId === null ? 'RESTORED' : 'COMPLETED', updatedUtc = row.createdUtc } = fields;
    if (status === 'COMPLETED' || status === 'RESTORED') completeBackup(world, row, updatedUtc);
    if (status !== 'COMPLETED') world.tables.changeBackup(row, updatedUtc, { status });
    world.quotas.count(projectId, { backups: 1 });
    return row;
  }

  deleteBackup(id: string): void {
    const row = this.#world.tables.backups.get(id);
    if (row === undefined || row.deletedUtc !== null) throw new RangeError(`no backup ${id} in this region`);
    const utc = this.#world.clock.nowUtc();
    this.#world.tables.changeBackup(row, utc, { deletedUtc: utc });
    this.#world.quotas.count(row.projectId, { backups: -1 });
  }

  #instance(id: string): InstanceRow {
    const row = this.#world.tables.instances.get(id);
    if (row === undefined || row.deletedUtc !== null) throw new RangeError(`no instance ${id} in this region`);
    return row;
  }

  #projectId(owner: Owner): string {
    if (owner.projectId !== undefined) return owner.projectId;
    const project = this.#world.identity.projectByName(owner.projectName);
    if (project === undefined) throw new RangeError(`no project ${owner.projectName} in this region: create it before`);
    return project.id;
  }
}

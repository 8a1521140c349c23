/** A version of a datastore. `id` is what backups carry as `version_id`. */
export interface DatastoreVersion {
  readonly id: string;
  readonly datastoreId: string;
  readonly type: string;
  readonly version: string;
  readonly imageId: string;
  /** Ceilometer's id of the datastore, in `trove.instance.*` notifications. */
  readonly serviceId: string;
}

/** What Trove's task manager does with an instance. Trove: trove/instance/tasks.py */
export type Task =
  | 'NONE'
  | 'BUILDING'
  | 'DELETING'
  | 'REBOOTING'
  | 'RESIZING'
  | 'UPGRADING'
  | 'RESTART_REQUIRED'
  | 'PROMOTING'
  | 'EJECTING'
  | 'DETACHING'
  | 'BUILDING_ERROR_REPLICA';

/** How the datastore is, as the guest says. Trove: trove/instance/service_status.py */
export type ServiceStatus = 'NEW' | 'HEALTHY' | 'RESTARTING' | 'RESTART_REQUIRED' | 'SHUTDOWN' | 'ERROR' | 'DELETED';

export type BackupStatus = 'NEW' | 'BUILDING' | 'SAVING' | 'COMPLETED' | 'FAILED' | 'DELETE_FAILED' | 'RESTORED';

/** One of a user's calls, as the bus tells of it. */
export interface Caller {
  readonly userId: string;
  readonly projectId: string;
  readonly roles: readonly string[];
  readonly admin: boolean;
  readonly requestId: string;
}

export interface Fault {
  readonly message: string;
  readonly createdUtc: number;
  /** For admins only. */
  readonly details: string;
}

/** A row of Trove's `instances`. Instants are epoch milliseconds. */
export interface InstanceRow {
  readonly id: string;
  name: string;
  readonly projectId: string;
  readonly createdUtc: number;
  updatedUtc: number;
  deletedUtc: number | null;
  task: Task;
  serverStatus: string;
  service: ServiceStatus;
  serviceUpdatedUtc: number;
  /** Null once deleted, as Trove clears it. */
  datastore: DatastoreVersion | null;
  flavorId: string;
  volumeGb: number;
  replicaOf: string | null;
  clusterId: string | null;
  readonly serverId: string;
  readonly volumeId: string;
  fault: Fault | null;
}

/** A row of Trove's `backups`. Instants are epoch milliseconds. */
export interface BackupRow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly instanceId: string | null;
  readonly projectId: string;
  readonly parentId: string | null;
  readonly datastore: DatastoreVersion;
  readonly createdUtc: number;
  updatedUtc: number;
  deletedUtc: number | null;
  status: BackupStatus;
  sizeGb: number | null;
  location: string | null;
  /** Where the bytes lie; shown by newer Troves only. */
  readonly storageDriver: 'swift' | 'cinder';
}

/** Trove: trove/backup/state.py, RUNNING_STATES */
export const isRunning = (backup: BackupRow): boolean =>
  backup.status === 'NEW' || backup.status === 'BUILDING' || backup.status === 'SAVING';

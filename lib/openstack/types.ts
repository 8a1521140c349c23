import type { Auth, SimpleAuth } from './auth.ts';

/**
 * Of what project a token shall be:
 * - by its id, or by its name, which is unique within its domain only
 * - by a trust whose trustee is the user: the project, the roles and, where it impersonates, the user are the trust's. Older
 *   guests of Trove re-scope the token for the upload of a backup, which Keystone forbids here: their backups end FAILED
 * - `default`: the project of an application credential, else the user's default project
 */
export type Scope =
  | { readonly projectId: string }
  | { readonly projectName: string; readonly projectDomainName: string }
  | { readonly projectName: string; readonly projectDomainId: string }
  | { readonly trustId: string }
  | 'default';

/** Every call takes these. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** For the whole call: token, attempts and the waits between them (not that for `admit`), all pages of a list. Default: no limit but `timeoutMs` each. */
  readonly deadlineMs?: number | undefined;
  /** Bodies of this call's answers are refused beyond this, if that is less than the client's own cap. */
  readonly maxBodyBytes?: number | undefined;
}

/** For lists of instances and of backups. */
export interface ListOptions extends CallOptions {
  /**
   * Told of each row that cannot be read, once; the list then holds all the others. Without it one such row refuses the
   * whole list (`malformed`), by the name of its field. What it throws ends the call.
   */
  readonly onOddRow?: ((row: OddRow) => void) | undefined;
}

/**
 * A row of a list in which a field is missing or of a wrong type. It is there, so nothing may be taken for gone because of
 * it. What is absent here cannot be read, or Trove does not tell it.
 */
export interface OddRow {
  /** The first wrong field: `backups[3].created`. */
  readonly field: string;
  readonly problem: string;
  readonly id?: string;
  readonly projectId?: string;
  /** Of a backup; null where it is of none. */
  readonly instanceId?: string | null;
  /** Of a backup; null of a full one. */
  readonly parentId?: string | null;
}

/** For a request that changes something. */
export interface WriteOptions extends CallOptions {
  /**
   * Awaited when the token and `admit` are there and nothing but the request itself is left to do: the place to write
   * down that it goes out. What it throws is thrown as it is, and nothing was sent.
   */
  readonly beforeSend?: (() => Promise<void>) | undefined;
}

/** One answer, for metrics and clock checks. */
export interface Answer {
  readonly service: 'identity' | 'database' | 'network';
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** The server's clock from the `Date` header, to the second. */
  readonly dateUtc: number | undefined;
  /** From sending to the last byte of the body. */
  readonly durationMs: number;
  readonly requestId: string | undefined;
  readonly sentRequestId: string;
}

/** A request that is about to be sent. */
export interface Admission {
  readonly service: Answer['service'];
  readonly method: string;
  readonly url: string;
  /** The project of the token that goes along, whose rate limit it is charged to; Keystone's has none. */
  readonly projectId: string | undefined;
}

/** The two names that one request has in logs. */
export interface RequestIds {
  /** That this client sent along (`X-OpenStack-Request-ID`), the same for all attempts of one call. */
  readonly sentRequestId: string;
  /** The service's own, where it tells one: Keystone does, Trove 18 does not, a proxy before it may. */
  readonly requestId: string | undefined;
}

/** How requests are sent; the same for Keystone and Trove. */
export interface HttpOptions {
  readonly fetch?: typeof fetch | undefined;
  /** Wall clock in epoch milliseconds. */
  readonly now?: (() => number) | undefined;
  /** One attempt, from sending to the last byte. Default 30 000. */
  readonly timeoutMs?: number | undefined;
  /** A longer body is refused. Default 16 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Called after each full answer. What it throws is dropped: a broken metric must not make a POST look failed. */
  readonly onAnswer?: ((answer: Answer) => void) | undefined;
  /**
   * Waited for before each attempt, as for a place in a rate limit of one's own. The wait counts neither in `timeoutMs` nor
   * in `deadlineMs`; it must reject when the signal aborts, and what it rejects with ends the call, unsent.
   */
  readonly admit?: ((request: Admission, signal: AbortSignal) => Promise<void>) | undefined;
  /** Waits between attempts; tests put their own. It must reject when the signal aborts. */
  readonly sleep?: ((ms: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
}

/** Where Keystone is, and which of the catalogue's endpoints are meant. */
export interface KeystoneEndpoint extends HttpOptions {
  /** With or without `/v3`. */
  readonly authUrl: string;
  /** Needed when the catalogue has Trove in several regions. */
  readonly regionName?: string | undefined;
  /** Default `public`. */
  readonly interface?: Interface | undefined;
  /**
   * Trove's URL in place of the catalogue's. `%(project_id)s` and `$(project_id)s` (also `tenant_id`) are filled in, as
   * openstacksdk does; without a template `/v1.0` and the project id are appended, which openstacksdk does not.
   */
  readonly databaseEndpointOverride?: string | undefined;
}

/** Signs in by `auth`, or in short by `username` and `password`. */
export type KeystoneOptions = KeystoneEndpoint & (SimpleAuth | { readonly auth: Auth });

export type Interface = 'public' | 'internal' | 'admin';

/**
 * A list of which no row is missing but those that were told to `onOddRow`. What cannot be read completely throws instead
 * (`incomplete`).
 */
export interface CompleteList<T> {
  readonly complete: true;
  readonly items: readonly T[];
}

/** A database instance. Times are epoch milliseconds. (Trove: trove/instance/views.py InstanceView, InstanceDetailView) */
export interface Instance {
  readonly id: string;
  /** 1 to 255 characters; not unique. (Trove: trove/common/apischema.py non_empty_string) */
  readonly name: string;
  /** ACTIVE, BACKUP, BUILD, … (Trove: trove/instance/models.py InstanceStatus); unknown ones pass through. */
  readonly status: string;
  /** The database itself: HEALTHY, RUNNING, … (Trove: trove/instance/service_status.py). */
  readonly operatingStatus?: string;
  /** Trove names it to admins only; otherwise it is the project of the token. (Trove: trove/instance/views.py) */
  readonly projectId: string;
  /** Names. Null while the version is missing; the number is not in the project's own list. (Trove: trove/instance/views.py) */
  readonly datastore: {
    readonly type: string | null;
    readonly version: string | null;
    readonly versionNumber?: string;
  };
  /** The instance this one replicates, and those that replicate it. (Trove: trove/instance/views.py replica_of, replicas) */
  readonly replicaOf?: string;
  readonly replicas: readonly string[];
  /** Not in the project's own list. (Trove: trove/instance/views.py InstanceDetailView) */
  readonly clusterId?: string;
  /** Not in the project's own list. (Trove: trove/instance/views.py InstanceDetailView, mgmt's InstanceView) */
  readonly createdUtc?: number;
  readonly updatedUtc?: number;
  /** (Trove: trove/instance/views.py InstanceView) */
  readonly regionName?: string;
  /** (Trove: trove/instance/views.py InstanceView, `flavor`) */
  readonly flavorId?: string;
  /** Absent where Trove has no volumes. (Trove: trove/instance/views.py, `volume`) */
  readonly volumeSizeGib?: number;
  /** To admins only. (Trove: trove/extensions/mgmt/instances/views.py) */
  readonly deleted?: boolean;
}

/** A backup. Times are epoch milliseconds. All fields but where said: (Trove: trove/backup/views.py BackupView) */
export interface Backup {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** NEW, BUILDING, SAVING, COMPLETED, FAILED, RESTORED, DELETE_FAILED (Trove: trove/backup/state.py); unknown ones pass through. */
  readonly status: string;
  /** Null for a backup registered from another region. (Trove: trove/backup/models.py restore_from) */
  readonly instanceId: string | null;
  /** What an incremental builds on; null of a full one. */
  readonly parentId: string | null;
  /** The project of the token that made it, not of the instance. (Trove: trove/backup/models.py Backup.create) */
  readonly projectId: string;
  readonly createdUtc: number;
  /** Its last change of state; the list is ordered by it. */
  readonly updatedUtc: number;
  /** What the volume used, for a full and an incremental alike; null until it is done. */
  readonly sizeGib: number | null;
  /** Where its object lies: a URL of Swift, `cinder://…`; null until it is done. */
  readonly location: string | null;
  /** Absent where the version is gone. */
  readonly datastore?: { readonly type: string; readonly version: string; readonly versionId: string };
  /** `swift`, `cinder`, …; newer Trove only. */
  readonly storageDriver?: string;
}

/** A backup to be made. (Trove: trove/common/apischema.py backup) */
export interface NewBackup {
  /** 1 to 255 characters, a letter or a digit among them; need not be unique. */
  readonly name: string;
  /** Likewise. */
  readonly description?: string | undefined;
  readonly instanceId: string;
  /** Makes it an incremental on that backup. Trove only looks the parent up: whether it fits is for the caller to know. */
  readonly parentId?: string | undefined;
}

/** A new instance, empty or with what a backup holds; or a replica, which takes all else from its master. */
export type NewInstance = {
  readonly name: string;
  /** One of the project's networks; without it Trove's own choice. */
  readonly networkId?: string | undefined;
} & (FreshInstance | { readonly replicaOf: string });

/** (Trove: trove/common/apischema.py instance) */
export interface FreshInstance {
  readonly flavorId: string;
  readonly volumeSizeGib: number;
  /** Names or ids. Without a version it is the datastore's default one. */
  readonly datastore: { readonly type: string; readonly version?: string | undefined };
  /** A COMPLETED backup of the project, of the same datastore; of an incremental all that it builds on comes along. */
  readonly restoreBackupId?: string | undefined;
}

/** A kind of database. (Trove: trove/datastore/views.py DatastoreView) */
export interface Datastore {
  readonly id: string;
  /** `mysql`, `mariadb`, `postgresql`, … */
  readonly name: string;
  readonly defaultVersionId?: string;
  /** Those that are active; an admin sees all. */
  readonly versions: readonly DatastoreVersion[];
}

/** (Trove: trove/datastore/views.py DatastoreVersionView) */
export interface DatastoreVersion {
  readonly id: string;
  readonly name: string;
  /** The number, where the name is another; older Trove has none. */
  readonly version?: string;
  /** To admins only. */
  readonly active?: boolean;
}

/** (Trove: trove/flavor/views.py FlavorView) */
export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly ramMib: number;
  readonly vcpus?: number;
  readonly diskGib?: number;
}

/** A network that ports can be on. (Neutron: neutron_lib/api/definitions/network.py RESOURCE_ATTRIBUTE_MAP) */
export interface Network {
  readonly id: string;
  /** Need not be unique, and may be empty. */
  readonly name: string;
  /** Whose it is. */
  readonly projectId: string;
  /** Whether the project of the token may put ports on it though it is another's: of all projects, or by an RBAC policy. */
  readonly shared: boolean;
  /** A way out of the cloud; absent where Neutron tells it not. (neutron_lib/api/definitions/external_net.py) */
  readonly external?: boolean;
}

/** Of one resource; `limit` −1 means none. (Trove: trove/extensions/mgmt/quota/views.py) */
export interface QuotaUsage {
  readonly inUse: number;
  readonly reserved: number;
  readonly limit: number;
}

/** What a project uses of its own. (Trove: trove/extensions/mgmt/quota/service.py show) */
export interface Quotas {
  readonly backups: QuotaUsage;
}

/** (Trove: trove/common/limits.py, trove/limits/views.py) */
export interface Limits {
  /** The quota; −1 means none. Absent where Trove does not tell it. */
  readonly maxBackups: number | undefined;
  readonly rates: readonly RateLimit[];
}

/** How often a verb may be used, by all tokens of the project together. (Trove: trove/limits/views.py LimitView) */
export interface RateLimit {
  /** GET, POST, PUT or DELETE. */
  readonly verb: string;
  /** `*` for every URL of the verb. */
  readonly uri: string;
  /** So many in each `unit`; they leak away evenly. */
  readonly value: number;
  /** Of one trove-api process: each counts for itself. */
  readonly remaining: number;
  /** SECOND, MINUTE, HOUR or DAY. */
  readonly unit: string;
  readonly nextAvailableUtc: number;
}

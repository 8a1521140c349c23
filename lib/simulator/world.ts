import type { Bus } from './bus.ts';
import type { RegionClock } from './clock.ts';
import type { Datastores } from './datastores.ts';
import type { Delegations } from './delegations.ts';
import type { Identity } from './identity.ts';
import type { Notifier } from './notifications.ts';
import type { Quotas } from './quota.ts';
import type { Ids } from './random.ts';
import type { RateLimits } from './rate.ts';
import type { BackupRow, InstanceRow } from './rows.ts';
import type { Tables } from './tables.ts';
import type { TaskManager } from './task-manager.ts';
import type { TokenCache } from './token-cache.ts';
import type { Tokens } from './tokens.ts';

/**
 * Trove 18.0.0, or Trove's master of 2026-08: pages of `mgmt/instances` by offset; a backup is called deleted though
 * Swift kept its object; one that has been running for three days may be deleted; rows say their storage driver.
 */
export type TroveVersion = '18' | 'master';

/** How long things take, in milliseconds. */
export interface Timings {
  /** A new instance until it is ACTIVE. */
  readonly prepareMs: number;
  /** A backup in NEW. */
  readonly backupStartMs: number;
  /** A backup in BUILDING and SAVING together. */
  readonly backupMs: number | ((backup: Readonly<BackupRow>) => number);
  /** The part of `backupMs` spent in SAVING; 0 leaves the state out. */
  readonly savingMs: number;
  /** An accepted DELETE of a backup until the row is gone. */
  readonly deleteBackupMs: number;
  /** An accepted DELETE of an instance until it is gone. */
  readonly deleteInstanceMs: number;
  /** The snapshot a replica starts from, until it is COMPLETED. */
  readonly snapshotMs: number;
  /** A restart, as long as the instance shows it. */
  readonly restartMs: number;
  /** After a restart: the instance says ACTIVE, and its datastore is not there yet. */
  readonly guestMs: number;
  /** A resize of volume or flavor, or an upgrade. */
  readonly resizeMs: number;
  /** A replica detached, promoted, or its master ejected. */
  readonly replicationMs: number;
  /** Until a guest says again that it is well. */
  readonly heartbeatMs: number;
}

/** What a test or the demo may turn while the region runs. */
export interface Control {
  /** Instances whose backups end FAILED. */
  readonly failBackupsOf: Set<string>;
  /** Instances whose backups stay NEW for ever: the task manager failed after the 202. */
  readonly stuckBackupsOf: Set<string>;
  /** Creating and deleting backups answers 401. Trove: trove/backup/models.py, verify_swift_auth_token */
  swiftDown: boolean;
  /** Whatever writes hangs, and is carried out when the bus is back, though nobody may be listening any more. */
  busDown: boolean;
  /** With the bus away: POST of a backup writes its row, NEW, before it hangs. Seen when the bus dies just then. */
  rowBeforeHang: boolean;
  /** Instances left out of every list without a word, though `show` knows them. Trove: Instances._load_servers_status */
  readonly unlisted: Set<string>;
  /** Instances whose row of the guest's status is missing: unlisted, and a 404 that does not name them. */
  readonly withoutService: Set<string>;
  /** Instances whose guests send no heartbeat; such a master may be ejected. */
  readonly silent: Set<string>;
  /** The task manager does nothing; the API goes on accepting. */
  taskManagerDown: boolean;
  /** Swift answers the API, and fails the task manager when that deletes an object. */
  swiftLost: boolean;
  novaDown: boolean;
  /** POST of a backup is a 500 after its row is written and before the order goes out: the row stays NEW. */
  ordersLost: boolean;
  timings: Timings;
}

/** Everything the region's services share. */
export interface World {
  readonly clock: RegionClock;
  readonly ids: Ids;
  readonly tables: Tables;
  readonly identity: Identity;
  readonly delegations: Delegations;
  readonly tokens: Tokens;
  readonly tokenCache: TokenCache;
  readonly quotas: Quotas;
  readonly rates: RateLimits;
  readonly datastores: Datastores;
  readonly bus: Bus;
  readonly taskManager: TaskManager;
  readonly notifier: Notifier;
  readonly control: Control;
  readonly region: string;
  readonly trove: TroveVersion;
  origin: string;
}

export type Instance = Readonly<InstanceRow>;
export type Backup = Readonly<BackupRow>;

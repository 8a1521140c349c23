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
import type { TokenCache } from './token-cache.ts';
import type { Tokens } from './tokens.ts';

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
  readonly notifier: Notifier;
  readonly control: Control;
  readonly region: string;
  readonly mgmtPaging: 'none' | 'offset';
  origin: string;
}

export type Instance = Readonly<InstanceRow>;
export type Backup = Readonly<BackupRow>;

import type { Backup, Datastore, DurationMs } from '../../lib/core/index.ts';
import type { OnOdd } from './cloud.ts';

/** In whose name something is done: a tenant, by his own token. */
export interface CallerToken {
  readonly projectId: string;
  /** The token's id: never logged nor stored. */
  readonly token: () => string;
}

export interface CallerBackup extends Backup {
  /** What the volume used, of a full and an incremental alike; null until it is done, and where it is not told. */
  readonly sizeGib: number | null;
}

/** What a new instance can be like its original in. */
export interface Original {
  readonly flavorId: string | null;
  readonly volumeSizeGib: number | null;
}

export interface FlavorChoice {
  readonly id: string;
  readonly name: string;
  readonly ramMib: number;
}

export interface NetworkChoice {
  readonly id: string;
  readonly name: string;
}

export interface RestoreOrder {
  readonly backupId: string;
  readonly name: string;
  readonly flavorId: string;
  readonly volumeSizeGib: number;
  /** That of the backup. */
  readonly datastore: Datastore;
  readonly networkId: string | null;
}

export interface NewInstance {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

/**
 * What the cloud made of a caller's request:
 * - `signed-out` the token is good no more · `forbidden` by the cloud's own rules · `not-found`, what Trove names
 * - `quota` no unit of it is left · `rate` too many requests · `busy` another action runs · `conflict`
 * - `invalid` Trove takes it not so · `storage-away` Trove cannot reach Swift · `no-service` the catalogue lacks it
 * - `away` no answer, and surely no effect · `unknown` no answer, and it may have an effect, now or later
 */
export type CallerFault =
  | 'signed-out'
  | 'forbidden'
  | 'not-found'
  | 'quota'
  | 'rate'
  | 'busy'
  | 'conflict'
  | 'invalid'
  | 'storage-away'
  | 'no-service'
  | 'away'
  | 'unknown';

/** A request in a caller's name that was not carried out, or whose outcome nobody knows. */
export class CallerCloudError extends Error {
  override readonly name = 'CallerCloudError';
  readonly fault: CallerFault;
  /** In the cloud's own words, without addresses. */
  readonly detail: string;
  readonly retryAfterMs: DurationMs | null;

  constructor(fault: CallerFault, detail: string, more: { retryAfterMs?: DurationMs | null; cause?: unknown } = {}) {
    super(`${fault}: ${detail}`, { cause: more.cause });
    this.fault = fault;
    this.detail = detail;
    this.retryAfterMs = more.retryAfterMs ?? null;
  }
}

/**
 * Keystone, Trove and Neutron as a tenant has them: each call goes by his own token, in his own project, and is charged to
 * him; what he may not, is forbidden by the cloud. Writes are sent once. Each throws CallerCloudError.
 */
export interface CallerCloud {
  /** All backups of his project; complete but for the rows that are told to `onOdd`. */
  backups(caller: CallerToken, onOdd: OnOdd): Promise<readonly CallerBackup[]>;
  /** null where his project has no such instance. */
  original(caller: CallerToken, instanceId: string): Promise<Original | null>;
  /** Those that an instance with what a backup holds may have. */
  flavors(caller: CallerToken, datastore: Datastore | null): Promise<readonly FlavorChoice[]>;
  /** Those that it can be put on; null where the catalogue has no Neutron. */
  networks(caller: CallerToken): Promise<readonly NetworkChoice[] | null>;
  /** Resolves when it was taken, not when it is gone. Takes along whatever stands on it. */
  deleteBackup(caller: CallerToken, backupId: string): Promise<void>;
  restore(caller: CallerToken, order: RestoreOrder): Promise<NewInstance>;
}

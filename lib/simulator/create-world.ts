import { Bus } from './bus.ts';
import { type RegionClock, realClock } from './clock.ts';
import { Datastores } from './datastores.ts';
import { Delegations } from './delegations.ts';
import { Identity } from './identity.ts';
import { type NotificationDriver, Notifier } from './notifications.ts';
import { Quotas } from './quota.ts';
import { seededIds } from './random.ts';
import { RateLimits } from './rate.ts';
import { Tables } from './tables.ts';
import { TokenCache } from './token-cache.ts';
import { Tokens } from './tokens.ts';
import type { Control, Timings, World } from './world.ts';

export interface RegionOptions extends Partial<Timings> {
  /** Default: the machine's clock. */
  readonly clock?: RegionClock;
  /** Where the region is, without a slash at the end. Default `http://region.test`. */
  readonly origin?: string;
  /** The name of the region in the catalogue. Default `RegionOne`. */
  readonly region?: string;
  /** Backups a project may have. Default 50. */
  readonly maxBackups?: number;
  /** Seconds a token lasts. Default 3600. */
  readonly tokenS?: number;
  /** Requests a minute for each verb and project. Default: no limit; Trove's own default is 200. */
  readonly requestsPerMinute?: number;
  /** Pages of `mgmt/instances`: none up to Trove 18, by offset since 2026-02. Default `none`. */
  readonly mgmtPaging?: 'none' | 'offset';
  /** Default `messagingv2`. */
  readonly driver?: NotificationDriver;
  /** Trove's control_exchange. Default `trove`. */
  readonly exchange?: string;
  /** The same seed gives the same ids, if the calls come in the same order. Default 1. */
  readonly seed?: number;
}

const TIMINGS: Timings = {
  prepareMs: 1000,
  backupStartMs: 100,
  backupMs: 2000,
  savingMs: 0,
  deleteBackupMs: 50,
  deleteInstanceMs: 100,
  snapshotMs: 100,
};

/** A region with nobody and nothing in it but its datastores. */
export function createWorld(options: RegionOptions): World {
  const clock = options.clock ?? realClock();
  const ids = seededIds(options.seed ?? 1);
  const bus = new Bus(options.exchange ?? 'trove');
  const world: World = {
    clock,
    ids,
    bus,
    tables: new Tables(),
    identity: new Identity(ids),
    delegations: new Delegations(ids),
    tokens: new Tokens(ids, (options.tokenS ?? 3600) * 1000),
    tokenCache: new TokenCache(),
    quotas: new Quotas(options.maxBackups ?? 50),
    rates: new RateLimits(options.requestsPerMinute ?? Number.POSITIVE_INFINITY),
    datastores: new Datastores(ids),
    notifier: new Notifier(bus, clock, ids, options.driver ?? 'messagingv2', () => new URL(world.origin)),
    control: createControl(bus, options),
    region: options.region ?? 'RegionOne',
    mgmtPaging: options.mgmtPaging ?? 'none',
    origin: options.origin ?? 'http://region.test',
  };
  return world;
}

function createControl(bus: Bus, options: RegionOptions): Control {
  const { prepareMs, backupStartMs, backupMs, savingMs, deleteBackupMs, deleteInstanceMs, snapshotMs } = {
    ...TIMINGS,
    ...options,
  };
  return {
    failBackupsOf: new Set(),
    stuckBackupsOf: new Set(),
    unlisted: new Set(),
    swiftDown: false,
    rowBeforeHang: false,
    get busDown() {
      return bus.down;
    },
    set busDown(down) {
      bus.down = down;
    },
    timings: { prepareMs, backupStartMs, backupMs, savingMs, deleteBackupMs, deleteInstanceMs, snapshotMs },
  };
}

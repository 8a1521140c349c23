import { Bus } from './bus.ts';
import { type RegionClock, realClock } from './clock.ts';
import { Datastores } from './datastores.ts';
import { Delegations } from './delegations.ts';
import { announceExistence } from './existence.ts';
import { Identity } from './identity.ts';
import { type NotificationDriver, Notifier } from './notifications.ts';
import { Quotas } from './quota.ts';
import { seededIds } from './random.ts';
import { RateLimits } from './rate.ts';
import { Tables } from './tables.ts';
import { TaskManager } from './task-manager.ts';
import { TokenCache } from './token-cache.ts';
import { Tokens } from './tokens.ts';
import type { Control, Timings, TroveVersion, World } from './world.ts';

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
  /** Default `18`. */
  readonly trove?: TroveVersion;
  /** Default `messagingv2`. */
  readonly driver?: NotificationDriver;
  /** Between two rounds of `trove.instance.exists`; Trove's own is an hour, if it is set up at all. Default: never. */
  readonly existsEveryMs?: number;
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
  restartMs: 100,
  guestMs: 500,
  resizeMs: 2000,
  replicationMs: 100,
  heartbeatMs: 10_000,
};

/** A region with nobody and nothing in it but its datastores. */
export function createWorld(options: RegionOptions): World {
  const clock = options.clock ?? realClock();
  const ids = seededIds(options.seed ?? 1);
  const bus = new Bus(options.exchange ?? 'trove');
  const taskManager = new TaskManager(clock);
  const world: World = {
    clock,
    ids,
    bus,
    taskManager,
    tables: new Tables(),
    identity: new Identity(ids),
    delegations: new Delegations(ids),
    tokens: new Tokens(ids, (options.tokenS ?? 3600) * 1000),
    tokenCache: new TokenCache(),
    quotas: new Quotas(options.maxBackups ?? 50),
    rates: new RateLimits(options.requestsPerMinute ?? Number.POSITIVE_INFINITY),
    datastores: new Datastores(ids),
    notifier: new Notifier(bus, clock, ids, options.driver ?? 'messagingv2', () => new URL(world.origin)),
    control: createControl(bus, taskManager, options),
    region: options.region ?? 'RegionOne',
    trove: options.trove ?? '18',
    origin: options.origin ?? 'http://region.test',
  };
  if (options.existsEveryMs !== undefined) announceExistence(world, options.existsEveryMs);
  return world;
}

function createControl(bus: Bus, taskManager: TaskManager, options: RegionOptions): Control {
  const given = Object.entries(options).filter(([key]) => key in TIMINGS);
  return {
    failBackupsOf: new Set(),
    stuckBackupsOf: new Set(),
    unlisted: new Set(),
    withoutService: new Set(),
    silent: new Set(),
    swiftDown: false,
    swiftLost: false,
    novaDown: false,
    ordersLost: false,
    rowBeforeHang: false,
    get busDown() {
      return bus.down;
    },
    set busDown(down) {
      bus.down = down;
    },
    get taskManagerDown() {
      return taskManager.down;
    },
    set taskManagerDown(down) {
      taskManager.down = down;
    },
    timings: { ...TIMINGS, ...Object.fromEntries(given) },
  };
}

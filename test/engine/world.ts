import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import {
  type Backup,
  createRegion,
  type NewInstance,
  type Region,
  type RegionOptions,
} from '../../lib/simulator/index.ts';
import { ANY, at, every, HOUR, MINUTE, policy, SECOND } from '../core/builders.ts';
import { brokenLaws } from './laws.ts';
import type { Settings } from './life.ts';
import { createService, type Service } from './service.ts';
import { VirtualClock } from './virtual-clock.ts';

export const START = at('2026-11-22 10:00');
/** Around the clock: a night of slots takes hours, not weeks. */
export const HOURLY = policy({ name: 'hourly', cadence: every(HOUR), firstWithinMs: 10 * MINUTE, maxIncrementals: 2 });

/** Each two seconds of it are a list that is read. */
const BACKUP_MS = 20 * SECOND;

const SETTINGS: Settings = {
  policies: [HOURLY],
  exclude: ANY,
  freezes: [],
  enrolOverMs: 0,
  observe: false,
  reserve: 1,
  onShortage: 'adapt',
  caps: { concurrent: 20, perProject: 4 },
  reconcileMs: 10 * MINUTE,
  vanishShare: 0.05,
  confirmGone: [],
  stuckAfterMs: 2 * HOUR,
  graceMs: 24 * HOUR,
  quarantineMs: 24 * HOUR,
  pruneEveryMs: 0,
  lookedAt: [],
  watch: false,
};

export interface WorldOptions extends Partial<Settings> {
  readonly region?: RegionOptions;
  readonly startUtc?: number;
  /** Without it the service's user has a role on every project. */
  readonly tenantScope?: 'role' | 'trust';
}

/** A region and a service in one process, under one clock. */
export interface World {
  readonly clock: VirtualClock;
  readonly region: Region;
  readonly service: Service;
  /** The one project that instances are in, unless they say otherwise. */
  readonly project: string;
  /** The service's own user. */
  readonly user: string;
  /** A ready instance of `demo`; its id. */
  instance(name: string, fields?: Partial<NewInstance>): string;
  /** Living backups of an instance, oldest first. */
  backups(instanceId: string): readonly Readonly<Backup>[];
  advance(ms: number): Promise<void>;
  /** Moves on until it is so. */
  until(what: () => boolean, withinMs?: number): Promise<void>;
  /** Moves on until so many runs of the instance are completed. */
  completed(instanceId: string, count: number): Promise<void>;
  /** The service is killed and comes back at once. */
  restart(): Promise<void>;
  /** Swaps settings in the running service, and has it look at the region, as a reload does. */
  reload(over: Partial<Settings>): void;
  /** Another service in the same region; `copyOf` gives it a copy of that one's store. */
  another(options: { readonly key?: Buffer; readonly copyOf?: Service }): Service;
  /** What must never be, and is. */
  broken(): readonly string[];
}

/** What is synced to the disk is tried elsewhere; thousands of days pass here. */
const MEMORY = '/dev/shm';
const KEY = Buffer.alloc(32, 7);
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0).toReversed()) clean();
});

/** Not started yet, so that a test can set the scene. */
export function openWorld(options: WorldOptions = {}): World {
  const { region: regionOptions, startUtc = START, tenantScope = 'role', ...over } = options;
  const clock = new VirtualClock(startUtc);
  const region = createRegion({ clock, backupMs: BACKUP_MS, ...regionOptions });
  const [home, demo] = ['service', 'demo'].map((name) => region.createProject({ name }).id);
  const user = region.createUser({ name: 'autobackup', password: 'autobackup' }).id;
  region.grant(user, 'admin', home ?? '');
  if (tenantScope === 'role') region.grantInherited(user, 'database_backup');
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'autobackup-engine-'));
  let settings: Settings = { ...SETTINGS, ...over };
  const services: { readonly service: Service; readonly key: Buffer }[] = [];
  const faults: unknown[] = [];
  cleanups.push(() => {
    // Whatever a test looks at, these hold in each.
    const broken = world.broken();
    for (const { service } of services) service.crash();
    rmSync(folder, { recursive: true, force: true });
    expect(broken).toEqual([]);
    expect(faults).toEqual([]);
  });

  function open(key: Buffer): Service {
    const path = join(folder, `store-${services.length}.sqlite`);
    const service = createService({
      region,
      clock,
      tenantScope,
      settings: () => settings,
      path,
      key,
      onFault: (error) => faults.push(error),
    });
    services.push({ service, key });
    return service;
  }
  async function advance(ms: number): Promise<void> {
    await clock.advance(ms);
    // A loop that fell is a fault of ours, whatever the scene was.
    expect(faults).toEqual([]);
  }
  const service = open(KEY);
  const project = demo ?? '';
  const world: World = {
    clock,
    region,
    service,
    project,
    user,
    advance,
    instance: (name, fields) => region.createInstance({ projectId: project, name, ...fields } as NewInstance).id,
    backups: (instanceId) => region.backups().filter((row) => row.instanceId === instanceId && row.deletedUtc === null),
    async until(what, withinMs = 2 * HOUR) {
      const stepMs = Math.max(5 * SECOND, withinMs / 2000);
      for (const endUtc = clock.nowUtc() + withinMs; !what(); await advance(stepMs)) {
        if (clock.nowUtc() >= endUtc) throw new Error(`not so within ${withinMs} ms: ${what}`);
      }
    },
    completed: (instanceId, count) =>
      world.until(() => service.events('run.completed', instanceId).length >= count, (count + 2) * HOUR),
    async restart() {
      service.crash();
      await service.start();
    },
    reload(change) {
      settings = { ...settings, ...change };
      service.life().lookAnew();
    },
    another({ key = KEY, copyOf }) {
      const other = open(key);
      if (copyOf) {
        // Nobody writes just now, so the file and its journal fit together.
        for (const part of ['', '-wal']) {
          if (existsSync(copyOf.path + part)) copyFileSync(copyOf.path + part, other.path + part);
        }
      }
      return other;
    },
    broken: () =>
      services
        .filter((one) => existsSync(one.service.path))
        .flatMap(({ service, key }) => brokenLaws(region, service, key, settings.caps)),
  };
  return world;
}

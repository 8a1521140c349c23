import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parse, stringify } from 'yaml';
import type { Tenant } from '../region/tenant.ts';
import { DaemonProcess } from './daemon-process.ts';
import { startProxy, type TroveProxy } from './proxy.ts';

/** A region with a broker, real or simulated, as the line is tried on it. */
export interface World {
  readonly authUrl: string;
  /** Where Trove's `/v1.0` lies below. */
  readonly troveUrl: string;
  readonly amqpUrl: string;
  readonly amqpAdminUrl: string;
  /** A member of the project `demo`. */
  readonly demo: Tenant;
  /** How long a backup takes. */
  setBackupSeconds(seconds: number): Promise<void>;
  killBroker(): Promise<void>;
  startBroker(): Promise<void>;
  /** Waits until all of Trove listens on its bus again: an order that comes before is lost without a word. */
  troveListens(): Promise<void>;
  /** Trove cannot reach its bus: a request for a backup hangs, and happens when the bus is back. */
  cutTroveOffItsBus(): Promise<void>;
  mendTrovesBus(): Promise<void>;
  close(): Promise<void>;
}

export interface RunRow {
  readonly run_id: string;
  readonly instance_id: string;
  readonly slot_utc: number;
  readonly state: string;
  readonly backup_id: string | null;
  readonly kind: string | null;
  readonly kind_because: string | null;
  readonly parent_id: string | null;
}

/** A daemon with a folder of its own, behind a proxy that can break its wire to Trove. */
export interface Stage {
  readonly daemon: DaemonProcess;
  readonly proxy: TroveProxy;
  readonly storePath: string;
  readonly keyPath: string;
  /** Puts other keys over those of the configuration, for the next start. */
  configure(settings: StageSettings): void;
  /** The store's runs of an instance, by slot; read beside the running daemon, as SQLite's WAL allows. */
  runs(instanceId: string): readonly RunRow[];
  close(): Promise<void>;
}

let stages = 0;

/** What a stage needs to know of its world. */
type Where = Pick<World, 'authUrl' | 'troveUrl' | 'amqpUrl'>;

/** Keys of the configuration by their sections: what is given here is put over what the stage has anyway. */
export type StageSettings = Readonly<Record<string, unknown>>;

const isSection = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function overlaid(base: StageSettings, over: StageSettings): StageSettings {
  const entries = Object.entries(over).map(([key, value]): readonly [string, unknown] => {
    const below = base[key];
    return [key, isSection(below) && isSection(value) ? { ...below, ...value } : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

/**
 * `policies` is the YAML list of the configuration; `settings` are more of its keys, as in
 * `{ mode: 'observe', quota: { reserve: 0 } }`.
 */
export async function setStage(world: Where, policies: string, settings: StageSettings = {}): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'autobackup-line-'));
  const { pathname, origin } = new URL(world.troveUrl);
  const proxy = await startProxy(origin);
  const storePath = join(dir, 'autobackup.sqlite');
  const keyPath = join(dir, 'marker.key');
  const configPath = join(dir, 'config.yaml');
  stages++;
  const configuration = {
    enrol_over: '0s',
    keystone: {
      auth_url: world.authUrl,
      username: 'autobackup',
      password: 'autobackup',
      project_name: 'service',
      region_name: 'RegionOne',
      database_endpoint_override: `${proxy.origin}${pathname.replace(/\/$/, '')}/v1.0/%(project_id)s`,
    },
    bus: { url: world.amqpUrl, queue: `autobackup-${process.pid}-${stages}` },
    store: { path: storePath, key_file: keyPath },
    http: { ops_listen: '127.0.0.1:0' },
    limits: { minimum_interval: '5s' },
    // With slots every few seconds no quota holds a week of them.
    quota: { on_shortage: 'tell' },
    policies: parse(policies) as unknown,
  };
  const configure = (over: StageSettings): void =>
    writeFileSync(configPath, stringify(overlaid(overlaid(configuration, settings), over)));
  configure({});
  const daemon = new DaemonProcess(configPath);
  return {
    daemon,
    proxy,
    storePath,
    keyPath,
    configure,
    runs(instanceId) {
      const db = new Database(storePath, { readonly: true });
      try {
        return db
          .prepare<[string], RunRow>('SELECT * FROM runs WHERE instance_id = ? ORDER BY slot_utc')
          .all(instanceId);
      } finally {
        db.close();
      }
    },
    async close() {
      await daemon.end('SIGKILL');
      await proxy.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

// A real region, as tests use it: starts `region` and speaks to it. See README.md.
import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface RegionOptions {
  /** oslo.messaging's notification driver: with or without the 2.0 envelope. */
  readonly notify?: 'messagingv2' | 'messaging';
  /** Trove's quota of backups a project. */
  readonly maxBackups?: number;
  /** Trove's API rate limit, requests a minute for each verb and project. */
  readonly rate?: number;
  /** How long a Keystone token lives, in seconds. */
  readonly tokenS?: number;
}

/** How the stand-ins behave; what is left out stays as it was. */
export interface Settings {
  readonly prepare_s?: number;
  /** No new database becomes ready. */
  readonly building?: boolean;
  readonly backup_start_s?: number;
  readonly backup_s?: number;
  /** Instances whose backups end FAILED. */
  readonly fail?: readonly string[];
  /** Instances whose backups stay NEW for as long as they are named here. */
  readonly stuck?: readonly string[];
  /** Instances whose guests send no heartbeat: after 90 s Trove calls them failed, and lets a master be ejected. */
  readonly silent?: readonly string[];
  readonly swift_down?: boolean;
  /** Swift answers the API, and fails the task manager when that deletes an object. */
  readonly swift_lost?: boolean;
  /** Nova answers nothing but 503. */
  readonly nova_down?: boolean;
}

export type Part = 'keystone' | 'api' | 'taskmanager' | 'conductor' | 'guests' | 'rabbitmq' | 'mariadb';

export interface Region {
  readonly authUrl: string;
  readonly troveUrl: string;
  /** As the user `autobackup`, who may have queues of its own and read from the exchange. */
  readonly amqpUrl: string;
  /** As the user `trove`, who may do everything. */
  readonly amqpAdminUrl: string;
  readonly dir: string;
  control(settings: Settings): Promise<void>;
  /** One more project; its one member has its name as user name and password. Gives the project's id. */
  project(name: string): Promise<string>;
  /** kill -9 */
  kill(...parts: readonly Part[]): Promise<void>;
  /** Starts them again, and waits until they are ready. */
  start(...parts: readonly Part[]): Promise<void>;
  /** SIGSTOP: what is sent to them waits. */
  freeze(...parts: readonly Part[]): Promise<void>;
  /** SIGCONT */
  thaw(...parts: readonly Part[]): Promise<void>;
  /**
   * Brings the broker back so that nobody speaks on it before all listen: an order of trove-api that comes before the
   * task manager's queue is lost without a word, and its backup stays NEW for ever.
   */
  returnBroker(): Promise<void>;
  rabbitmqctl(...words: readonly string[]): Promise<string>;
  /** Runs SQL in Trove's database; gives tab-separated rows without a heading. */
  sql(text: string): Promise<string>;
  /** Stops everything and removes the state. May be called twice. */
  down(): Promise<void>;
}

/** How to reach a region; enough to have it in hand again, in another process too. */
export type Reach = Pick<Region, 'authUrl' | 'troveUrl' | 'amqpUrl' | 'amqpAdminUrl' | 'dir'>;

const COMMAND = fileURLToPath(new URL('region', import.meta.url));
const ERROR_TAIL = 2000;

function run(env: NodeJS.ProcessEnv, words: readonly string[]): Promise<string> {
  return new Promise((done, failed) => {
    execFile(COMMAND, [...words], { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (!error) return done(stdout);
      failed(new Error(`region ${words.join(' ')}: ${stderr.slice(-ERROR_TAIL).trim()}`, { cause: error }));
    });
  });
}

const optionsAsEnvironment = ({ notify, maxBackups, rate, tokenS }: RegionOptions) =>
  Object.fromEntries(
    Object.entries({
      REGION_NOTIFY: notify,
      REGION_MAX_BACKUPS: maxBackups,
      REGION_RATE: rate,
      REGION_TOKEN_S: tokenS,
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

function handle(reach: Reach, env: NodeJS.ProcessEnv): Region {
  const region = (...words: readonly string[]) => run(env, words);
  return {
    ...reach,
    control: async (settings) => {
      await region('control', ...Object.entries(settings).map(([key, value]) => `${key}=${JSON.stringify(value)}`));
    },
    project: async (name) => (await region('project', name)).trim().split(' ')[1] ?? '',
    kill: async (...parts) => {
      await region('kill', ...parts);
    },
    start: async (...parts) => {
      await region('start', ...parts);
    },
    freeze: async (...parts) => {
      await region('freeze', ...parts);
    },
    thaw: async (...parts) => {
      await region('thaw', ...parts);
    },
    returnBroker: async () => {
      await region('freeze', 'api');
      try {
        await region('start', 'rabbitmq');
        await region('start', 'taskmanager', 'conductor', 'guests');
      } finally {
        await region('thaw', 'api');
      }
    },
    rabbitmqctl: (...words) => region('rabbitmqctl', '--quiet', ...words),
    sql: (text) => region('mariadb', 'trove', '--batch', '--skip-column-names', '--execute', text),
    down: async () => {
      await region('down');
    },
  };
}

/** A region that another process has started. */
export const regionAt = (reach: Reach): Region => handle(reach, { ...process.env, REGION_DIR: reach.dir });

/**
 * Starts a region with ports and a state folder of its own, which takes half a minute; several may run side by side.
 * It ends with this process at the latest.
 */
export async function startRegion(options: RegionOptions = {}): Promise<Region> {
  const { REGION_PORT: _, ...inherited } = process.env;
  const dir = await mkdtemp(join(tmpdir(), 'trove-region-'));
  const env = { ...inherited, ...optionsAsEnvironment(options), REGION_DIR: dir, REGION_OWNER: String(process.pid) };
  await run(env, ['up']);
  return handle(JSON.parse(await run(env, ['env', '--json'])) as Reach, env);
}

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { type Leash, runOnLeash } from './leash.ts';

/** A broker of our own, with the exchange's owner (`trove`) and the daemon's user, who has just the rights it needs. */
export interface Rabbit {
  /** As the daemon connects: its own queues, read on the exchanges. */
  readonly url: string;
  /** As Trove does: all rights. */
  readonly adminUrl: string;
  /** Comes back on the same port; what is not durable is gone. */
  restart(): Promise<void>;
  /** As a power cut does. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
  /** RabbitMQ's own tool; resolves to what it prints. */
  rabbitmqctl(...args: string[]): Promise<string>;
}

export interface RabbitPrograms {
  readonly server: string;
  readonly ctl: string;
  readonly epmd: string;
}

export interface RabbitOptions {
  readonly programs?: RabbitPrograms | null;
  /** Ends the wait for it to come up. */
  readonly signal?: AbortSignal;
}

const HOST = '127.0.0.1';
const UP_WITHIN_MS = 90_000;
// Debian's own folder first: what it has in PATH insists on being root or the user rabbitmq.
const FOLDERS = ['/usr/lib/rabbitmq/bin', ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];

/** The programs of an installed RabbitMQ, or null. */
export function findRabbit(): RabbitPrograms | null {
  const find = (name: string) => FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
  const [server, ctl, epmd] = [find('rabbitmq-server'), find('rabbitmqctl'), find('epmd')];
  return server && ctl && epmd ? { server, ctl, epmd } : null;
}

/** @throws when there is no RabbitMQ or it does not come up; nothing is left behind then. */
export async function startRabbit({ programs = findRabbit(), signal }: RabbitOptions = {}): Promise<Rabbit> {
  if (!programs) throw new Error('No rabbitmq-server was found; install it (apt-get install rabbitmq-server).');
  const [amqp, distribution, tools, epmdPort] = await freePorts(4);
  const home = mkdtempSync(join(tmpdir(), 'autobackup-rabbitmq-'));
  const env = {
    ...settings(home, { amqp, distribution, tools }),
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: HOST,
  };
  writeFileSync(join(home, 'plugins'), '[].\n');
  writeFileSync(join(home, 'definitions.json'), JSON.stringify(DEFINITIONS));
  writeFileSync(join(home, 'rabbitmq.conf'), `load_definitions = ${join(home, 'definitions.json')}\n`);
  // Erlang's port mapper would be started in the background by the first node, and stay for ever.
  const epmd = runOnLeash(programs.epmd, [], env);
  const url = (user: string): string => `amqp://${user}:${user}@${HOST}:${amqp}/%2F`;
  let broker: Leash | null = null;

  async function start(): Promise<void> {
    broker = runOnLeash(programs?.server ?? '', [], env);
    await answering(url('autobackup'), broker, signal);
  }
  async function stop(): Promise<void> {
    await broker?.kill();
    await epmd.kill();
    rmSync(home, { recursive: true, force: true });
  }
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: url('autobackup'),
    adminUrl: url('trove'),
    start,
    stop,
    kill: async () => broker?.kill(),
    async restart() {
      await broker?.terminate();
      await start();
    },
    async rabbitmqctl(...args) {
      const node = ['-q', '-n', env.RABBITMQ_NODENAME];
      return (await promisify(execFile)(programs.ctl, [...node, ...args], { env, cwd: home })).stdout;
    },
  };
}

interface Ports {
  readonly amqp: number | undefined;
  readonly distribution: number | undefined;
  readonly tools: number | undefined;
}

/** Everything RabbitMQ would otherwise look for in the places of an installed service. */
function settings(home: string, { amqp, distribution, tools }: Ports) {
  return {
    HOME: home,
    RABBITMQ_NODENAME: `autobackup${amqp}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: HOST,
    RABBITMQ_NODE_PORT: String(amqp),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_CTL_DIST_PORT_MIN: String(tools),
    RABBITMQ_CTL_DIST_PORT_MAX: String(tools),
    RABBITMQ_CONF_ENV_FILE: join(home, 'none'),
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(home, 'none'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(home, 'generated'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'plugins'),
    RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_PID_FILE: join(home, 'pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 2:2 -kernel inet_dist_use_interface {127,0,0,1}',
  };
}

const ALL = '.*';
const OWN = '^autobackup.*';
const DEFINITIONS = {
  rabbit_version: '3.8.0',
  vhosts: [{ name: '/' }],
  users: ['trove', 'autobackup'].map((name) => ({ name, password: name, tags: '' })),
  permissions: [
    { user: 'trove', vhost: '/', configure: ALL, write: ALL, read: ALL },
    { user: 'autobackup', vhost: '/', configure: OWN, write: OWN, read: '^(autobackup.*|trove|openstack|nova)$' },
  ],
};

async function answering(url: string, broker: Leash, signal?: AbortSignal): Promise<void> {
  const untilMs = performance.now() + UP_WITHIN_MS;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const connection = await connect(url, { timeout: 5_000 });
      await connection.close();
      return;
    } catch (error) {
      const over = !broker.running() || performance.now() > untilMs;
      if (over) throw new Error(`RabbitMQ does not come up:\n${broker.output()}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Held all at once, so that they differ. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const HOST = '127.0.0.1';

export interface RabbitHome {
  /** Holds all its files. */
  readonly path: string;
  readonly node: string;
  readonly amqpPort: number;
  /** For every program of this RabbitMQ. */
  readonly env: NodeJS.ProcessEnv;
}

/** A place where a RabbitMQ can live, with `more` lines in its rabbitmq.conf, that has nothing to do with an installed service, or with another one of ours. */
export async function makeHome(more = ''): Promise<RabbitHome> {
  const [amqp = 0, distribution = 0, tools = 0, epmd = 0] = await freePorts(4);
  const path = mkdtempSync(join(tmpdir(), 'autobackup-rabbitmq-'));
  writeFileSync(join(path, 'plugins'), '[].\n');
  writeFileSync(join(path, 'definitions.json'), JSON.stringify(DEFINITIONS));
  writeFileSync(join(path, 'rabbitmq.conf'), `load_definitions = ${join(path, 'definitions.json')}\n${more}`);
  const node = `autobackup${amqp}@localhost`;
  const env = {
    ...settings(path, { amqp, distribution, tools }),
    RABBITMQ_NODENAME: node,
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    ERL_EPMD_PORT: String(epmd),
    ERL_EPMD_ADDRESS: HOST,
  };
  return { path, node, amqpPort: amqp, env };
}

interface Ports {
  readonly amqp: number;
  readonly distribution: number;
  readonly tools: number;
}

/** Everything RabbitMQ would otherwise look for in the places of an installed service. */
function settings(home: string, { amqp, distribution, tools }: Ports) {
  return {
    HOME: home,
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

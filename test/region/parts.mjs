// The parts of a region: the command of each, and how it shows that it is ready.
import { killAll, launch, processesOf, waitUntilReady } from './processes.mjs';
import { AMQP_HEADER, answersHttp, consumes, EPMD_NAMES, port, speaks } from './ready.mjs';
import { HOST } from './settings.mjs';

/** For the broker and for rabbitmqctl alike. Nothing of an installed RabbitMQ's own configuration is read. */
export const rabbitEnvironment = (region) => ({
  HOME: region.file('rabbitmq'), // the cookie lies there
  RABBITMQ_NODENAME: `region${region.ports.first}@localhost`,
  RABBITMQ_DIST_PORT: String(region.ports.dist),
  RABBITMQ_MNESIA_BASE: region.file('rabbitmq/mnesia'),
  RABBITMQ_LOGS: '-',
  RABBITMQ_LOG_BASE: region.file('log'),
  RABBITMQ_CONFIG_FILE: region.file('rabbitmq/rabbitmq.conf'),
  RABBITMQ_ADVANCED_CONFIG_FILE: region.file('rabbitmq/advanced.config'),
  RABBITMQ_ENABLED_PLUGINS_FILE: region.file('rabbitmq/plugins'),
  RABBITMQ_CONF_ENV_FILE: region.file('rabbitmq/env.conf'),
  // Who waits for work leaves the processor to others.
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
    '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
  ERL_EPMD_PORT: String(region.ports.epmd),
  ERL_EPMD_ADDRESS: HOST,
});

const trove = (name, isReady) => ({
  command: (region) => [`/usr/bin/trove-${name}`, '--config-file', region.file('trove/trove.conf')],
  isReady,
});

const PARTS = {
  mariadb: {
    command: (region) => [
      'mariadbd',
      '--no-defaults',
      ...(process.getuid() === 0 ? ['--user=root'] : []),
      `--datadir=${region.file('mariadb')}`,
      `--socket=${region.socket}`,
      `--pid-file=${region.file('run/mariadb.pid')}`,
      '--skip-networking', // a socket only: no port to choose, nobody else to let in
      '--max-connections=500',
      '--innodb-log-file-size=16M',
      '--innodb-flush-log-at-trx-commit=2', // survives kill -9; only a power cut could lose a second
    ],
    isReady: speaks((region) => ({ path: region.socket })),
  },
  // An epmd of the region's own, so that nobody else's is used, started or left behind.
  epmd: {
    command: (region) => ['epmd', '-port', String(region.ports.epmd), '-address', HOST],
    isReady: speaks(port('epmd'), EPMD_NAMES),
  },
  rabbitmq: {
    needs: 'epmd',
    command: () => ['/usr/lib/rabbitmq/bin/rabbitmq-server'],
    environment: rabbitEnvironment,
    isReady: speaks(port('amqp'), AMQP_HEADER),
  },
  keystone: {
    command: (region) => [
      ...['uwsgi', '--plugin', 'python3', '--module', 'keystone.server.wsgi:initialize_public_application()'],
      ...['--http-socket', `${HOST}:${region.ports.keystone}`, '--add-header', 'Connection: close'],
      ...['--master', '--processes', '1', '--die-on-term', '--disable-logging', '--need-app'],
    ],
    environment: (region) => ({ OS_KEYSTONE_CONFIG_FILES: region.file('keystone/keystone.conf') }),
    isReady: answersHttp((region) => region.authUrl),
  },
  conductor: trove('conductor', consumes('trove-conductor')),
  taskmanager: trove('taskmanager', consumes('taskmanager')),
  api: trove(
    'api',
    answersHttp((region) => `${region.troveUrl}/`),
  ),
  guests: {
    command: (region) => [
      '/usr/bin/python3',
      '-m',
      'standins.guests',
      '--config-file',
      region.file('trove/trove.conf'),
    ],
    isReady: (region) => processesOf(region, 'guests').length > 0,
  },
};

/** What `kill`, `start` and `status` know; epmd comes and goes with the region. */
export const NAMES = Object.keys(PARTS).filter((name) => name !== 'epmd');

export function checkNames(names) {
  const unknown = names.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(' ')}; the parts are ${NAMES.join(' ')}`);
  if (names.length === 0) throw new Error(`name one or more of: ${NAMES.join(' ')}`);
}

export const isRunning = (region, name) => processesOf(region, name).length > 0;

/** Starts a part, unless it runs, and waits until it is ready. */
export async function startPart(region, name) {
  const { command, environment, isReady, needs } = PARTS[name];
  if (needs) await startPart(region, needs);
  if (!isRunning(region, name)) await launch(region, name, command(region), environment?.(region));
  await waitUntilReady(region, name, isReady);
}

export const killPart = killAll;

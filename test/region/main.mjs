// The command line of the region.

import { control } from './control.mjs';
import { addProject } from './identities.mjs';
import { down, sqlArguments, up } from './lifecycle.mjs';
import { installPackages, REGION_PACKAGES } from './packages.mjs';
import { checkNames, isRunning, killPart, NAMES, rabbitEnvironment, startPart } from './parts.mjs';
import { attach, processesOf, signalPart } from './processes.mjs';
import { expectedRegion, HOST } from './settings.mjs';

const USAGE = `region: a real OpenStack Trove region on this machine, with stand-ins for the hypervisors

  install              the Debian packages it needs (root)
  up                   start it, unless it runs; prints what \`env\` prints
  env [--json]         how to reach it, as shell exports or as JSON
  control [KEY=JSON…]  change how the stand-ins behave, e.g. backup_s=5 fail='["<instance id>"]'; prints the settings
  project NAME…        one more project, with a member of the same name and password
  kill NAME…           kill -9: ${NAMES.join(' ')}
  start NAME…          start it again, and wait until it is ready
  freeze NAME…         SIGSTOP, and thaw NAME… goes on
  status               a line for each part
  rabbitmqctl …        RabbitMQ's own tool
  mariadb …            an SQL client, e.g. mariadb trove -e 'select id, state from backups'
  down                 stop everything and remove the state

REGION_DIR names the state folder, REGION_PORT the first of five ports. README.md has the other options.
`;

const say = (text) => process.stderr.write(`region: ${text}\n`);
const print = (text) => void process.stdout.write(`${text}\n`);

const amqpUrl = (region, user) => `amqp://${user}:${user}@${HOST}:${region.ports.amqp}/%2F`;

const reach = (region) => ({
  authUrl: region.authUrl,
  troveUrl: region.troveUrl,
  amqpUrl: amqpUrl(region, 'autobackup'),
  amqpAdminUrl: amqpUrl(region, 'trove'),
  dir: region.dir,
});

const shellExports = (
  region,
) => `export OS_AUTH_URL=${region.authUrl} OS_REGION_NAME=RegionOne OS_IDENTITY_API_VERSION=3
export OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default
export OS_USERNAME=admin OS_PASSWORD=secret OS_PROJECT_NAME=admin
export TROVE_URL=${region.troveUrl} AMQP_URL=${amqpUrl(region, 'autobackup')} AMQP_ADMIN_URL=${amqpUrl(region, 'trove')}
export REGION_DIR=${region.dir}`;

/** Each gives its exit code, or nothing for 0. */
const COMMANDS = {
  install: () => {
    installPackages(REGION_PACKAGES, say);
    say('all packages are there');
  },
  up: async () => print(shellExports(await up())),
  env: (words) => {
    const region = expectedRegion();
    print(words.includes('--json') ? JSON.stringify(reach(region)) : shellExports(region));
  },
  control: (pairs) => print(JSON.stringify(control(expectedRegion(), pairs))),
  project: async (names) => {
    for (const name of names) print(`${name} ${await addProject(expectedRegion(), name)}`);
  },
  kill: async (names) => {
    checkNames(names);
    for (const name of names) await killPart(expectedRegion(), name);
  },
  start: async (names) => {
    checkNames(names);
    await Promise.all(names.map((name) => startPart(expectedRegion(), name)));
  },
  freeze: (names) => {
    checkNames(names);
    for (const name of names) signalPart(expectedRegion(), name, 'SIGSTOP');
  },
  thaw: (names) => {
    checkNames(names);
    for (const name of names) signalPart(expectedRegion(), name, 'SIGCONT');
  },
  status: () => {
    const region = expectedRegion();
    for (const name of NAMES)
      print(isRunning(region, name) ? `${name} up ${processesOf(region, name).join(' ')}` : `${name} down`);
  },
  rabbitmqctl: (words) =>
    attach(expectedRegion(), ['/usr/lib/rabbitmq/bin/rabbitmqctl', ...words], rabbitEnvironment(expectedRegion())),
  mariadb: (words) => attach(expectedRegion(), ['mariadb', ...sqlArguments(expectedRegion()), ...words]),
  down,
};

const [name = 'help', ...words] = process.argv.slice(2);
if (Object.hasOwn(COMMANDS, name)) {
  try {
    process.exitCode = (await COMMANDS[name](words)) ?? 0;
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
} else {
  process.stdout.write(USAGE);
  process.exitCode = ['help', '--help', '-h'].includes(name) ? 0 : 2;
}

// The Debian and Ubuntu packages that the tests want, and how they are installed without starting anything.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';

export const REGION_PACKAGES = [
  ...['keystone', 'uwsgi-core', 'uwsgi-plugin-python3'],
  ...['trove-api', 'trove-taskmanager', 'trove-conductor', 'python3-trove'],
  ...['rabbitmq-server', 'mariadb-server', 'python3-amqp', 'python3-pymysql'],
  // The tests hold our reading of clouds.yaml to openstacksdk's, and the documents to the command.
  ...['python3-openstackclient', 'python3-troveclient'],
];

// biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own notation
const DPKG_FORMAT = '${db:Status-Status} ${Package}\n';

/** Those of the names that dpkg does not know as installed. */
export function missingPackages(names) {
  const { stdout, error } = spawnSync('dpkg-query', ['-W', '-f', DPKG_FORMAT, ...names], { encoding: 'utf8' });
  if (error) throw new Error('dpkg-query is missing: this needs Debian or Ubuntu, or a container of one');
  const installed = new Set(stdout.split('\n').map((line) => line.replace(/^installed /, '')));
  return names.filter((name) => !installed.has(name));
}

export const installCommand = (names) => `apt-get install --no-install-recommends ${names.join(' ')}`;

// While it exists, Debian's maintainer scripts start no service. Somebody else's is left as it is.
const POLICY = '/usr/sbin/policy-rc.d';

function withoutStartingServices(work) {
  const ours = !existsSync(POLICY);
  if (ours) {
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { flag: 'wx' });
    chmodSync(POLICY, 0o755);
  }
  // Ctrl-C reaches apt-get too. Without a handler this process would die of it, and leave the file there for good.
  const ignore = () => {};
  process.on('SIGINT', ignore).on('SIGTERM', ignore);
  try {
    work();
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', ignore);
    if (ours) rmSync(POLICY, { force: true });
  }
}

function apt(...words) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr, error } = spawnSync('apt-get', words, { encoding: 'utf8', env, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`apt-get ${words.join(' ')} failed:\n${stdout}${stderr}${error ?? ''}`);
}

/** Installs what is missing of the names. Says what it does; without root, says what to do and throws. */
export function installPackages(names, say) {
  const missing = missingPackages(names);
  if (missing.length === 0) return;
  if (process.getuid() !== 0) throw new Error(`packages are missing. As root:\n  ${installCommand(missing)}`);
  say(`installing ${missing.join(' ')} (a minute or two; no service is started)`);
  withoutStartingServices(() => {
    apt('update', '-q');
    apt('install', '-y', '-q', '--no-install-recommends', ...missing);
  });
}

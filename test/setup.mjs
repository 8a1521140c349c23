// What must be there before the demo or the tests can run: `node test/setup.mjs [rabbitmq] [systemd] [chromium] [nginx] [curl] [page] [region] [--optional]`.
// Runs on any Node from 18 with nothing installed; says nothing when nothing is to be done.
//
//   (always)    node_modules as package-lock.json wants them
//   rabbitmq    a RabbitMQ server; with --optional the lack of one is only told
//   systemd     its tools, and a Python that listens as it does
//   chromium    the browser of the page's tests, with letters for Vietnamese; CHROMIUM names another one
//   nginx       the proxy before the web service
//   curl        it and jq, by which the examples of docs/api.md are run
//   page        the tenants' page, built into dist/web
//   region      the packages of test/region
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installCommand, installPackages, REGION_PACKAGES } from './region/packages.mjs';

const OLDEST_NODE = 18;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const say = (text) => process.stderr.write(`setup: ${text}\n`);

function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages;
  } catch {
    return undefined; // missing, or cut short
  }
}

/**
 * Why node_modules must be made anew, if so. npm writes down there what it has installed, as its last act. Optional
 * packages are for other kinds of machine for the most part, and need not be there.
 */
function whyInstall() {
  const wanted = lockedPackages('package-lock.json');
  const present = lockedPackages('node_modules/.package-lock.json');
  if (!present) return 'node_modules is not there';
  for (const [path, { version, optional, devOptional }] of Object.entries(wanted)) {
    const found = present[path];
    if (path === '' || (!found && (optional || devOptional))) continue;
    if (found?.version !== version) return `node_modules lacks ${path.replace(/.*node_modules\//, '')} ${version}`;
  }
  if (!existsSync(join(ROOT, 'node_modules/.bin/node'))) return 'node_modules lacks its own Node';
  return undefined;
}

function installModules() {
  const why = whyInstall();
  if (!why) return;
  say(`npm ci, because ${why}`);
  const npm = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { cwd: ROOT, encoding: 'utf8' });
  if (npm.error?.code === 'ENOENT')
    throw new Error('npm is missing; install it (Debian and Ubuntu: apt-get install npm)');
  if (npm.status !== 0) throw new Error(`npm ci failed:\n${npm.stdout}${npm.stderr}`);
}

const isOnPath = (name, ...further) =>
  [...(process.env['PATH'] ?? '').split(':'), ...further].some((folder) => existsSync(join(folder, name)));

const hasRabbitmq = () => isOnPath('rabbitmq-server', '/usr/sbin', '/usr/lib/rabbitmq/bin');

function installRabbitmq(optional) {
  if (hasRabbitmq()) return;
  try {
    installPackages(['rabbitmq-server'], say);
  } catch (error) {
    if (!optional) throw error;
    say(`no RabbitMQ: it goes on without the bus. To have it: ${installCommand(['rabbitmq-server'])}`);
  }
}

function installSystemd() {
  if (['/usr/bin/systemd-notify', '/usr/bin/systemd-analyze', '/usr/bin/python3'].every(existsSync)) return;
  installPackages(['systemd', 'python3-minimal'], say);
}

function installChromium() {
  if (process.env['CHROMIUM']) return;
  const asked = ['chromium', 'fonts-dejavu-core'];
  try {
    if (!existsSync('/usr/bin/chromium')) installPackages(asked, say);
  } catch (error) {
    throw new Error(
      `${error.message}\nwhere there is no such package, set CHROMIUM to the path of a Chromium or Chrome`,
    );
  }
}

function installNginx() {
  if (!existsSync('/usr/sbin/nginx')) installPackages(['nginx'], say);
}

function installCurl() {
  const missing = ['curl', 'jq'].filter((name) => !isOnPath(name));
  if (missing.length > 0) installPackages(missing, say);
}

/** Whether any of the page's files is younger than what was built of them. */
function isPageOld() {
  const built = join(ROOT, 'dist/web/index.html');
  if (!existsSync(built)) return true;
  const { mtimeMs } = statSync(built);
  const files = [
    'package-lock.json',
    ...readdirSync(join(ROOT, 'daemon/web'), { recursive: true }).map((it) => `daemon/web/${it}`),
  ];
  return files.some((file) => statSync(join(ROOT, file)).mtimeMs > mtimeMs);
}

function buildPage() {
  if (!isPageOld()) return;
  say('building the page into dist/web');
  const node = join(ROOT, 'node_modules/.bin/node');
  const words = [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', join(ROOT, 'daemon/web')];
  const { status, stdout, stderr } = spawnSync(node, words, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the page cannot be built:\n${stdout}${stderr}`);
}

function main(words) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new Error(`Node ${process.versions.node} is too old: ${OLDEST_NODE} or newer is needed to start with`);
  }
  installModules();
  if (words.includes('rabbitmq')) installRabbitmq(words.includes('--optional'));
  if (words.includes('systemd')) installSystemd();
  if (words.includes('chromium')) installChromium();
  if (words.includes('nginx')) installNginx();
  if (words.includes('curl')) installCurl();
  if (words.includes('page')) buildPage();
  if (words.includes('region')) installPackages(REGION_PACKAGES, say);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}

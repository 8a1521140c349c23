// A region from nothing to ready, and back.

import { writeConfiguration } from './config.mjs';
import { addIdentities } from './identities.mjs';
import { missingPackages, REGION_PACKAGES } from './packages.mjs';
import { NAMES, startPart } from './parts.mjs';
import { killAll, launch, run } from './processes.mjs';
import { forget, freshRegion, knownRegion, remember, SOURCE, stateFolder } from './settings.mjs';

const user = process.getuid?.() === 0 ? ['--user=root'] : [];

async function prepareDatabases(region) {
  await run(region, 'mariadb-install', [
    ...['mariadb-install-db', '--no-defaults', ...user, `--datadir=${region.file('mariadb')}`],
    ...['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'],
  ]);
  await startPart(region, 'mariadb');
  const create = 'create database keystone; create database trove;';
  await run(region, 'mariadb-install', ['mariadb', ...sqlArguments(region), '--execute', create]);
}

export const sqlArguments = (region) => ['--no-defaults', `--socket=${region.socket}`, '--user=root'];

async function prepareKeystone(region) {
  const manage = (...words) =>
    run(region, 'keystone-manage', [
      ...['keystone-manage', '--config-file', region.file('keystone/keystone.conf'), ...words],
    ]);
  await manage('db_sync');
  const urls = ['public', 'internal', 'admin'].flatMap((iface) => [`--bootstrap-${iface}-url`, `${region.authUrl}/`]);
  await manage('bootstrap', '--bootstrap-password', 'secret', '--bootstrap-region-id', 'RegionOne', ...urls);
}

const prepareTrove = (region) =>
  run(region, 'trove-manage', ['/usr/bin/python3', `${SOURCE}/tools/seed_trove.py`, region.file('trove/trove.conf')]);

/** What waits for what; everything else goes side by side. */
function build(region) {
  writeConfiguration(region);
  const broker = startPart(region, 'rabbitmq');
  const databases = prepareDatabases(region);
  const identities = async () => {
    await databases;
    await Promise.all([prepareKeystone(region), startPart(region, 'keystone')]);
    await addIdentities(region);
  };
  const services = async () => {
    await databases;
    await prepareTrove(region);
    await broker;
    await Promise.all(['conductor', 'taskmanager', 'api', 'guests'].map((name) => startPart(region, name)));
  };
  return [broker, databases, identities(), services()];
}

/** Ctrl-C, or a test that is stopped, must leave nothing behind. */
function stopOnSignal(region) {
  const stop = (signal) => {
    process.stderr.write(`region: ${signal}, stopping; the logs stay in ${region.file('log')}\n`);
    killAll(region).finally(() => process.exit(1));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

/** A test runner that is killed cannot say `down`: a small process waits for its end. */
const watchOwner = (region, pid) => launch(region, 'watch', [process.execPath, `${SOURCE}/watch.mjs`, pid]);

export async function up() {
  const known = knownRegion();
  if (known?.ready) {
    await Promise.all(NAMES.map((name) => startPart(known, name))); // harmless where it runs
    return known;
  }
  const missing = missingPackages(REGION_PACKAGES);
  if (missing.length > 0) throw new Error(`packages are missing: ${missing.join(' ')}; run \`region install\``);
  const region = await freshRegion();
  await killAll(region); // what a broken-off start may have left
  stopOnSignal(region);
  if (process.env.REGION_OWNER) await watchOwner(region, process.env.REGION_OWNER);
  const work = build(region);
  try {
    await Promise.all(work);
  } catch (error) {
    await killAll(region);
    await Promise.allSettled(work); // each fails by itself now; what one had just started goes too
    await killAll(region);
    throw error;
  }
  remember(region, true);
  return region;
}

/** Stops everything and removes the state. A folder that is no region's is left alone. */
export async function down() {
  const dir = stateFolder();
  await killAll({ dir });
  if (knownRegion(dir)) forget(dir);
}

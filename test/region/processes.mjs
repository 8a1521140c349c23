// Starting, finding and killing the processes of a region.
//
// Each carries REGION_PART=<name>@<state folder> in its environment and hands it to its children. So a process is
// found by what it says of itself: no pid file can go stale, and nobody else's process can be hit by mistake.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { SOURCE } from './settings.mjs';

/** The same small environment on every machine: no proxy, no OS_* of the caller, no configuration of a user's own. */
export const environment = (region, extra = {}) => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: region.dir,
  USER: userInfo().username,
  // Of its own: a MariaDB that starts sweeps the `#sql…` files out of its temporary folder, those of one that is just
  // being installed beside it too.
  TMPDIR: region.file('tmp'),
  LC_ALL: 'C.UTF-8',
  PYTHONPATH: SOURCE,
  PYTHONDONTWRITEBYTECODE: '1',
  REGION_DIR: region.dir,
  ...extra,
});

const mark = (region, name) => ({ REGION_PART: `${name}@${region.dir}` });

function environOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // gone meanwhile, or another user's
  }
}

/** The pids of one part, or of the whole region when no name is given. */
export function processesOf(region, name) {
  const belongs = name
    ? (entry) => entry === `REGION_PART=${name}@${region.dir}`
    : (entry) => entry.startsWith('REGION_PART=') && entry.endsWith(`@${region.dir}`);
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && environOf(entry).some(belongs))
    .map(Number);
}

/** Starts a process that outlives this one; what it prints goes to its log. */
export function launch(region, name, [command, ...args], extra = {}) {
  const log = openSync(region.log(name), 'a');
  const child = spawn(command, args, {
    cwd: region.dir,
    detached: true,
    stdio: ['ignore', log, log],
    env: environment(region, { ...extra, ...mark(region, name) }),
  });
  closeSync(log);
  child.unref();
  return new Promise((started, failed) => {
    child.once('spawn', started);
    child.once('error', (error) => failed(new Error(`${name} cannot be started: ${error.message}`)));
  });
}

const END_OF_LOG = 1500;

/** With the end of the log, for who sees the message alone: the folder of a region that did not start is soon gone. */
function broken(region, name, what) {
  const log = region.log(name);
  return new Error(
    `${name} ${what}; see ${log}, which ends with:\n${readFileSync(log, 'utf8').slice(-END_OF_LOG).trim()}`,
  );
}

/** Runs a tool to its end; what it prints goes to the log that the error names. */
export function run(region, name, [command, ...args], extra = {}) {
  const log = openSync(region.log(name), 'a');
  const child = spawn(command, args, {
    cwd: region.dir,
    stdio: ['ignore', log, log],
    env: environment(region, { ...extra, ...mark(region, name) }),
  });
  closeSync(log);
  return new Promise((done, failed) => {
    child.once('error', (error) => failed(new Error(`${name} cannot be started: ${error.message}`)));
    child.once('exit', (code, signal) =>
      code === 0 ? done() : failed(broken(region, name, `ended with ${signal ?? code}`)),
    );
  });
}

/** A tool in the foreground, at the caller's terminal; gives its exit code. */
export function attach(region, [command, ...args], extra = {}) {
  // Marked too: without a broker rabbitmqctl starts an epmd, which stays.
  const env = environment(region, { ...extra, ...mark(region, 'tool') });
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env });
  if (error) throw error;
  return status ?? 1;
}

/** SIGSTOP or SIGCONT for every process of a part. */
export function signalPart(region, name, signal) {
  for (const pid of processesOf(region, name)) process.kill(pid, signal);
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** kill -9, again and again until none is left: one may fork while the others are being killed. */
export async function killAll(region, name) {
  for (let round = 0; round < 100; round += 1) {
    const pids = processesOf(region, name);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
    await pause(50);
  }
  throw new Error(`${name ?? 'the region'} survives kill -9: ${processesOf(region, name).join(' ')}`);
}

/** Waits until the part answers; a part that died is told at once, not after the time is up. */
export async function waitUntilReady(region, name, isReady, timeoutMs = 120_000) {
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady(region))) {
    const why =
      processesOf(region, name).length === 0 ? 'ended' : Date.now() > deadline ? 'does not answer' : undefined;
    if (why) throw broken(region, name, why);
    await pause(100);
  }
}

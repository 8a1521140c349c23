// Where a region keeps its state, on which ports it listens, and the options it was started with.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const HOST = '127.0.0.1';
export const SOURCE = dirname(fileURLToPath(import.meta.url));

// Below the kernel's ephemeral range, so that no outgoing connection takes a port of ours between the look and the use.
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 30_000;
const PORTS_EACH = 5;

// The path of a Unix socket has room for 107 bytes, and MariaDB's lies in this folder.
const LONGEST_FOLDER = 85;

export const stateFolder = (env = process.env) =>
  resolve(env.REGION_DIR || join(tmpdir(), `trove-region-${process.getuid?.() ?? 0}`));

const whole = (env, name, fallback) => {
  const text = env[name] || String(fallback);
  if (!/^\d+$/.test(text)) throw new Error(`${name} must be a whole number, not "${text}"`);
  return Number(text);
};

/** What `up` may be told by the environment; kept in the state folder, so that later commands need not repeat it. */
export function optionsOf(env = process.env) {
  const notify = env.REGION_NOTIFY || 'messagingv2';
  if (!['messaging', 'messagingv2'].includes(notify)) {
    throw new Error(`REGION_NOTIFY must be messaging or messagingv2, not "${notify}"`);
  }
  return {
    notify,
    maxBackups: whole(env, 'REGION_MAX_BACKUPS', 50),
    rate: whole(env, 'REGION_RATE', 100_000),
    tokenS: whole(env, 'REGION_TOKEN_S', 3600),
    debug: Boolean(env.REGION_DEBUG) && env.REGION_DEBUG !== '0',
  };
}

const isFree = (port) =>
  new Promise((answer) => {
    const server = createServer();
    server.once('error', () => answer(false));
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => answer(true)));
  });

const blockAt = (first) => Array.from({ length: PORTS_EACH }, (_, offset) => first + offset);

async function takenIn(ports) {
  const free = await Promise.all(ports.map(isFree));
  return ports.filter((_, index) => !free[index]);
}

async function freeBlock(wanted) {
  if (wanted) {
    const taken = await takenIn(blockAt(wanted));
    if (taken.length > 0) throw new Error(`port ${taken.join(' ')} is taken; choose another REGION_PORT, or none`);
    return wanted;
  }
  const blocks = (HIGHEST_PORT - LOWEST_PORT) / PORTS_EACH;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    // Anywhere at random: regions that start in the same second then rarely want the same block.
    const first = LOWEST_PORT + PORTS_EACH * Math.floor(Math.random() * blocks);
    if ((await takenIn(blockAt(first))).length === 0) return first;
  }
  throw new Error(`no ${PORTS_EACH} free ports in a row between ${LOWEST_PORT} and ${HIGHEST_PORT}; set REGION_PORT`);
}

function described(dir, first, options) {
  const [keystone, api, amqp, epmd, dist] = blockAt(first);
  return {
    dir,
    options,
    ports: { first, keystone, api, amqp, epmd, dist },
    authUrl: `http://${HOST}:${keystone}/v3`,
    troveUrl: `http://${HOST}:${api}`,
    socket: join(dir, 'run/mariadb.sock'),
    file: (...names) => join(dir, ...names),
    log: (name) => join(dir, 'log', `${name}.log`),
  };
}

const memo = (dir) => join(dir, 'region.json');

/** The region of the state folder, or undefined when there is none. `ready` tells whether `up` came to its end. */
export function knownRegion(dir = stateFolder()) {
  try {
    const { port, options, ready } = JSON.parse(readFileSync(memo(dir), 'utf8'));
    return { ...described(dir, port, options), ready };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`${memo(dir)} is unreadable: ${error.message}`);
  }
}

export function expectedRegion() {
  const region = knownRegion();
  if (!region) throw new Error(`no region in ${stateFolder()}; start one with \`region up\``);
  return region;
}

export function remember(region, ready) {
  const { options, ports } = region;
  writeFileSync(memo(region.dir), JSON.stringify({ port: ports.first, options, ready }));
}

/** An empty state folder with its ports chosen. A folder that is somebody else's is never emptied. */
export async function freshRegion(env = process.env) {
  const dir = stateFolder(env);
  if (Buffer.byteLength(dir) > LONGEST_FOLDER) throw new Error(`REGION_DIR is too long for a socket path: ${dir}`);
  if (/\s/.test(dir)) throw new Error(`REGION_DIR must not contain spaces: ${dir}`);
  const region = described(dir, await freeBlock(whole(env, 'REGION_PORT', 0)), optionsOf(env));
  mkdirSync(dir, { recursive: true });
  if (readdirSync(dir).length > 0 && !knownRegion(dir)) throw new Error(`${dir} holds files that are no region's`);
  forget(dir);
  for (const folder of ['log', 'run', 'tmp', 'rabbitmq', 'keystone', 'trove', 'state']) {
    mkdirSync(join(dir, folder), { recursive: true });
  }
  remember(region, false);
  return region;
}

export const forget = (dir) => rmSync(dir, { recursive: true, force: true });

import { setTimeout as delay } from 'node:timers/promises';
import { type Daemon, openDaemon } from '../daemon.ts';
import type { ShellOptions } from './shell.ts';

const TIMINGS = { backupStartMs: 1, snapshotMs: 1, backupMs: 5 };
/** Newer than any store here, so that the first backup is due at once. */
const NEWER_MS = 60_000;
const WITHIN_MS = 60_000;
const NAMES = ['orders', 'carts'] as const;

interface RunRow {
  readonly id: string;
  readonly state: string;
  readonly backup_id: string | null;
}

async function until<T>(what: string, look: () => Promise<T | undefined | false | null>): Promise<T> {
  for (const endMs = performance.now() + WITHIN_MS; performance.now() < endMs; await delay(50)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`${what}: not so within ${WITHIN_MS} ms`);
}

const nightly = {
  name: 'nightly',
  every: 'day',
  window: '22:00-06:00',
  zone: 'Asia/Ho_Chi_Minh',
  first_within: '1s',
  tenant_may: { window: true, zone: true, every: '>=6h', keep: '>=1d', opt_out: true, pause: '7d' },
};
const few = { ...nightly, name: 'few', select: { names: ['carts'] }, keep: { last: 1 } };
const often = { ...few, every: '3s', window: undefined, zone: undefined, max_incrementals: 0 };
const settings = {
  limits: { minimum_interval: '1s' },
  // With slots every few seconds no quota holds what is kept.
  quota: { on_shortage: 'tell' },
  prune: { every: '5s', grace: '10m', quarantine: '0s' },
  policies: [often, nightly],
};

/** The service that docs/api.md speaks of: `orders` with a chain and a full after it, `carts` with a backup that is marked. */
export async function openOrders(): Promise<{ readonly daemon: Daemon; readonly shell: ShellOptions }> {
  const daemon = await openDaemon({
    mode: 'enforce',
    timings: TIMINGS,
    settings,
    prepare(region) {
      for (const name of NAMES) {
        region.createInstance({ projectName: 'demo', name, createdUtc: Date.now() + NEWER_MS });
      }
    },
  });
  const { region, token, ask, get } = daemon;
  const headers = { 'x-auth-token': await token('demo', 'demo'), 'content-type': 'application/json' };
  const idOf = (name: string): string => region.instances().find((one) => one.name === name)?.id ?? '';
  const read = async <T>(path: string): Promise<T> => (await get(path, headers)).body as T;
  const completed = (path: string): Promise<string> =>
    until(`a backup by ${path}`, async () => {
      const { runs } = await read<{ runs: readonly RunRow[] }>(path);
      return runs[0]?.state === 'completed' && runs[0].backup_id;
    });
  async function backedUp(name: string, body: object): Promise<string> {
    const made = await ask('POST', `/v1/instances/${idOf(name)}/runs`, headers, JSON.stringify(body));
    if (made.status !== 202) throw new Error(`no backup of ${name}: ${made.text}`);
    return completed(`/v1/runs?instance_id=${idOf(name)}&limit=1`);
  }
  await until('a mark', async () => (await read<{ prunes: readonly unknown[] }>('/v1/prunes')).prunes.length > 0);
  // They would leave the project no time for anything else.
  daemon.configure({ ...settings, policies: [few, nightly] });
  await completed(`/v1/runs?instance_id=${idOf('orders')}`);
  const full = await backedUp('orders', { kind: 'full', note: 'before the move' });
  await backedUp('orders', { kind: 'incremental' });
  const newest = await backedUp('orders', { kind: 'full' });
  const admin = await token('admin', 'admin', 'secret');
  return {
    daemon,
    shell: {
      env: { OS_USERNAME: 'demo', OS_PASSWORD: 'demo', OS_PROJECT_NAME: 'demo', OS_AUTH_URL: region.authUrl },
      commands: {
        // Only what docs/api.md asks it for; test/region holds that to the real command.
        openstack: `case "$*" in
          "token issue -f value -c id") [ "\${OS_CLOUD:-}" = admin ] && echo ${admin} || echo ${headers['x-auth-token']} ;;
          "database instance show orders -f value -c id") echo ${idOf('orders')} ;;
          "database backup list --instance ${idOf('orders')} -f value -c ID") printf '%s\\n' ${newest} ${full} ;;
          *) echo "openstack $*: not known here" >&2; exit 2 ;;
        esac`,
      },
    },
  };
}

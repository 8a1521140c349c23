import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Region, startRegion } from '../region/region.ts';
import { tenant, waitFor } from '../region/tenant.ts';
import type { LogLine } from './daemon-process.ts';
import { openScene, reasonOf, type Scene } from './scene.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Trove's own token, by which it asks Keystone about others', is used until 30 s before its end: a shorter one never. */
const TOKEN_S = 40;
/** Few, so that a user can use them up on a slow machine too. */
const REQUESTS_A_MINUTE = 60;
let region: Region;
beforeAll(async () => {
  region = await startRegion({ tokenS: TOKEN_S, rate: REQUESTS_A_MINUTE });
  await region.control({ backup_s: 0.5, prepare_s: 0.2 });
}, 2 * MINUTE);
afterAll(() => region?.down());

/** Requests of the user until Trove counts no more of them this minute, and then on. */
function flood({ user }: Scene): { end(): Promise<void> } {
  let isOn = true;
  const one = async (): Promise<void> => {
    while (isOn) await user.request('POST', '/backups', {});
  };
  const streams = Promise.all([one(), one()]);
  return {
    async end() {
      isOn = false;
      await streams;
    },
  };
}

test(
  'tokens that live for 40 s and a rate that is used up: several lifetimes without a fault, a wait as long as Trove says',
  async () => {
    const scene = await openScene(region, 'short-lived', {
      policy: 'every: 15s, max_incrementals: 50',
      settings: { limits: { tenant_api_share: 0.9 } },
    });
    const { stage } = scene;
    const { daemon, proxy } = stage;
    await daemon.start();
    const id = await scene.instance('orders');
    const startedMs = Date.now();
    await scene.completed(id, 2);

    const flooding = flood(scene);
    const isLimited = (line: LogLine): boolean =>
      line.event === 'run.waiting' && reasonOf(line).rule === 'rate-limited';
    const options = { timeoutMs: 2 * MINUTE, from: daemon.lines.length, where: isLimited };
    const waiting = await daemon.event('run.waiting', options).finally(flooding.end);
    const { retryAfterMs } = reasonOf(waiting).params as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThanOrEqual(SECOND);
    // The same slot, or the next one where that came first.
    await scene.next('run.completed', id);
    const posts = proxy.passed.filter(({ method, atMs }) => method === 'POST' && atMs >= waiting.atMs - SECOND);
    const [limited, again] = posts;
    expect([limited?.status, (again?.atMs ?? 0) - (limited?.atMs ?? 0) >= retryAfterMs]).toEqual([413, true]);

    await waitFor(async () => Date.now() - startedMs > 3 * TOKEN_S * SECOND, { timeoutMs: 3 * MINUTE });
    const from = daemon.lines.length;
    await scene.next('run.completed', id, from);
    const rules = daemon.lines.filter(({ event }) => event === 'run.waiting').map((line) => reasonOf(line).rule);
    // The instance may be seen before it is ready, and a slot before the last backup has ended.
    const other = rules.filter((rule) => !['rate-limited', 'instance-busy', 'backup-running'].includes(rule));
    expect(other).toEqual([]);
    // A slot may expire while the flood slows all down.
    const ends = daemon.lines.filter(({ event }) => /^(run\.(failed|unknown|skipped)|.*\.failed)$/.test(event));
    expect(ends).toEqual([]);
    expect(stage.runs(id).filter(({ state }) => state === 'completed').length).toBeGreaterThanOrEqual(4);
  },
  6 * MINUTE,
);

test(
  'a store that starts beside 50 living instances spreads them over enrol_over; observing, it changes nothing; half a list drops none',
  async () => {
    const settings = {
      mode: 'observe',
      enrol_over: '60s',
      reconcile: { every: '5s' },
      exclude: { projects: ['alt@Default'] },
      limits: { tenant_api_share: 0.9 },
    };
    const scene = await openScene(region, 'fleet', { policy: 'every: 5s', settings });
    const { stage, user } = scene;
    const { daemon, proxy } = stage;
    const alt = await tenant(region, { username: 'alt', password: 'alt', project: 'alt' });
    const theirs = await alt.createInstance({ name: 'not-this' });
    for (let n = 0; n < 50; n++) await user.createInstance({ name: `db-${n}` });
    const ready = async () => {
      const { body } = await user.request('GET', '/instances?limit=100&deleted=false');
      const { instances, links = [] } = body as { instances: { status: string }[]; links?: unknown[] };
      return { instances, isAll: links.length === 0 };
    };
    await waitFor(async () => (await ready()).instances.every(({ status }) => status === 'ACTIVE'), {
      timeoutMs: 5 * MINUTE,
      everyMs: 3 * SECOND,
    });
    await daemon.start();
    const done = await daemon.event('reconcile.done', { timeoutMs: MINUTE });
    const assigned = daemon.lines.filter(({ event }) => event === 'schedule.assigned');
    expect(assigned).toHaveLength(50);
    const excluded = daemon.lines.find(
      ({ event, instance }) => event === 'schedule.excluded' && instance === theirs.id,
    );
    expect(excluded).toMatchObject({ because: { rule: 'excluded-project' } });
    const offsets = assigned.map((line) => Date.parse(String(line['nextSlot'])) - done.atMs).toSorted((a, b) => a - b);
    expect(offsets[0]).toBeGreaterThan(-5 * SECOND);
    expect(offsets.at(-1)).toBeLessThanOrEqual(66 * SECOND);
    // Fifty at random: each quarter of the minute has some, and no five seconds have a third of all.
    for (const quarter of [0, 1, 2, 3]) {
      const inIt = offsets.filter((ms) => ms >= quarter * 15 * SECOND && ms < (quarter + 1) * 15 * SECOND + 5 * SECOND);
      expect(inIt.length).toBeGreaterThanOrEqual(4);
    }
    for (const from of offsets) {
      expect(offsets.filter((ms) => ms >= from && ms < from + 5 * SECOND).length).toBeLessThan(17);
    }

    const from = daemon.lines.length;
    proxy.rewrite((request, body) => {
      if (!request.path.includes('/mgmt/instances')) return undefined;
      const { instances, ...rest } = body as { instances: readonly unknown[] };
      return { ...rest, instances: instances.slice(0, instances.length / 2) };
    });
    const alarm = await daemon.event('reconcile.mass_vanish', { from });
    expect(alarm).toMatchObject({ level: 'error' });
    await daemon.event('reconcile.mass_vanish', { from: daemon.lines.length });
    proxy.rewrite(null);
    await daemon.event('reconcile.done', { from: daemon.lines.length });
    expect(daemon.lines.filter(({ event }) => event === 'instance.gone')).toEqual([]);

    await waitFor(async () => daemon.lines.filter(({ event }) => event === 'run.skipped').length >= 10, {
      timeoutMs: 2 * MINUTE,
    });
    const rules = daemon.lines.filter(({ event }) => event === 'run.skipped').map((line) => reasonOf(line).rule);
    expect(new Set(rules)).toEqual(new Set(['observing']));
    expect(proxy.passed.filter(({ method }) => method !== 'GET')).toEqual([]);
  },
  8 * MINUTE,
);

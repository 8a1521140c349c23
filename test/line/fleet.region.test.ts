import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Region, startRegion } from '../region/region.ts';
import { waitFor } from '../region/tenant.ts';
import { openScene, reasonOf, type Scene } from './scene.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Trove's own token, by which it asks Keystone about others', is used until 30 s before its end: a shorter one never. */
const TOKEN_S = 40;
const REQUESTS_A_MINUTE = 400;
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
  const streams = Promise.all(Array.from({ length: 8 }, one));
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
    const scene = await openScene(region, 'short-lived', { policy: 'every: 6s, max_incrementals: 50' });
    const { stage } = scene;
    const { daemon, proxy } = stage;
    await daemon.start();
    const id = await scene.instance('orders');
    const startedMs = Date.now();
    await scene.completed(id, 3);

    const flooding = flood(scene);
    const waiting = await scene.next('run.waiting', id);
    await flooding.end();
    expect(waiting).toMatchObject({ because: { rule: 'rate-limited' } });
    const { retryAfterMs } = reasonOf(waiting).params as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThanOrEqual(SECOND);
    const { run } = await scene.next('run.completed', id);
    expect(run).toBe(waiting['run']);
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
    expect(stage.runs(id).filter(({ state }) => state === 'completed').length).toBeGreaterThanOrEqual(8);
  },
  4 * MINUTE,
);

test(
  'a store that starts beside 50 living instances spreads them over enrol_over; observing, it changes nothing; half a list drops none',
  async () => {
    const settings = { mode: 'observe', enrol_over: '60s', reconcile: { every: '2s' }, exclude: { names: ['not-*'] } };
    const scene = await openScene(region, 'fleet', { policy: 'every: 5s', settings });
    const { stage, user } = scene;
    const { daemon, proxy } = stage;
    const names = Array.from({ length: 51 }, (_, n) => (n === 0 ? 'not-this' : `db-${n}`));
    for (const name of names) await user.createInstance({ name });
    const ready = async () => {
      const { body } = await user.request('GET', '/instances?limit=100&deleted=false');
      const { instances, links = [] } = body as { instances: { status: string }[]; links?: unknown[] };
      return { instances, isAll: links.length === 0 };
    };
    await waitFor(async () => (await ready()).instances.every(({ status }) => status === 'ACTIVE'), {
      timeoutMs: 2 * MINUTE,
      everyMs: 2 * SECOND,
    });
    await daemon.start();
    const done = await daemon.event('reconcile.done', { timeoutMs: MINUTE });
    const assigned = daemon.lines.filter(({ event }) => event === 'schedule.assigned');
    expect(assigned).toHaveLength(50);
    const excluded = daemon.lines.find(({ event, name }) => event === 'schedule.excluded' && name === 'not-this');
    expect(excluded).toMatchObject({ because: { rule: 'excluded-name' } });
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

    await waitFor(async () => daemon.lines.filter(({ event }) => event === 'run.skipped').length >= 50, {
      timeoutMs: 2 * MINUTE,
    });
    const rules = daemon.lines.filter(({ event }) => event === 'run.skipped').map((line) => reasonOf(line).rule);
    expect(new Set(rules)).toEqual(new Set(['observing']));
    expect(proxy.passed.filter(({ method }) => method !== 'GET')).toEqual([]);
  },
  5 * MINUTE,
);

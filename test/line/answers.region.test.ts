import Database from 'better-sqlite3';
import { beforeAll, expect, inject, test } from 'vitest';
import { type Region, regionAt } from '../region/region.ts';
import { type Tenant, tenant } from '../region/tenant.ts';
import { openScene, reasonOf, type Scene } from './scene.ts';

const MINUTE = 60_000;
let region: Region;
let admin: Tenant;
beforeAll(async () => {
  region = regionAt(inject('region'));
  await region.control({ backup_s: 0.5 });
  admin = await tenant(region, { username: 'admin', password: 'secret', project: 'admin' });
});

async function setQuota({ user }: Scene, backups: number): Promise<void> {
  const answer = await admin.request('PUT', `/mgmt/quotas/${user.projectId}`, { quotas: { backups } });
  expect(answer.status).toBe(200);
}

const postsSince = ({ stage }: Scene, atMs: number) =>
  stage.proxy.passed.filter((passed) => passed.method === 'POST' && passed.atMs >= atMs);

test(
  'a user who is quicker makes the instance busy: a 422, its reason on the run, and the slot goes when he is done',
  async () => {
    // So far apart that the slot after it asks for nothing yet.
    const scene = await openScene(region, 'busy', { policy: 'every: 30s' });
    const { stage, user } = scene;
    await stage.daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 1);
    await region.control({ backup_s: 4 });
    // Between the look and the request, so that the look has seen an ACTIVE instance.
    stage.proxy.failNext({
      beforeForward: async () => {
        await user.createBackup({ name: 'mine', instance: id });
      },
    });
    const busy = await scene.next('run.waiting', id);
    expect(busy).toMatchObject({ because: { rule: 'busy' } });
    const { run } = await scene.next('run.completed', id);
    expect(run).toBe(busy['run']);
    const [refused, made, ...more] = postsSince(scene, busy.atMs - 1000);
    expect([refused?.status, made?.status, more]).toEqual([422, 202, []]);
  },
  2 * MINUTE,
);

test(
  'a quota that is full but for its reserve ends slots with the number to ask for, and with more of it the next goes well',
  async () => {
    const scene = await openScene(region, 'short', { policy: 'every: 6s' });
    const { stage } = scene;
    await setQuota(scene, 3);
    await stage.daemon.start();
    const id = await scene.instance('orders');
    const skipped = await scene.next('run.skipped', id);
    const params = { inUse: 2, limit: 3, reserve: 1, ask: 4 };
    expect(reasonOf(skipped)).toEqual({ rule: 'quota', params });
    expect(stage.proxy.posts).toHaveLength(2);
    await scene.next('run.skipped', id);
    expect(stage.proxy.posts).toHaveLength(2);

    // As much as was told is enough; and one that shrinks between the look and the request is a 413 of its own.
    await setQuota(scene, 4);
    await scene.completed(id, 3);
    await setQuota(scene, 50);
    stage.proxy.failNext({ beforeForward: () => setQuota(scene, 3) });
    const refused = await scene.next('run.waiting', id);
    expect(refused).toMatchObject({ because: { rule: 'quota-refused' } });
    const after = await scene.next('run.skipped', id);
    expect(reasonOf(after)).toMatchObject({ rule: 'quota', params: { inUse: 3, limit: 3, ask: 5 } });
    expect(postsSince(scene, refused.atMs - 1000).map(({ status }) => status)).toEqual([413]);
    await setQuota(scene, 50);
    await scene.completed(id, 4);
  },
  2 * MINUTE,
);

test(
  'while Swift is away a slot waits with that reason, asked for ever more rarely, and the next one goes well',
  async () => {
    const scene = await openScene(region, 'swiftless', { policy: 'every: 10s' });
    const { stage } = scene;
    await stage.daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 1);
    await region.control({ swift_down: true });
    const waiting = await scene.next('run.waiting', id);
    expect(waiting).toMatchObject({ because: { rule: 'storage-away' } });
    const expired = await scene.next('run.expired', id);
    expect(reasonOf(expired)).toMatchObject({ rule: 'expired', params: { held: { rule: 'storage-away' } } });
    // A tenth of the interval, which is the least there is: a second.
    const posts = postsSince(scene, waiting.atMs - 1000);
    const seconds = (Date.now() - waiting.atMs) / 1000;
    expect(posts.length).toBeLessThanOrEqual(seconds + 2);
    expect(new Set(posts.map(({ status }) => status))).toEqual(new Set([401]));
    await region.control({ swift_down: false });
    await scene.next('run.completed', id);
  },
  2 * MINUTE,
);

test(
  'a login that Keystone refuses is a reason of its own on the run; with the right one again the slots go well',
  async () => {
    const scene = await openScene(region, 'signed-out', { policy: 'every: 10s' });
    const { stage } = scene;
    await stage.daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 1);
    stage.configure({ keystone: { password: 'another' } });
    const waiting = scene.next('run.waiting', id);
    stage.daemon.reload();
    expect(reasonOf(await waiting).rule).toBe('unauthorized');
    stage.configure({});
    stage.daemon.reload();
    await scene.next('run.completed', id);
  },
  2 * MINUTE,
);

const hourOf = (utc: number): string => `${String(new Date(utc).getUTCHours()).padStart(2, '0')}:00`;

/** Every ten seconds, as a rule that names each. */
const TEN_SECONDS = `FREQ=HOURLY;BYMINUTE=${Array.from({ length: 60 }, (_, minute) => minute)};BYSECOND=0,10,20,30,40,50`;

test.each([
  { form: 'rrule', policy: () => `rrule: "${TEN_SECONDS}", spread: 0s, zone: Asia/Tokyo` },
  {
    form: 'an interval in a window that is open',
    policy: (now: number) =>
      `every: 6s, window: "${hourOf(now - 60 * MINUTE)}-${hourOf(now + 120 * MINUTE)}", zone: UTC`,
  },
])(
  'slots by $form come and are backed up, a full and an incremental on it',
  async ({ form, policy }) => {
    const project = form === 'rrule' ? 'by-rule' : 'in-window';
    const scene = await openScene(region, project, { policy: policy(Date.now()) });
    await scene.stage.daemon.start();
    const id = await scene.instance('orders');
    const runs = (await scene.completed(id, 3)).filter(({ state }) => state === 'completed');
    expect(runs.slice(0, 3).map(({ kind }) => kind)).toEqual(['full', 'incremental', 'incremental']);
    if (form === 'rrule') expect(runs.slice(1).map(({ slot_utc }) => slot_utc % 10_000)).toEqual([0, 0]);
  },
  2 * MINUTE,
);

test(
  'outside its window an interval has no slot but the first backup',
  async () => {
    const opens = Date.now() + 120 * MINUTE;
    const window = `${hourOf(opens)}-${hourOf(opens + 60 * MINUTE)}`;
    const scene = await openScene(region, 'shut-window', { policy: `every: 6s, window: "${window}", zone: UTC` });
    await scene.stage.daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 1);
    const assigned = await scene.next('schedule.assigned', id, 0);
    expect(Date.parse(String(assigned['nextSlot']))).toBeLessThan(Date.now());
    const store = new Database(scene.stage.storePath, { readonly: true });
    const next = store.prepare<[string], { at: number }>(
      'SELECT next_slot_utc AS at FROM schedules WHERE instance_id = ?',
    );
    expect(hourOf(next.get(id)?.at ?? 0)).toBe(hourOf(opens));
    store.close();
  },
  2 * MINUTE,
);

test(
  'a recovery point that its owner deletes is missed by the word of the bus, and its schedule goes on sooner',
  async () => {
    const scene = await openScene(region, 'losing', { policy: 'every: day' });
    const { stage, user } = scene;
    await stage.daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 1);
    const [backup] = await scene.backups(id);
    const from = stage.daemon.lines.length;
    const askedMs = Date.now();
    await user.deleteBackup(backup?.id ?? '');
    const lost = await scene.next('point.lost', id, from);
    expect(lost).toMatchObject({ backup: backup?.id, byUs: false, newest: null, because: { rule: 'point-vanished' } });
    expect(lost.atMs - askedMs).toBeLessThan(15_000);
    const hastened = await scene.next('schedule.hastened', id, from);
    expect(Date.parse(String(hastened['nextSlot'])) - Date.now()).toBeLessThan(61 * MINUTE);
  },
  2 * MINUTE,
);

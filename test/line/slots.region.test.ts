import Database from 'better-sqlite3';
import { beforeAll, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { because } from '../../lib/core/index.ts';
import { type Region, regionAt } from '../region/region.ts';
import { waitFor } from '../region/tenant.ts';
import { isOurs, openScene, reasonOf, type Scene } from './scene.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
let region: Region;
beforeAll(async () => {
  region = regionAt(inject('region'));
  await region.control({ backup_s: 0.5 });
});

const sleepUntil = (instant: number): Promise<void> =>
  new Promise((done) => setTimeout(done, Math.max(0, instant - Date.now())));

function inStore<T>({ stage }: Scene, act: (db: Database.Database) => T): T {
  const db = new Database(stage.storePath);
  try {
    return act(db);
  } finally {
    db.close();
  }
}
const nextSlot = (scene: Scene, id: string): number =>
  inStore(
    scene,
    (db) =>
      db.prepare<[string], { at: number }>('SELECT next_slot_utc AS at FROM schedules WHERE instance_id = ?').get(id)
        ?.at ?? 0,
  );

test(
  "a user's fresh full satisfies a slot, and when he deletes it a backup of ours follows on our own chain",
  async () => {
    const scene = await openScene(region, 'credited', { policy: 'every: 40s, max_incrementals: 30' });
    const { stage, user } = scene;
    await stage.daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 1);
    // Time enough to be made on a machine that is busy, and young enough to count for the slot.
    await sleepUntil(nextSlot(scene, id) - 20 * SECOND);
    const from = stage.daemon.lines.length;
    const users = await user.createBackup({ name: 'before the upgrade', instance: id });
    const finished = await user.endOfBackup(users.id);
    expect(finished.status).toBe('COMPLETED');
    const credited = await scene.next('run.credited', id, from);
    expect(credited).toMatchObject({ backup: users.id });
    expect(reasonOf(credited).rule).toBe('credited');
    expect(stage.runs(id).at(-1)).toMatchObject({ state: 'credited', backup_id: users.id });
    expect((await scene.backups(id)).filter(isOurs)).toHaveLength(1);

    const slotUtc = stage.runs(id).at(-1)?.slot_utc ?? 0;
    await user.deleteBackup(users.id);
    const lost = await scene.next('credit.lost', id, from);
    expect(reasonOf(lost)).toEqual(because('credit-vanished', { backup: users.id, slotUtc }));
    await scene.next('run.completed', id, from);
    const [full, incremental] = (await scene.backups(id)).filter(isOurs);
    expect(incremental?.['parent_id']).toBe(full?.id);
  },
  4 * MINUTE,
);

test(
  'what a busy instance kept from starting expires when its window ends, and is made up for outside; so is what passed in a downtime',
  async () => {
    const scene = await openScene(region, 'bounded', { policy: 'every: 10s, max_incrementals: 30' });
    const { stage, user } = scene;
    const { daemon } = stage;
    await daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 1);

    // From now on only in a window that is open, until a full minute that is not too near.
    const endUtc = Math.ceil((Date.now() + 15 * SECOND) / MINUTE) * MINUTE;
    const clock = (instant: number): string => new Date(instant).toISOString().slice(11, 16);
    const keys = `every: 10s, max_incrementals: 30, window: "${clock(endUtc - 3 * MINUTE)}-${clock(endUtc)}", catch_up: now`;
    const select = { projects: [`${scene.project}@Default`] };
    stage.configure({ policies: [{ name: 'bounded', select, first_within: '2s', ...parse(`{ ${keys} }`) }] });
    daemon.reload();
    await daemon.event('config.reloaded');
    await daemon.event('schedule.changed', { where: (line) => line['instance'] === id });
    const from = daemon.lines.length;
    await region.control({ backup_s: (endUtc - Date.now()) / SECOND + 4 });
    const running = await waitFor(async () => {
      const answer = await user.request('POST', '/backups', { backup: { name: 'mine', instance: id } });
      return answer.status === 202 && (answer.body as { backup: { id: string } }).backup.id;
    });
    const ended = await daemon.event('run.expired', {
      from,
      timeoutMs: 2 * MINUTE,
      where: (line) => reasonOf(line).rule === 'window-ended',
    });
    expect(ended.atMs - endUtc).toBeGreaterThanOrEqual(0);
    expect(ended.atMs - endUtc).toBeLessThan(5 * SECOND);
    const held = because('backup-running', { backup: running });
    expect(reasonOf(ended)).toEqual(because('window-ended', { held }));
    const hastened = await scene.next('schedule.hastened', id, from);
    expect(reasonOf(hastened).rule).toBe('makes-up-for');
    await region.control({ backup_s: 0.5 });
    const made = await scene.next('run.completed', id, daemon.lines.indexOf(hastened));
    expect(Date.parse(String(made['slot']))).toBe(Date.parse(String(hastened['nextSlot'])));
    expect(nextSlot(scene, id) - endUtc).toBeGreaterThan(DAY - 4 * MINUTE);

    // As after two days away: the windows of yesterday and today have passed.
    await daemon.end('SIGTERM');
    inStore(scene, (db) => db.prepare('UPDATE schedules SET next_slot_utc = next_slot_utc - ?').run(2 * DAY));
    const before = stage.runs(id).filter(({ state }) => state === 'completed').length;
    const back = daemon.lines.length;
    await daemon.start();
    expect(await scene.next('run.missed', id, back)).toMatchObject({ slots: expect.any(Number) });
    const again = await scene.next('schedule.hastened', id, back);
    expect(reasonOf(again)).toMatchObject({ rule: 'makes-up-for', params: { by: { rule: 'missed' } } });
    await scene.next('run.completed', id, back);
    await sleepUntil(Date.now() + 5 * SECOND);
    expect(stage.runs(id).filter(({ state }) => state === 'completed')).toHaveLength(before + 1);
  },
  4 * MINUTE,
);

import { expect, test } from 'vitest';
import { CallerCloudError } from '../../../daemon/ports/caller-cloud.ts';
import { every, HOUR, iso, MINUTE } from '../../core/builders.ts';
import { HOURLY } from '../../engine/world.ts';
import { worldLab } from './world-lab.ts';

async function lived(count: number, options: Parameters<typeof worldLab>[0] = {}) {
  const lab = worldLab(options);
  const { world } = lab;
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, count);
  const made = world.backups(id).map((backup) => backup.id);
  const remove = (backupId = '', query = '') => lab.ask('DELETE', `/v1/backups/${backupId}${query}`);
  const there = () => world.backups(id).map((backup) => backup.id);
  return { ...lab, id, made, remove, there };
}
/** One of ours on which nothing stands, and a newer one of the user's own. */
async function older() {
  const scene = await lived(1);
  const newest = scene.world.region.createBackup({ instanceId: scene.id, name: 'mine' }).id;
  return { ...scene, leaf: scene.made[0] ?? '', newest };
}
const CONFIRMED = 'confirm=newest-recovery-point';

test('an older leaf goes at once, in the caller’s own name, and the audit says so', async () => {
  const { world, leaf, remove, there, audit, id } = await older();
  const { status, body } = await remove(leaf);
  expect([status, body.deleting]).toMatchObject([202, [{ id: leaf, instance_id: id }]]);
  expect(world.service.wire.deletions).toEqual([]);
  await world.advance(MINUTE);
  expect(there()).not.toContain(leaf);
  expect(await audit()).toMatchObject([
    { action: 'backup:delete', targetId: leaf, ended: { outcome: 'done', after: { deleting: [{ id: leaf }] } } },
  ]);
});

test('what stands on it is named first, and goes along where that is asked for', async () => {
  const { world, made, remove, there, id } = await lived(2);
  const [full = '', one = ''] = made;
  const foreign = world.region.createBackup({ instanceId: id, name: 'on-it', parentId: one }).id;
  const apart = world.region.createBackup({ instanceId: id, name: 'apart', createdUtc: 0 }).id;
  const refused = await remove(full);
  expect([refused.status, refused.body.error.title]).toEqual([409, 'has-descendants']);
  expect(refused.body.error.details?.['descendants']).toMatchObject([
    { id: one, origin: 'scheduled', status: 'COMPLETED', held: false },
    { id: foreign, name: 'on-it', origin: 'foreign' },
  ]);
  expect(refused.body.error.hint).toContain('cascade=true');
  expect(refused.body.error.details?.['descendants']).toHaveLength(2);
  // The user's own on it is the newest there is.
  const { status, body } = await remove(full, `?cascade=true&${CONFIRMED}`);
  expect([status, body.deleting.map((row) => row.id)]).toEqual([202, [full, one, foreign]]);
  await world.advance(MINUTE);
  expect(there()).toEqual([apart]);
});

test('the newest recovery point wants a word more, which says what would be left', async () => {
  const { world, made, remove, there, id } = await lived(2);
  const [full = '', newest = ''] = made;
  const refused = await remove(newest);
  expect([refused.status, refused.body.error.title]).toEqual([409, 'newest-recovery-point']);
  const slotUtc = world.service.runs(id)[0]?.slot_utc ?? 0;
  expect(refused.body.error.details).toEqual({ instance_id: id, newest_left_at: iso(slotUtc) });
  const all = await remove(full, '?cascade=true');
  expect(all.body.error.details).toEqual({ instance_id: id, newest_left_at: null });
  expect(all.body.error.message).toContain('nothing could be restored any more');
  expect((await remove(full, `?cascade=true&${CONFIRMED}`)).status).toBe(202);
  await world.advance(MINUTE);
  expect(there()).toEqual([]);
});

test('what goes so is made up for: nobody waits for the bus to tell', async () => {
  const { world, made, remove, id } = await lived(1, { policies: [{ ...HOURLY, cadence: every(6 * HOUR) }] });
  const before = world.service.schedules()[0]?.next_slot_utc ?? 0;
  await remove(made[0], `?${CONFIRMED}`);
  await world.until(() => world.service.events('schedule.hastened', id).length > 0, MINUTE);
  expect(world.service.events('point.lost', id)).toMatchObject([{ backup: made[0], byUs: false }]);
  expect(world.service.schedules()[0]?.next_slot_utc).toBeLessThan(before);
});

test('an instance that is gone needs no such word', async () => {
  const { world, made, remove, id } = await lived(1);
  world.region.deleteInstance(id);
  await world.until(() => world.service.schedules()[0]?.active === 0);
  expect((await remove(made[0])).status).toBe(202);
});

test('a held one, or one with a held one on it, is refused with whose hold it is', async () => {
  const { ask, made, remove, there } = await lived(2);
  const [full = '', one = ''] = made;
  await ask('PUT', `/v1/backups/${one}/hold`, { body: { note: 'audit' } });
  for (const refused of [await remove(one, '?cascade=true'), await remove(full, `?cascade=true&${CONFIRMED}`)]) {
    expect([refused.status, refused.body.error.title]).toEqual([409, 'held']);
    expect(refused.body.error.message).toContain(`${one} is held by member: audit`);
    expect(refused.body.error.hint).toContain(`/v1/backups/${one}/hold`);
  }
  expect(there()).toEqual(made);
});

test('one that is being made waits, and so does what it is made on', async () => {
  const { world, made, remove, ask, id } = await lived(1, { region: { backupMs: 30 * MINUTE } });
  await ask('POST', `/v1/instances/${id}/runs`, { body: { kind: 'incremental' } });
  await world.until(() => world.backups(id).length === 2);
  const running = world.backups(id)[1]?.id ?? '';
  for (const refused of [await remove(running), await remove(made[0], `?cascade=true&${CONFIRMED}`)]) {
    expect([refused.status, refused.body.error.title]).toEqual([409, 'running']);
    expect(refused.body.error.message).toContain(running);
  }
});

test('the same deletion twice is asked of Trove once: it would give the quota back twice', async () => {
  const { world, leaf, remove } = await older();
  world.region.control.taskManagerDown = true;
  const asked = Promise.all([remove(leaf), remove(leaf), remove(leaf)]);
  const isAnswered = { yet: false };
  void asked.finally(() => {
    isAnswered.yet = true;
  });
  // Between two of them the engine could have its turn.
  await world.until(() => isAnswered.yet);
  const answers = await asked;
  expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409]);
  const refused = answers.find(({ status }) => status === 409);
  expect(refused?.body.error.title).toBe('going');
  world.region.control.taskManagerDown = false;
  await world.advance(MINUTE);
});

test('while an answer is lost nobody builds on what may be gone, nor asks again', async () => {
  const { leaf, remove, cloudIs, audit } = await older();
  cloudIs(() => ({ deleteBackup: () => Promise.reject(new CallerCloudError('unknown', 'cut')) }));
  const lost = await remove(leaf);
  expect([lost.status, lost.body.error.title]).toEqual([504, 'outcome-unknown']);
  expect((await remove(leaf)).body.error.title).toBe('going');
  expect(await audit()).toMatchObject([{ ended: { outcome: 'refused' } }, { ended: { outcome: 'failed' } }]);
});

test('beside what cannot be read nothing goes that it may stand on', async () => {
  const { leaf, remove, cloudIs } = await older();
  const odd = (parentId?: string | null) =>
    cloudIs((cloud) => ({
      backups: async (caller, onOdd) => {
        const row = { kind: 'backup', id: 'odd', projectId: caller.projectId, field: 'created', problem: 'x' } as const;
        onOdd(parentId === undefined ? row : { ...row, parentId });
        return cloud.backups(caller, onOdd);
      },
    }));
  odd();
  expect((await remove(leaf)).body.error).toMatchObject({ code: 409, title: 'unreadable' });
  odd(leaf);
  expect((await remove(leaf)).body.error).toMatchObject({ code: 409, title: 'unreadable' });
  odd(null);
  expect((await remove(leaf)).status).toBe(202);
});

test('while something of ours is on its way in the project, it waits, and then says so', async () => {
  const { world, leaf, ask, remove } = await older();
  const held = Promise.withResolvers<void>();
  const { projectWork } = world.service.life();
  const other = projectWork.inTurn(world.project, () => held.promise, new AbortController().signal);
  const waiting = remove(leaf);
  const { status, body, headers } = await waiting;
  expect([status, body.error.title, headers['retry-after']]).toEqual([503, 'project-busy', '5']);
  held.resolve();
  await other;
  expect((await remove(leaf)).status).toBe(202);
  expect((await ask('DELETE', '/v1/backups/nothing')).status).toBe(404);
});

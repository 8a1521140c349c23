import { expect, test } from 'vitest';
import { explain, type Reason } from '../../lib/core/index.ts';
import { DAY, every, HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

const SLOW = { ...HOURLY, cadence: every(6 * HOUR) };
const alarms = ({ service }: World, id: string) => service.events('backup.stuck', id);

/** What an operator does. */
async function reset({ region }: World, id: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const domain = { name: 'Default' };
  const identity = {
    methods: ['password'],
    password: { user: { name: 'autobackup', domain, password: 'autobackup' } },
  };
  const auth = { identity, scope: { project: { name: 'service', domain } } };
  const signedIn = await region.fetch(`${region.authUrl}/auth/tokens`, {
    ...{ method: 'POST', headers, body: JSON.stringify({ auth }) },
  });
  const { token } = (await signedIn.json()) as {
    token: { catalog: readonly { type: string; endpoints: readonly { url: string }[] }[] };
  };
  const url = token.catalog.find(({ type }) => type === 'database')?.endpoints[0]?.url;
  const done = await region.fetch(`${url}/instances/${id}/action`, {
    method: 'POST',
    headers: { ...headers, 'x-auth-token': signedIn.headers.get('x-subject-token') ?? '' },
    body: JSON.stringify({ reset_status: {} }),
  });
  expect(done.status).toBe(202);
}

async function stuckWorld(options: Parameters<typeof openWorld>[0] = {}): Promise<{ world: World; id: string }> {
  const world = openWorld({ policies: [SLOW], ...options });
  const id = world.instance('orders');
  world.region.control.stuckBackupsOf.add(id);
  await world.service.start();
  await world.until(() => alarms(world, id).length > 0, 4 * HOUR);
  return { world, id };
}

test('a backup of ours that stays NEW is told with what an operator does, and frees its place', async () => {
  const world = openWorld({ policies: [SLOW], caps: { concurrent: 1, perProject: 1 } });
  const id = world.instance('orders');
  world.region.control.stuckBackupsOf.add(id);
  await world.service.start();
  await world.until(() => world.service.runs(id)[0]?.state === 'running');
  const other = world.instance('next-one');
  await world.until(() => alarms(world, id).length > 0, 4 * HOUR);
  const backup = world.backups(id)[0];
  const [alarm] = alarms(world, id);
  expect((alarm?.atUtc ?? 0) - (backup?.createdUtc ?? 0)).toBeGreaterThan(2 * HOUR);
  expect(alarm).toMatchObject({ level: 'error', backup: backup?.id, project: world.project, times: 1 });
  expect(explain(alarm?.['because'] as Reason)).toContain(`openstack database instance reset status ${id}`);
  await world.completed(other, 1);
});

test("its instance's slots wait and expire with that, and nothing is asked for", async () => {
  const { world, id } = await stuckWorld();
  await world.until(() => world.service.events('run.expired', id).length > 0, DAY);
  expect(world.service.events('run.expired', id)[0]).toMatchObject({
    because: { rule: 'expired', params: { held: { rule: 'backup-stuck' } } },
  });
  expect(world.service.wire.posts).toHaveLength(1);
});

test('it is told again after an hour, then more rarely, and not at once after a restart', async () => {
  const { world, id } = await stuckWorld();
  await world.restart();
  await world.advance(40 * MINUTE);
  expect(alarms(world, id)).toHaveLength(1);
  await world.advance(12 * HOUR);
  const times = alarms(world, id).map(({ atUtc }) => atUtc);
  const gaps = times.slice(1).map((atUtc, index) => Math.round((atUtc - (times[index] ?? 0)) / HOUR));
  expect(gaps).toEqual([1, 2, 4]);
});

test('one that is done after all is completed, and the alarm is over', async () => {
  const world = openWorld({ policies: [SLOW], region: { backupMs: 3 * HOUR } });
  const id = world.instance('orders');
  await world.service.start();
  await world.until(() => world.service.events('run.completed', id).length > 0, 4 * HOUR);
  expect(alarms(world, id)).toHaveLength(1);
  await world.until(() => world.service.events('backup.unstuck', id).length > 0, HOUR);
  expect(world.service.events('backup.unstuck', id)).toMatchObject([{ status: 'COMPLETED' }]);
  expect(world.service.runs(id)[0]).toMatchObject({ state: 'completed' });
  // Four times what it took is more than it takes.
  await world.advance(12 * HOUR);
  expect(alarms(world, id)).toHaveLength(1);
});

test('one that an operator resets ends as failed, and the slot that waits goes', async () => {
  const { world, id } = await stuckWorld();
  await world.until(() => world.service.runs(id).some(({ because }) => because?.rule === 'backup-stuck'), 8 * HOUR);
  world.region.control.stuckBackupsOf.delete(id);
  await reset(world, id);
  await world.until(() => world.service.events('run.completed', id).length > 0, HOUR);
  expect(world.service.events('run.failed', id)).toHaveLength(1);
  expect(world.service.events('backup.unstuck', id)).toMatchObject([{ status: 'FAILED' }]);
});

test("a user's own that is stuck is told as well, and over when it vanishes", async () => {
  const world = openWorld({ policies: [SLOW] });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 1);
  const { id: theirs } = world.region.createBackup({ instanceId: id, name: 'mine', status: 'BUILDING' });
  await world.until(() => alarms(world, id).length > 0, 4 * HOUR);
  expect(alarms(world, id)[0]).toMatchObject({ backup: theirs });
  world.region.deleteBackup(theirs);
  await world.until(() => world.service.events('backup.unstuck', id).length > 0, HOUR);
  expect(world.service.events('backup.unstuck', id)).toMatchObject([{ backup: theirs, status: null }]);
});

test('a clock that is wrong makes nothing stuck', async () => {
  const world = openWorld({ policies: [SLOW], region: { backupMs: HOUR } });
  const id = world.instance('orders');
  await world.service.start();
  await world.until(() => world.service.runs(id)[0]?.state === 'running');
  world.service.setClock(5 * HOUR);
  await world.advance(30 * MINUTE);
  expect(world.service.events('clock.doubtful').length).toBeGreaterThan(0);
  expect(alarms(world, id)).toEqual([]);
});

test('the backup of an instance that is gone is none that anybody could see to', async () => {
  const { world, id } = await stuckWorld();
  world.region.deleteInstance(id);
  await world.until(() => world.service.events('backup.unstuck', id).length > 0, 2 * HOUR);
  await world.advance(DAY);
  expect(alarms(world, id).length).toBeLessThanOrEqual(2);
  expect(world.service.runs(id)[0]).toMatchObject({ state: 'aborted', because: { rule: 'instance-gone' } });
});

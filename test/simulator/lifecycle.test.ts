import { describe, expect, it } from 'vitest';
import { accepted, order } from '../contract/stage.ts';
import { askForToken, rowOf, rowsOf } from '../contract/user.ts';
import { openWorld, START_UTC } from './world.ts';

describe('the life of a backup', () => {
  it('goes NEW, BUILDING, SAVING, COMPLETED by the clock alone', async () => {
    const { clock, demo, instance, statusOf } = await openWorld({ backupStartMs: 100, backupMs: 2000, savingMs: 500 });
    const { id } = accepted(await demo.backup({ name: 'b', instance }));
    const seen = [statusOf(id)];
    for (const ms of [99, 1, 1499, 1, 499, 1]) {
      clock.advance(ms);
      seen.push(statusOf(id));
    }
    expect(seen).toEqual(['NEW', 'NEW', 'BUILDING', 'BUILDING', 'SAVING', 'SAVING', 'COMPLETED']);
  });

  it('takes as long as its own row says', async () => {
    const backupMs = ({ parentId }: { parentId: string | null }) => (parentId === null ? 60_000 : 5_000);
    const { clock, demo, instance, statusOf } = await openWorld({ backupMs });
    const full = accepted(await demo.backup({ name: 'full', instance })).id;
    clock.advance(59_000);
    expect(statusOf(full)).toBe('BUILDING');
    clock.advance(1_100);
    const inc = accepted(await demo.backup({ name: 'inc', instance, parent_id: full })).id;
    clock.advance(5_100);
    expect([statusOf(full), statusOf(inc)]).toEqual(['COMPLETED', 'COMPLETED']);
  });

  it('stands in BUILDING for ever when its instance is deleted meanwhile', async () => {
    const { clock, demo, instance, statusOf } = await openWorld({ tokenS: 1_000_000 });
    const { id } = accepted(await demo.backup({ name: 'orphan', instance }));
    clock.advance(150);
    expect((await demo.delete(`/instances/${instance}`)).status).toBe(202);
    clock.advance(24 * 3_600_000);
    expect(statusOf(id)).toBe('BUILDING');
    expect((await demo.delete(`/backups/${id}`)).status).toBe(422);
  });

  it('stands in NEW for ever when the task manager failed after the 202', async () => {
    const { clock, demo, region, instance, statusOf } = await openWorld();
    region.control.stuckBackupsOf.add(instance);
    const { id } = accepted(await demo.backup({ name: 'stuck', instance }));
    clock.advance(1000);
    region.control.stuckBackupsOf.clear();
    clock.advance(24 * 3_600_000);
    expect(statusOf(id)).toBe('NEW');
  });

  it('is DELETE_FAILED when Swift goes after the DELETE was accepted, and can then be deleted again', async () => {
    const { clock, demo, region, instance, statusOf } = await openWorld();
    const { id } = region.createBackup({ instanceId: instance, name: 'old' });
    expect((await demo.delete(`/backups/${id}`)).status).toBe(202);
    region.control.swiftDown = true;
    clock.advance(1000);
    expect(statusOf(id)).toBe('DELETE_FAILED');
    region.control.swiftDown = false;
    expect((await demo.delete(`/backups/${id}`)).status).toBe(202);
    clock.advance(1000);
    expect((await demo.get(`/backups/${id}`)).status).toBe(404);
  });

  it('gives its unit back twice when it is deleted twice before it is gone', async () => {
    const { clock, demo, region, instance } = await openWorld();
    const [first] = ['a', 'b', 'c'].map((name) => region.createBackup({ instanceId: instance, name }));
    await demo.delete(`/backups/${first?.id}`);
    expect((await demo.delete(`/backups/${first?.id}`)).status).toBe(202);
    clock.advance(1000);
    expect(rowsOf(await demo.get('/backups'), 'backups')).toHaveLength(2);
    const { body } = await demo.get(`/mgmt/quotas/${demo.projectId}`);
    expect(body).toMatchObject({
      quotas: expect.arrayContaining([expect.objectContaining({ resource: 'backups', in_use: 1 })]),
    });
  });
});

describe('the life of an instance', () => {
  it('is ACTIVE once prepared, SHUTDOWN while it goes, then gone', async () => {
    const { clock, demo } = await openWorld({ prepareMs: 1000, deleteInstanceMs: 500 });
    const { id } = await order(demo, { name: 'new' });
    const status = async () => rowOf(await demo.get(`/instances/${id}`), 'instance').status;
    clock.advance(999);
    expect(await status()).toBe('BUILD');
    clock.advance(1);
    expect(await status()).toBe('ACTIVE');
    await demo.delete(`/instances/${id}`);
    expect(await status()).toBe('SHUTDOWN');
    clock.advance(500);
    expect((await demo.get(`/instances/${id}`)).status).toBe(404);
  });

  it.each([
    [{ task: 'RESIZING' }, 'RESIZE', 'task status was RESIZING'],
    [{ task: 'REBOOTING' }, 'REBOOT', 'task status was REBOOTING'],
    [{ service: 'RESTARTING' }, 'ACTIVE', 'instance status was ACTIVE'],
    [{ serverStatus: 'ERROR' }, 'ERROR', 'instance status was ERROR'],
  ] as const)('with %j it says %s, and a backup is a 422: %s', async (change, status, reason) => {
    const { demo, region, instance } = await openWorld();
    region.changeInstance(instance, change);
    expect(rowOf(await demo.get(`/instances/${instance}`), 'instance').status).toBe(status);
    const answer = await demo.backup({ name: 'b', instance });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain(`(${reason})`);
  });

  it('a member of a cluster is in no list unless asked for, and is not backed up', async () => {
    const { admin, demo, region } = await openWorld();
    const { id } = region.createInstance({ projectName: 'demo', name: 'shard', clusterId: 'c1' });
    const listed = async (user: typeof demo, path: string) =>
      rowsOf(await user.get(path), 'instances').some((row) => row.id === id);
    expect(await listed(demo, '/instances')).toBe(false);
    expect(await listed(admin, '/mgmt/instances')).toBe(false);
    expect(await listed(demo, '/instances?include_clustered=true')).toBe(true);
    expect(await listed(admin, '/mgmt/instances?include_clustered=true')).toBe(true);
    expect((await demo.backup({ name: 'b', instance: id })).status).toBe(501);
  });

  it('one without a service status is left out of every list, though it can be shown', async () => {
    const { admin, demo, region, instance } = await openWorld();
    region.control.unlisted.add(instance);
    expect(rowsOf(await demo.get('/instances'), 'instances')).toEqual([]);
    expect(rowsOf(await admin.get('/mgmt/instances'), 'instances')).toEqual([]);
    expect((await demo.get(`/instances/${instance}`)).status).toBe(200);
  });

  it('what is built on a replica’s snapshot goes with it', async () => {
    const { clock, demo, instance } = await openWorld({ snapshotMs: 100, prepareMs: 10_000 });
    await demo.instance({ name: 'replica', replica_of: instance });
    clock.advance(200);
    const victim = accepted(await demo.backup({ name: 'mine', instance, incremental: 1 }));
    expect(victim['parent_id']).not.toBeNull();
    clock.advance(20_000);
    expect((await demo.get(`/backups/${victim.id}`)).status).toBe(404);
  });
});

describe('tokens', () => {
  it('end when their time is up', async () => {
    const { clock, demo } = await openWorld({ tokenS: 60 });
    clock.advance(59_999);
    expect((await demo.get('/backups')).status).toBe(200);
    clock.advance(1);
    expect((await demo.get('/backups')).status).toBe(401);
    expect((await demo.keystone('/auth/projects')).status).toBe(401);
  });

  it('end when they are revoked', async () => {
    const { demo } = await openWorld();
    expect((await demo.keystone('/auth/tokens', { 'X-Subject-Token': demo.token }, 'DELETE')).status).toBe(204);
    expect((await demo.get('/backups')).status).toBe(401);
  });

  it('cannot be had for a project once the role is taken away', async () => {
    const { login, region } = await openWorld();
    const service = await login('autobackup', 'demo');
    const users = await service.keystone('/auth/tokens', { 'X-Subject-Token': service.token });
    const { id } = (users.body as { token: { user: { id: string } } }).token.user;
    region.revokeInherited(id, 'database_backup');
    await expect(login('autobackup', 'demo')).rejects.toThrow('401');
    await expect(login('autobackup', 'service')).resolves.toBeDefined();
  });
});

it('says the clock’s time everywhere', async () => {
  const { demo, region, instance } = await openWorld();
  const answer = await demo.backup({ name: 'b', instance });
  expect(rowOf(answer, 'backup')).toMatchObject({ created: '2026-11-22T06:47:47', updated: '2026-11-22T06:47:47' });
  expect(answer.headers.get('Date')).toBe(new Date(START_UTC).toUTCString());
  const target = { authUrl: region.authUrl, fetch: region.fetch } as Parameters<typeof askForToken>[0];
  const { body } = await askForToken(target, { name: 'demo', password: 'demo', project: 'demo' });
  expect(body).toMatchObject({ token: { expires_at: '2026-11-22T07:47:47.000000Z' } });
});

it('gives the same ids for the same seed, and others for another', async () => {
  const idsOf = async (seed: number) => {
    const { demo, region } = await openWorld({ seed });
    return [demo.projectId, demo.token, ...region.instances().map(({ id }) => id)];
  };
  expect(await idsOf(7)).toEqual(await idsOf(7));
  expect(await idsOf(7)).not.toEqual(await idsOf(8));
});

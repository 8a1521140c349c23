import { expect, test } from 'vitest';
import { CloudUnavailable } from '../../daemon/ports/cloud.ts';
import { createRegion } from '../../lib/simulator/index.ts';
import { giveTrust, takeTrustBack } from '../contract/give-trust.ts';
import { FakeClock } from '../daemon/fake-clock.ts';
import { loginTo } from '../simulator/world.ts';
import { all } from './all.ts';
import { openOn } from './open.ts';

const never = new AbortController().signal;

/** The adapter with trusts in place of the inherited role, on a simulated region. */
async function open() {
  const region = createRegion();
  const [service, demo] = ['service', 'demo'].map((name) => region.createProject({ name }).id);
  const trustee = region.createUser({ name: 'autobackup', password: 'autobackup' }).id;
  region.grant(trustee, 'admin', service ?? '');
  region.grant(region.createUser({ name: 'demo', password: 'demo' }).id, 'member', demo ?? '');
  const member = await loginTo(region, { name: 'demo', password: 'demo', project: 'demo' });
  const instance = region.createInstance({ projectName: 'demo', name: 'orders' });
  const clock = new FakeClock();
  const cloud = openOn(region, { tenantScope: 'trust', clock });
  const request = {
    projectId: member.projectId,
    instanceId: instance.id,
    parentId: null,
    name: 'auto-1',
    description: 'd',
  };
  return { region, cloud, clock, member, trustee, instance, request, project: member.projectId };
}

const reasonOf = async (work: Promise<unknown>) => {
  const error = await work.catch((reason: unknown) => reason);
  if (!(error instanceof CloudUnavailable)) throw new Error(`not unavailable: ${error}`);
  return error.reason;
};

test.each([false, true])('with a trust (impersonating: %s) all is done in the project', async (impersonation) => {
  const { region, cloud, member, trustee, instance, request, project } = await open();
  await giveTrust(member, trustee, { impersonation });
  expect((await cloud.instance(project, instance.id, never))?.name).toBe('orders');
  expect(await cloud.quota(project, never)).toMatchObject({ inUse: 0, limit: 50 });
  const outcome = await cloud.createBackup(request, never);
  expect(outcome).toMatchObject({ kind: 'accepted' });
  expect(region.backups()).toMatchObject([{ projectId: project, instanceId: instance.id }]);
});

test('without one each read and each write says so, with the user it must be given to', async () => {
  const { region, cloud, trustee, request, project } = await open();
  const reason = { rule: 'no-trust', params: { project, trustee } };
  expect(await reasonOf(cloud.quota(project, never))).toEqual(reason);
  expect(await reasonOf(cloud.backups(project, null, never))).toEqual(reason);
  expect(await cloud.createBackup(request, never)).toMatchObject({
    kind: 'later',
    because: reason,
    retryAfterMs: null,
  });
  expect(await cloud.deleteBackup(project, 'b1', never)).toMatchObject({ kind: 'refused', because: reason });
  expect(region.backups()).toEqual([]);
});

test('without one an instance is looked at as admin, and only where it is of that project', async () => {
  const { region, cloud, instance, project } = await open();
  const other = region.createProject({ name: 'other' });
  expect((await cloud.instance(project, instance.id, never))?.name).toBe('orders');
  expect(await cloud.instance(other.id, instance.id, never)).toBeNull();
  expect(await cloud.instance(project, '0d81a3c2-6a33-4b26-8df3-1e2a7d7f0a53', never)).toBeNull();
});

test('without one an instance that does not say whose it is cannot be read, which is not "there is none"', async () => {
  const { region, cloud, instance, project } = await open();
  region.intercept(async (call, next) => {
    const answer = await next(call);
    if (!call.url.endsWith(`/instances/${instance.id}`)) return answer;
    const { instance: shown } = (await answer.json()) as { instance: { tenant_id?: string } };
    const { tenant_id: _, ...nobodys } = shown;
    return Response.json({ instance: nobodys });
  });
  const reason = await reasonOf(cloud.instance(project, instance.id, never));
  expect(reason).toMatchObject({ rule: 'unreachable', params: { detail: expect.stringContaining('tenant_id') } });
});

test('one that was taken back gives way to the next, and the request goes out once', async () => {
  const { region, cloud, member, trustee, request } = await open();
  const first = await giveTrust(member, trustee);
  await giveTrust(member, trustee, { expires_at: '2099-01-01T00:00:00.000000Z' });
  await all(cloud.region(never));
  await takeTrustBack(member, first);
  expect(await cloud.createBackup(request, never)).toMatchObject({ kind: 'accepted' });
  expect(region.backups()).toHaveLength(1);
});

test('whose trustor has lost the role does not hold; a new look finds what was made since', async () => {
  const { region, cloud, member, trustee, request, project } = await open();
  await giveTrust(member, trustee);
  await all(cloud.region(never));
  region.revoke(member.userId, 'member', project);
  expect(await cloud.createBackup(request, never)).toMatchObject({ kind: 'later', because: { rule: 'no-trust' } });
  region.grant(member.userId, 'member', project);
  await all(cloud.region(never));
  expect(await cloud.createBackup(request, never)).toMatchObject({ kind: 'accepted' });
});

test('a list of trusts that cannot be had is no lack of a trust', async () => {
  const { region, cloud, project } = await open();
  region.intercept((call, next) =>
    call.url.includes('/OS-TRUST/trusts') ? Promise.resolve(new Response('away', { status: 503 })) : next(call),
  );
  expect((await reasonOf(cloud.quota(project, never))).rule).toBe('unreachable');
});

test('who is told to stop while the trusts are listed does not wait for them', async () => {
  const { region, cloud, project } = await open();
  region.intercept((call, next) => (call.url.includes('/OS-TRUST/trusts') ? new Promise(() => undefined) : next(call)));
  const stop = new AbortController();
  const reading = cloud.quota(project, stop.signal);
  const reason = new Error('the daemon stops');
  stop.abort(reason);
  await expect(reading).rejects.toBe(reason);
});

test('a project too large for one list is walked with its trust, and without one the look fails by that name', async () => {
  const { region, clock, member, trustee } = await open();
  region.createInstance({ projectName: 'demo', name: 'more' });
  const cloud = openOn(region, { tenantScope: 'trust', clock, mostAtOnce: 1 });
  expect((await reasonOf(all(cloud.region(never)))).rule).toBe('no-trust');
  await giveTrust(member, trustee);
  expect(
    (await all(cloud.region(never)))
      .flat()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['more', 'orders']);
});

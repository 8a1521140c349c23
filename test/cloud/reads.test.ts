import { expect, test } from 'vitest';
import { CloudUnavailable } from '../../daemon/ports/cloud.ts';
import { createRegion, type Interceptor } from '../../lib/simulator/index.ts';
import { all } from './all.ts';
import { openOn } from './open.ts';

const never = new AbortController().signal;
const NOWHERE = '0d81a3c2-6a33-4b26-8df3-1e2a7d7f0a53';

function open() {
  const region = createRegion();
  region.seedStandardIdentities();
  const instance = region.createInstance({ projectName: 'demo', name: 'orders' });
  return { region, cloud: openOn(region), instance, project: instance.projectId };
}

const answer =
  (path: string, make: () => Response): Interceptor =>
  async (request, next) =>
    new URL(request.url).pathname.endsWith(path) ? make() : next(request);

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CloudUnavailable)) throw new Error(`not unavailable: ${error}`);
  return error.reason.rule;
}

test('only a 404 of Trove that names the very instance is "there is none"', async () => {
  const { region, cloud, instance, project } = open();
  expect(await cloud.instance(project, NOWHERE, never)).toBeNull();
  expect(await cloud.backup(project, NOWHERE, never)).toBeNull();
  const others: readonly Response[] = [
    new Response('<h1>404</h1>', { status: 404 }),
    Response.json({ itemNotFound: { code: 404, message: 'The resource could not be found.' } }, { status: 404 }),
    Response.json({ itemNotFound: { code: 404, message: `Resource ${NOWHERE} cannot be found.` } }, { status: 404 }),
  ];
  for (const other of others) {
    const mend = region.intercept(answer(`/instances/${instance.id}`, () => other));
    expect(await reasonOf(cloud.instance(project, instance.id, never))).toMatch(/^(refused|not-found)$/);
    mend();
  }
  expect((await cloud.instance(project, instance.id, never))?.name).toBe('orders');
});

test('an instance of another project is "there is none" for this one, and lists hold only its own', async () => {
  const { region, cloud, instance, project } = open();
  const other = region.createInstance({ projectName: 'alt', name: 'theirs' });
  region.createBackup({ instanceId: other.id, name: 'theirs' });
  region.createBackup({ instanceId: instance.id, name: 'ours' });
  expect(await cloud.instance(project, other.id, never)).toBeNull();
  expect((await cloud.backups(project, null, never)).map(({ instanceId }) => instanceId)).toEqual([instance.id]);
  expect(
    (await all(cloud.region(never)))
      .flat()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([instance.id, other.id].sort());
});

test('the backup belongs to the project of the instance, though the service reads as admin of another', async () => {
  const { region, cloud, instance, project } = open();
  const request = { projectId: project, instanceId: instance.id, parentId: null, name: 'auto-1', description: 'd-1' };
  const outcome = await cloud.createBackup(request, never);
  expect(outcome).toEqual({
    kind: 'accepted',
    backupId: region.backups()[0]?.id,
    request: { sent: expect.stringMatching(/^req-[0-9a-f-]{36}$/), answered: null },
  });
  expect(region.backups()).toMatchObject([{ projectId: project, description: 'd-1', parentId: null }]);
});

test('a reader who is told to stop says so, and does not call the cloud unavailable', async () => {
  const { region, cloud, project } = open();
  region.intercept(() => new Promise(() => undefined));
  const stop = new AbortController();
  const reading = cloud.quota(project, stop.signal);
  const reason = new Error('the daemon stops');
  stop.abort(reason);
  await expect(reading).rejects.toBe(reason);
});

test('projects are found by name at domain, also where the name has an at sign', async () => {
  const { region, cloud, project } = open();
  const odd = region.createProject({ name: 'team@home' });
  expect(await cloud.projectId('demo@Default', never)).toBe(project);
  expect(await cloud.projectId('team@home@Default', never)).toBe(odd.id);
  expect(await cloud.projectId('nobody@Default', never)).toBeNull();
});

test('a cinder backup shows by its location, since it ignores its parent', async () => {
  const { region, cloud, instance, project } = open();
  region.createBackup({ instanceId: instance.id, name: 'in cinder' });
  region.intercept(async (request, next) => {
    const response = await next(request);
    if (!new URL(request.url).pathname.endsWith('/backups')) return response;
    const { backups } = (await response.json()) as { backups: object[] };
    return Response.json({ backups: backups.map((row) => ({ ...row, storage_driver: 'cinder', locationRef: null })) });
  });
  expect((await cloud.backups(project, null, never)).map(({ location }) => location)).toEqual(['cinder://']);
});

test('a backup is asked for when it is committed, and not where that says no or fails', async () => {
  const { region, cloud, instance, project } = open();
  const request = { projectId: project, instanceId: instance.id, parentId: null, name: 'auto-1', description: 'd-1' };
  expect(await cloud.createBackup(request, never, async () => false)).toEqual({ kind: 'withheld' });
  const full = new Error('the disk is full');
  await expect(cloud.createBackup(request, never, () => Promise.reject(full))).rejects.toBe(full);
  expect(region.backups()).toEqual([]);
  expect(await cloud.createBackup(request, never, async () => true)).toMatchObject({ kind: 'accepted' });
});

test('a backup is deleted when that is committed, and not where that says no or fails', async () => {
  const { region, cloud, instance, project } = open();
  const { id } = region.createBackup({ instanceId: instance.id, name: 'nightly' });
  const sent: string[] = [];
  region.intercept((request, next) => {
    sent.push(request.method);
    return next(request);
  });
  expect(await cloud.deleteBackup(project, id, never, async () => false)).toEqual({ kind: 'withheld' });
  const full = new Error('the disk is full');
  await expect(cloud.deleteBackup(project, id, never, () => Promise.reject(full))).rejects.toBe(full);
  expect(sent).not.toContain('DELETE');
  expect(await cloud.deleteBackup(project, id, never, async () => true)).toEqual({ kind: 'accepted' });
});

test('as admin a project is looked into that shuts the service out; what it lacks is null while that right holds', async () => {
  const { region, cloud, instance, project } = open();
  const { id } = region.createBackup({ instanceId: instance.id, name: 'nightly' });
  const other = region.createProject({ name: 'other' }).id;
  expect((await cloud.instanceAsAdmin(project, instance.id, never))?.name).toBe('orders');
  expect(await cloud.instanceAsAdmin(other, instance.id, never)).toBeNull();
  expect(await cloud.instanceAsAdmin(project, NOWHERE, never)).toBeNull();
  expect((await cloud.backupsAsAdmin(project, never)).map((row) => row.id)).toEqual([id]);
  expect((await cloud.backupAsAdmin(project, id, never))?.id).toBe(id);
  expect(await cloud.backupAsAdmin(project, NOWHERE, never)).toBeNull();
  expect(await cloud.isProjectGone(project, never)).toBe(false);
  expect(await cloud.isProjectGone(NOWHERE, never)).toBe(true);
});

test("who is no admin any more is told 404 of all that is another project's, and that is no answer", async () => {
  const { region, cloud, instance, project } = open();
  const { id } = region.createBackup({ instanceId: instance.id, name: 'nightly' });
  const loseAdmin: Interceptor = async (request, next) => {
    const { pathname, search } = new URL(request.url);
    if (/mgmt|project_id/.test(pathname + search))
      return Response.json({ forbidden: { code: 403, message: 'no' } }, { status: 403 });
    const asked = pathname.split('/').at(-1);
    const itemNotFound = { code: 404, message: `Resource ${asked} cannot be found.` };
    return [instance.id, id].includes(asked ?? '') ? Response.json({ itemNotFound }, { status: 404 }) : next(request);
  };
  region.intercept(loseAdmin);
  expect(await reasonOf(cloud.instanceAsAdmin(project, instance.id, never))).toBe('refused');
  expect(await reasonOf(cloud.backupAsAdmin(project, id, never))).toBe('refused');
});

test('of the backups of the region those are kept that are asked for', async () => {
  const { region, cloud, instance } = open();
  const { id: parentId } = region.createBackup({ instanceId: instance.id, name: 'full' });
  const { id } = region.createBackup({ instanceId: instance.id, name: 'on it', parentId });
  expect((await cloud.regionBackups((row) => row.parentId === parentId, never)).map((row) => row.id)).toEqual([id]);
});

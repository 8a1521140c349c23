import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../daemon/clock.ts';
import { createCallerCloud } from '../../daemon/cloud/caller.ts';
import { asCaller } from '../../daemon/cloud/caller-errors.ts';
import { CallerCloudError, type CallerFault, type CallerToken } from '../../daemon/ports/caller-cloud.ts';
import { type Delivery, type ErrorCode, OpenStackError } from '../../lib/openstack/index.ts';
import { createRegion, type RegionOptions } from '../../lib/simulator/index.ts';
import { askForToken, tokenOf } from '../contract/user.ts';

const none = (): void => undefined;

interface Row {
  readonly status?: number;
  readonly delivery?: Delivery;
  /** What a failed read is called, and what a failed write. */
  readonly faults: readonly [CallerFault, CallerFault];
}

/** Every code there is; the compiler finds a missing one. */
const CODES: Readonly<Record<ErrorCode, Row>> = {
  busy: { status: 422, faults: ['busy', 'busy'] },
  quota: { status: 413, faults: ['quota', 'quota'] },
  rate: { status: 413, faults: ['rate', 'rate'] },
  'swift-unavailable': { status: 401, faults: ['storage-away', 'storage-away'] },
  unauthorized: { status: 401, faults: ['signed-out', 'signed-out'] },
  'no-role': { delivery: 'not-sent', faults: ['forbidden', 'forbidden'] },
  'no-trust': { delivery: 'not-sent', faults: ['forbidden', 'forbidden'] },
  forbidden: { status: 403, faults: ['forbidden', 'forbidden'] },
  'not-found': { status: 404, faults: ['not-found', 'not-found'] },
  'bad-request': { status: 400, faults: ['invalid', 'invalid'] },
  conflict: { status: 409, faults: ['conflict', 'conflict'] },
  server: { status: 500, faults: ['away', 'unknown'] },
  timeout: { delivery: 'unknown', faults: ['away', 'unknown'] },
  connection: { delivery: 'not-sent', faults: ['away', 'away'] },
  aborted: { delivery: 'unknown', faults: ['away', 'unknown'] },
  malformed: { status: 202, faults: ['away', 'unknown'] },
  'too-large': { status: 202, faults: ['away', 'unknown'] },
  incomplete: { faults: ['away', 'unknown'] },
  'no-endpoint': { delivery: 'not-sent', faults: ['no-service', 'no-service'] },
};

describe('an error of OpenStack', () => {
  const rows = Object.entries(CODES).map(([code, row]) => ({ code: code as ErrorCode, ...row }));
  test.each(rows)('$code is $faults.0 of a read and $faults.1 of a write', async ({ code, faults, ...details }) => {
    const text = 'POST http://trove.test/v1.0/p/backups: 422, it is busy';
    const cause = new OpenStackError(text, { code, delivery: 'answered', retryAfterMs: 7_000, ...details });
    for (const [index, fault] of faults.entries()) {
      const error = await asCaller(index === 1, () => Promise.reject(cause)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CallerCloudError);
      expect(error).toMatchObject({ fault, detail: '422, it is busy', retryAfterMs: 7_000, cause });
    }
  });

  test('what is none of it stays what it is', async () => {
    const fault = new TypeError('ours');
    await expect(asCaller(true, () => Promise.reject(fault))).rejects.toBe(fault);
  });
});

/** A region with two projects, each with a member, and how the members are in it. */
async function stage(options: RegionOptions = {}) {
  const region = createRegion({ prepareMs: 1, deleteBackupMs: 1, ...options });
  region.seedStandardIdentities();
  const requests: string[] = [];
  const fetch: typeof globalThis.fetch = (url, init) => {
    requests.push(`${init?.method} ${new URL(String(url)).pathname}`);
    return region.fetch(url, init);
  };
  const endpoint = { authUrl: region.authUrl, fetch, sleep: () => Promise.resolve() };
  const cloud = createCallerCloud({ endpoint, clock: systemClock });
  const place = { authUrl: region.authUrl, fetch: region.fetch };
  const signIn = async (name: string, project = name): Promise<CallerToken> => {
    const id = tokenOf(await askForToken(place, { name, password: name, project }));
    return { projectId: region.projects().find((row) => row.name === project)?.id ?? '', token: () => id };
  };
  const demo = await signIn('demo');
  const db = region.createInstance({ projectId: demo.projectId, name: 'db', volumeGb: 5 }).id;
  return { region, cloud, demo, alt: await signIn('alt'), signIn, db, requests };
}

test('a caller has the backups of his project, with their sizes, and no others', async () => {
  const { region, cloud, demo, alt, db, requests } = await stage();
  const { id } = region.createBackup({ instanceId: db, name: 'mine' });
  expect(await cloud.backups(demo, none)).toMatchObject([{ id, instanceId: db, sizeGib: expect.any(Number) }]);
  expect(await cloud.backups(alt, none)).toEqual([]);
  await cloud.backups(demo, none);
  expect(requests.filter((one) => one.endsWith('/auth/tokens'))).toHaveLength(2);
});

test('a row that cannot be read is told, and the others are there', async () => {
  const { region, cloud, demo, db } = await stage();
  for (const name of ['one', 'two']) region.createBackup({ instanceId: db, name });
  region.intercept(async (request, next) => {
    const answer = await next(request);
    if (!new URL(request.url).pathname.endsWith('/backups')) return answer;
    const body = (await answer.json()) as { backups: { created: string | null }[] };
    for (const row of body.backups.slice(0, 1)) row.created = null;
    return Response.json(body);
  });
  const odd: unknown[] = [];
  expect(await cloud.backups(demo, (row) => void odd.push(row))).toHaveLength(1);
  expect(odd).toMatchObject([{ kind: 'backup', field: 'backups[0].created', instanceId: db }]);
});

test('what an original was like; none of another project', async () => {
  const { cloud, demo, alt, db } = await stage();
  expect(await cloud.original(demo, db)).toEqual({ flavorId: '1', volumeSizeGib: 5 });
  expect(await cloud.original(alt, db)).toBeNull();
});

test('flavors of the version, or all of them where it is offered no more', async () => {
  const { cloud, demo } = await stage();
  const all = await cloud.flavors(demo, null);
  expect(all[0]).toEqual({ id: '1', name: 'db.1', ramMib: 1024 });
  expect(await cloud.flavors(demo, { type: 'mysql', version: '5.7.29' })).toEqual(all);
  expect(await cloud.flavors(demo, { type: 'mysql', version: 'long gone' })).toEqual(all);
});

test('networks: null without Neutron; else his own and shared ones, ways out only where they are shared', async () => {
  const { region, cloud, demo, signIn } = await stage();
  expect(await cloud.networks(demo)).toBeNull();
  const rows = [
    { id: 'own', project_id: demo.projectId },
    { id: 'shared', project_id: 'x', shared: true },
    { id: 'others', project_id: 'x' },
    { id: 'out', project_id: 'x', 'router:external': true },
    { id: 'own-out', project_id: demo.projectId, 'router:external': true },
    { id: 'provider', project_id: 'x', shared: true, 'router:external': true },
  ].map((row) => ({ name: row.id, shared: false, 'router:external': false, ...row }));
  region.intercept(async (request, next) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/network/v2.0/networks') return Response.json({ networks: rows });
    const answer = await next(request);
    if (!pathname.endsWith('/auth/tokens')) return answer;
    const { token } = (await answer.json()) as { token: { catalog: object[] } };
    const url = `${region.origin}/network`;
    const endpoints = [{ id: 'n', interface: 'public', region_id: 'RegionOne', region: 'RegionOne', url }];
    const catalog = [...token.catalog, { id: 'n', type: 'network', name: 'neutron', endpoints }];
    return Response.json({ token: { ...token, catalog } }, { headers: answer.headers });
  });
  const again = await signIn('demo');
  expect((await cloud.networks(again))?.map(({ id }) => id)).toEqual(['own', 'shared', 'provider']);
});

test('a restore and a deletion are sent once, in the caller’s project', async () => {
  const { region, cloud, demo, db, requests } = await stage();
  const { id } = region.createBackup({ instanceId: db, name: 'mine' });
  const datastore = { type: 'mysql', version: '5.7.29' };
  const order = { backupId: id, name: 'again', flavorId: '2', volumeSizeGib: 5, datastore, networkId: null };
  const made = await cloud.restore(demo, order);
  expect(made).toEqual({ id: expect.any(String), name: 'again', status: 'BUILD' });
  expect(region.instances().find((row) => row.id === made.id)).toMatchObject({
    projectId: demo.projectId,
    flavorId: '2',
  });
  await cloud.deleteBackup(demo, id);
  await expect.poll(() => region.backups()[0]?.deletedUtc).not.toBeNull();
  expect(requests.filter((one) => !one.startsWith('GET'))).toEqual([
    `POST /database/v1.0/${demo.projectId}/instances`,
    `DELETE /database/v1.0/${demo.projectId}/backups/${id}`,
  ]);
});

test('a write whose answer is lost is not sent again: nobody knows what became of it', async () => {
  const { region, cloud, demo, db, requests } = await stage();
  const { id } = region.createBackup({ instanceId: db, name: 'mine' });
  region.intercept(async (request, next) => {
    if (request.method !== 'DELETE') return next(request);
    await next(request);
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { syscall: 'read' }) });
  });
  await expect(cloud.deleteBackup(demo, id)).rejects.toMatchObject({ fault: 'unknown' });
  expect(requests.filter((one) => one.startsWith('DELETE'))).toHaveLength(1);
});

test('a token that is of another project, or revoked, does nothing, and stands in no error', async () => {
  const { cloud, demo, alt, region } = await stage();
  const mixed = { projectId: alt.projectId, token: demo.token };
  const error: unknown = await cloud.deleteBackup(mixed, 'b1').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ fault: 'forbidden' });
  expect(inspect(error, { depth: 9 })).not.toContain(demo.token());
  const headers = { 'x-auth-token': demo.token(), 'x-subject-token': demo.token() };
  await region.fetch(`${region.authUrl}/auth/tokens`, { method: 'DELETE', headers });
  await expect(cloud.backups(demo, none)).rejects.toMatchObject({ fault: 'signed-out' });
});

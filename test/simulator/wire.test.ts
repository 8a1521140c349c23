import { describe, expect, it } from 'vitest';
import { createRegion } from '../../lib/simulator/index.ts';
import { capture, expectLike } from '../contract/shape.ts';
import { rowOf, rowsOf } from '../contract/user.ts';
import { loginTo, openWorld, START_UTC } from './world.ts';

describe('what stands between the caller and the region', () => {
  it('may drop the answer after the effect', async () => {
    const { demo, region, instance } = await openWorld();
    const restore = region.intercept(async (request, next) => {
      await next(request);
      throw new TypeError('fetch failed');
    });
    await expect(demo.backup({ name: 'unknown', instance })).rejects.toThrow('fetch failed');
    restore();
    expect(rowsOf(await demo.get('/backups'), 'backups')).toMatchObject([{ name: 'unknown' }]);
  });

  it('may drop the request before it arrives', async () => {
    const { demo, region, instance } = await openWorld();
    region.intercept(() => Promise.reject(new TypeError('connection refused')));
    await expect(demo.backup({ name: 'never', instance })).rejects.toThrow('connection refused');
    expect(region.backups()).toEqual([]);
  });

  it('stands nearest to the caller when it came last', async () => {
    const { demo, region } = await openWorld();
    const passed: string[] = [];
    for (const name of ['first', 'last']) {
      region.intercept((request, next) => {
        passed.push(name);
        return next(request);
      });
    }
    await demo.get('/backups');
    expect(passed).toEqual(['last', 'first']);
  });

  it('a request that was given up before it was sent does not arrive', async () => {
    const { demo, region, instance } = await openWorld();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(
      demo.request('POST', '/backups', { body: { backup: { name: 'b', instance } }, signal }),
    ).rejects.toThrow('too late');
    expect(region.backups()).toEqual([]);
  });
});

it('moves with its catalogue when a server in front of it has its port', async () => {
  const { demo, region, login } = await openWorld();
  region.setOrigin('http://127.0.0.1:4711');
  expect(region.authUrl).toBe('http://127.0.0.1:4711/identity/v3');
  const moved = await login('demo');
  expect(moved.troveUrl).toBe(`http://127.0.0.1:4711/database/v1.0/${demo.projectId}`);
  expect(rowsOf(await moved.get('/instances'), 'instances')[0]?.['links']).toMatchObject([
    { href: expect.stringMatching(/^https:\/\/127\.0\.0\.1:4711\/v1\.0\//) },
    {},
  ]);
  expect(rowsOf(await demo.get('/instances'), 'instances')).toHaveLength(1); // the old place still answers
});

it('the fetch stands alone: it takes what fetch takes, and a Request', async () => {
  const { fetch, authUrl } = createRegion();
  for (const input of [authUrl, new URL(authUrl), new Request(authUrl)]) expect((await fetch(input)).status).toBe(200);
  expect((await fetch('http://region.test/elsewhere')).status).toBe(404);
});

it('beyond the rate limit the 413 has Retry-After and the recorded body, and the wait helps', async () => {
  const { clock, demo } = await openWorld({ requestsPerMinute: 5 });
  const statuses: number[] = [];
  for (let at = 0; at < 5; at++) statuses.push((await demo.get('/backups')).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
  const limited = await demo.get('/backups');
  expect(limited.status).toBe(413);
  expectLike(limited.body, capture('beyond the rate limit (5 a minute here)').body);
  expect(limited.body).toEqual(capture('beyond the rate limit (5 a minute here)').body);
  expect(limited.headers.get('Retry-After')).toBe('12');
  expect((await demo.request('DELETE', '/backups/nosuch')).status).toBe(404); // another verb, another bucket
  clock.advance(12_000);
  expect((await demo.get('/backups')).status).toBe(200);
});

describe('behind the API’s back', () => {
  it('instances and backups have a past, and count in the quota', async () => {
    const { demo, region } = await openWorld();
    const { id } = region.createInstance({
      projectName: 'demo',
      name: 'old',
      datastore: 'mariadb',
      version: '10.4',
      createdUtc: START_UTC - 86_400_000,
    });
    const full = region.createBackup({ instanceId: id, name: 'full', createdUtc: START_UTC - 3_600_000 });
    region.createBackup({ instanceId: id, name: 'failed', parentId: full.id, status: 'FAILED', description: 'd' });
    expect(rowOf(await demo.get(`/instances/${id}`), 'instance')).toMatchObject({
      status: 'ACTIVE',
      operating_status: 'HEALTHY',
      created: '2026-11-21T06:47:47',
      datastore: { type: 'mariadb', version: '10.4' },
    });
    expect(rowsOf(await demo.get('/backups'), 'backups')).toMatchObject([
      { name: 'failed', status: 'FAILED', parent_id: full.id, description: 'd', size: null },
      { name: 'full', status: 'COMPLETED', updated: '2026-11-22T05:47:47', size: 0.14 },
    ]);
    const { body } = await demo.get(`/mgmt/quotas/${demo.projectId}`);
    expect(body).toMatchObject({
      quotas: expect.arrayContaining([
        { resource: 'backups', in_use: 2, reserved: 0, limit: 50 },
        { resource: 'instances', in_use: 2, reserved: 0, limit: 100_000 },
      ]),
    });
  });

  it('Trove’s counters may lie, and the quota believes them', async () => {
    const { demo, region, instance } = await openWorld();
    region.setQuota(demo.projectId, 'backups', { inUse: 49, reserved: 1 });
    expect((await demo.backup({ name: 'b', instance })).status).toBe(413);
    region.setQuota(demo.projectId, 'backups', { reserved: -1 });
    expect((await demo.backup({ name: 'b', instance })).status).toBe(202);
    const { body } = await demo.get(`/mgmt/quotas/${demo.projectId}`);
    expect(body).toMatchObject({
      quotas: expect.arrayContaining([{ resource: 'backups', in_use: 50, reserved: -1, limit: 50 }]),
    });
  });

  it('what is deleted goes at once, without a word, and its rows are kept', async () => {
    const { demo, region, instance, events } = await openWorld();
    const { id } = region.createBackup({ instanceId: instance, name: 'b' });
    region.deleteBackup(id);
    region.deleteInstance(instance);
    expect((await demo.get(`/instances/${instance}`)).status).toBe(404);
    expect(rowsOf(await demo.get('/backups'), 'backups')).toEqual([]);
    expect(region.backups()).toMatchObject([{ id, deletedUtc: START_UTC }]);
    expect(region.instances()).toMatchObject([{ id: instance, deletedUtc: START_UTC }]);
    expect(events()).toEqual([]);
  });

  it('a detached replica is an instance like any other', async () => {
    const { demo, region, instance } = await openWorld();
    const replica = region.createInstance({ projectName: 'demo', name: 'replica', replicaOf: instance });
    expect(rowOf(await demo.get(`/instances/${replica.id}`), 'instance')['replica_of']).toMatchObject({ id: instance });
    region.changeInstance(replica.id, { replicaOf: null });
    expect(rowOf(await demo.get(`/instances/${replica.id}`), 'instance')['replica_of']).toBeUndefined();
    expect((await demo.delete(`/instances/${instance}`)).status).toBe(202);
  });

  it('says what is missing', () => {
    const region = createRegion();
    expect(() => region.createInstance({ projectName: 'nobody', name: 'x' })).toThrow('no project nobody');
    expect(() => region.deleteInstance('x')).toThrow('no instance x');
    expect(() => region.deleteBackup('x')).toThrow('no backup x');
  });

  it('a user without a role on a project gets no token there', async () => {
    const region = createRegion();
    const { id: projectId } = region.createProject({ name: 'p' });
    const { id } = region.createUser({ name: 'u', password: 'pw' });
    const credentials = { name: 'u', password: 'pw', project: 'p' };
    await expect(loginTo(region, credentials)).rejects.toThrow('401');
    region.grant(id, 'reader', projectId);
    expect((await loginTo(region, credentials)).projectId).toBe(projectId);
    region.revoke(id, 'reader', projectId);
    await expect(loginTo(region, credentials)).rejects.toThrow('401');
  });
});

import { describe, expect, it } from 'vitest';
import { noNetwork } from './no-network.ts';
import { ALL, answer, FULL, INSTANCE, ok, setUp } from './recorded.ts';
import { ADMIN_PROJECT, capture, failureOf, PROJECT } from './support.ts';

noNetwork();

describe('an instance', () => {
  it('is what its tenant sees, with the project of the token', async () => {
    answer('GET', `/${PROJECT}/instances/${INSTANCE}`, capture('instance, as its tenant'));
    expect(await setUp().project.instances.show(INSTANCE)).toEqual({
      id: INSTANCE,
      name: 'orders-db',
      status: 'ACTIVE',
      operatingStatus: 'HEALTHY',
      projectId: PROJECT,
      datastore: { type: 'mysql', version: '5.7.29', versionNumber: '5.7.29' },
      replicas: [],
      createdUtc: Date.parse('2026-11-22T06:47:39Z'),
      updatedUtc: Date.parse('2026-11-22T06:47:45Z'),
      regionName: 'RegionOne',
      flavorId: '1',
      volumeSizeGib: 5,
    });
  });

  it('is BACKUP while a backup runs', async () => {
    answer('GET', `/${PROJECT}/instances/${INSTANCE}`, capture('the instance while a backup runs'));
    expect(await setUp().project.instances.show(INSTANCE)).toMatchObject({ status: 'BACKUP' });
  });

  it('may be a replica, a member of a cluster, without a datastore or a volume, and in a state nobody knows', async () => {
    const instance = {
      id: 'i1',
      name: 'r',
      status: 'LEVITATING',
      operating_status: null,
      tenant_id: 'p9',
      datastore: { type: null, version: null },
      replica_of: { id: 'm1', links: [] },
      replicas: [{ id: 'r1' }, { id: 'r2' }],
      cluster_id: 'c1',
      volume: null,
      deleted: true,
      created: '2026-11-22T06:47:39.25',
      unheard_of: {},
    };
    answer('GET', `/${PROJECT}/instances/i1`, ok({ instance }));
    expect(await setUp().region.instance('i1')).toEqual({
      id: 'i1',
      name: 'r',
      status: 'LEVITATING',
      projectId: 'p9',
      datastore: { type: null, version: null },
      replicaOf: 'm1',
      replicas: ['r1', 'r2'],
      clusterId: 'c1',
      deleted: true,
      createdUtc: Date.parse('2026-11-22T06:47:39.250Z'),
    });
  });

  it('is asked for by an id that cannot leave its place in the URL', async () => {
    answer('GET', `/${PROJECT}/instances/..%2Fbackups%3Fx`, ok({ instance: {} }));
    expect(await failureOf(setUp().project.instances.show('../backups?x'))).toMatchObject({ code: 'malformed' });
  });

  it('is made from what Trove needs, and nothing that was not said', async () => {
    const created = capture('instance, as its tenant');
    const plain = { name: 'a', flavorRef: '1', volume: { size: 5 }, datastore: { type: 'mysql', version: '5.7.29' } };
    answer('POST', `/${PROJECT}/instances`, created, { instance: plain });
    const wanted = { name: 'a', flavorId: '1', volumeSizeGib: 5, datastore: plain.datastore };
    const { project, keystone } = setUp();
    expect(await project.instances.create(wanted)).toMatchObject({ id: INSTANCE });

    const more = { nics: [{ 'net-id': 'n1' }], restorePoint: { backupRef: 'b1' } };
    answer('POST', `/${PROJECT}/instances`, created, { instance: { ...plain, ...more } });
    await project.instances.create({ ...wanted, networkId: 'n1', restoreBackupId: 'b1' });

    answer('POST', `/${PROJECT}/instances`, created, { instance: { name: 'r', replica_of: 'm1' } });
    await project.instances.create({ name: 'r', replicaOf: 'm1' });
    expect(keystone.asked).toEqual(['fresh', 'fresh', 'fresh']);
  });

  it('is deleted', async () => {
    answer('DELETE', `/${PROJECT}/instances/${INSTANCE}`, capture('delete the instance'));
    expect(await setUp().project.instances.delete(INSTANCE)).toBeUndefined();
  });
});

describe("a project's instances", () => {
  it('come page by page, by the marker alone', async () => {
    const first = capture('instances of the project');
    const marker = '2e8668cc-0069-4229-87b7-8c3af5df47a6';
    answer('GET', `/${PROJECT}/instances?${ALL}`, first);
    answer('GET', `/${PROJECT}/instances?${ALL}&marker=${marker}`, ok({ instances: [] }));
    const seen = [];
    for await (const instance of setUp().project.instances.list()) seen.push(instance);
    expect(seen).toMatchObject([{ id: marker, replicas: ['50d0ac55-ea1c-4b42-907e-a6d762935fe1'] }]);
  });

  it('are not asked for beyond what is taken', async () => {
    answer('GET', `/${PROJECT}/instances?${ALL}`, capture('instances of the project'));
    for await (const instance of setUp().project.instances.list()) {
      expect(instance.name).toBe('orders-db');
      break;
    }
  });
});

describe('the region', () => {
  it('has the instances of all projects', async () => {
    answer('GET', `/${ADMIN_PROJECT}/mgmt/instances?${ALL}`, capture('instances of all projects, as admin'));
    const { complete, items } = await setUp(ADMIN_PROJECT).region.instances();
    expect(complete).toBe(true);
    expect(items.length).toBeGreaterThan(1);
    expect(items.map(({ projectId }) => projectId)).not.toContain(ADMIN_PROJECT);
    expect(items[0]).toMatchObject({ id: INSTANCE, projectId: PROJECT, deleted: false });
  });

  it('has the instances of one project', async () => {
    answer('GET', `/${ADMIN_PROJECT}/mgmt/instances?${ALL}&project_id=${PROJECT}`, ok({ instances: [] }));
    expect(await setUp(ADMIN_PROJECT).region.instances({ projectId: PROJECT })).toEqual({ complete: true, items: [] });
  });

  it('has the backups of all projects, and of an instance', async () => {
    const page = ok({ backups: [] });
    answer('GET', `/${ADMIN_PROJECT}/backups?limit=1000&all_projects=true`, page);
    answer('GET', `/${ADMIN_PROJECT}/backups?limit=1000&project_id=${PROJECT}`, page);
    answer('GET', `/${ADMIN_PROJECT}/backups?limit=1000&instance_id=i1&all_projects=true`, page);
    const { region } = setUp(ADMIN_PROJECT);
    expect(await region.backups()).toEqual({ complete: true, items: [] });
    await region.backups({ projectId: PROJECT });
    await region.backups({ instanceId: 'i1' });
  });
});

describe('a backup', () => {
  it('is what Trove shows', async () => {
    answer('GET', `/${PROJECT}/backups/${FULL}`, capture('a backup'));
    expect(await setUp().project.backups.show(FULL)).toEqual({
      id: FULL,
      name: 'full-1',
      description: 'first',
      status: 'COMPLETED',
      instanceId: INSTANCE,
      parentId: null,
      projectId: PROJECT,
      createdUtc: Date.parse('2026-11-22T06:47:47Z'),
      updatedUtc: Date.parse('2026-11-22T06:47:49Z'),
      sizeGib: 0.14,
      location: `http://127.0.0.1:8080/v1/AUTH_x/database_backups/${FULL}.xbstream.gz.enc`,
      datastore: { type: 'mysql', version: '5.7.29', versionId: '1a7749bb-4b9b-4ff4-b303-0b76e512929e' },
    });
  });

  it('of another region has no instance; newer Trove names the driver', async () => {
    const { backup } = capture('a backup').body as { backup: object };
    const restored = { ...backup, status: 'RESTORED', instance_id: null, datastore: null, storage_driver: 'cinder' };
    answer('GET', `/${PROJECT}/backups/${FULL}`, ok({ backup: restored }));
    const seen = await setUp().project.backups.show(FULL);
    expect(seen).toMatchObject({ status: 'RESTORED', instanceId: null, storageDriver: 'cinder' });
    expect(seen).not.toHaveProperty('datastore');
  });

  it('is made with a fresh token, of exactly what was said', async () => {
    const { keystone, project } = setUp();
    const recorded = capture('create a full backup');
    answer('POST', `/${PROJECT}/backups`, recorded, recorded.request as object);
    const made = await project.backups.create({ name: 'full-1', description: 'first', instanceId: INSTANCE });
    expect(made).toMatchObject({ id: FULL, status: 'NEW', sizeGib: null, location: null });
    expect([made.sentRequestId, made.requestId]).toEqual([expect.stringMatching(/^req-[0-9a-f-]{36}$/), undefined]);
    expect(keystone.asked).toEqual(['fresh']);
  });

  it('is an incremental on the parent that was named', async () => {
    const recorded = capture('create an incremental by parent_id');
    answer('POST', `/${PROJECT}/backups`, recorded, recorded.request as object);
    const made = await setUp().project.backups.create({ name: 'inc-1', instanceId: INSTANCE, parentId: FULL });
    expect(made.parentId).toBe(FULL);
  });

  it('is deleted with a fresh token', async () => {
    const { keystone, project } = setUp();
    answer('DELETE', `/${PROJECT}/backups/${FULL}`, capture('delete the full: its children go too'));
    expect(await project.backups.delete(FULL)).toBeUndefined();
    expect(keystone.asked).toEqual(['fresh']);
  });

  it('is listed with those of its project, or of its instance', async () => {
    const { project } = setUp();
    answer('GET', `/${PROJECT}/backups?limit=1000`, capture('backups of the project'));
    answer('GET', `/${PROJECT}/backups?limit=1000&instance_id=${INSTANCE}`, ok({ backups: [] }));
    expect((await project.backups.list()).items.map(({ name }) => name)).toEqual([
      'inc-2',
      'inc-1',
      'full-1',
      'manual-1',
    ]);
    expect((await project.backups.list({ instanceId: INSTANCE })).items).toEqual([]);
  });

  it('is listed over several pages, from where the client says, not the link', async () => {
    const { backup } = capture('a backup').body as { backup: object };
    const backups = [9, 8, 7, 6, 5].map((hour) => ({
      ...backup,
      id: `b${hour}`,
      updated: `2026-11-22T0${hour}:00:00`,
    }));
    const links = [{ rel: 'next', href: 'https://elsewhere.test/backups?limit=1000&marker=4' }];
    const first = ok({ backups: backups.slice(0, 4), links });
    answer('GET', `/${PROJECT}/backups?limit=1000`, first);
    answer('GET', `/${PROJECT}/backups?limit=1000&marker=3`, ok({ backups: backups.slice(3) }));
    answer('GET', `/${PROJECT}/backups?limit=1000&marker=1`, ok({ backups: backups.slice(1) }));
    answer('GET', `/${PROJECT}/backups?limit=1000`, first);
    const { items } = await setUp().project.backups.list();
    expect(items.map(({ id }) => id)).toEqual(['b9', 'b8', 'b7', 'b6', 'b5']);
  });

  it('that was accepted in words nobody understands is said to be malformed', async () => {
    answer('POST', `/${PROJECT}/backups`, { status: 202, headers: {}, body: '' });
    const error = await failureOf(setUp().project.backups.create({ name: 'n', instanceId: INSTANCE }));
    expect(error).toMatchObject({ code: 'malformed', status: 202, field: 'body', delivery: 'answered' });
  });
});

import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, createTrove, type TroveOptions } from '../../lib/openstack/index.ts';
import { ADMIN_PROJECT, type Capture, capture, failureOf, PROJECT, stubKeystone, TROVE } from './support.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  const left = nock.pendingMocks();
  nock.cleanAll();
  nock.enableNetConnect();
  expect(left).toEqual([]);
});

const INSTANCE = '6af1f05e-40dd-47a8-bf0d-8b553eb118c2';
const FULL = 'ee690188-3c0e-4448-a02c-a0d8be08a88a';

function setUp(projectId = PROJECT, options: TroveOptions = {}) {
  const keystone = stubKeystone(TROVE, projectId);
  const trove = createTrove(keystone, { sleep: () => Promise.resolve(), ...options });
  return { keystone, project: trove.project({ projectId }), region: trove.region({ projectId }) };
}

/** Answers a path with what was recorded; `request` is the body that must be sent. */
function answer(
  method: string,
  path: string,
  recorded: Pick<Capture, 'status' | 'headers' | 'body'>,
  request?: object,
) {
  return nock(TROVE)
    .intercept(`/v1.0${path}`, method, request as nock.RequestBodyMatcher)
    .reply(recorded.status, recorded.body as nock.Body, { ...recorded.headers });
}

const ok = (body: object) => ({ status: 200, headers: { 'content-type': 'application/json' }, body });
const ALL = 'deleted=false&include_clustered=true&limit=1000';

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

    const more = { nics: [{ 'net-id': 'n1' }], replica_of: 'm1', restorePoint: { backupRef: 'b1' } };
    answer('POST', `/${PROJECT}/instances`, created, { instance: { ...plain, ...more } });
    await project.instances.create({ ...wanted, networkId: 'n1', replicaOf: 'm1', restoreBackupId: 'b1' });
    expect(keystone.asked).toEqual(['fresh', 'fresh']);
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

describe('quotas and limits', () => {
  it('are those of the backups, with the limit as it stands', async () => {
    answer('GET', `/${PROJECT}/mgmt/quotas/${PROJECT}`, capture('quotas, as admin'));
    expect(await setUp().project.quotas()).toEqual({ backups: { inUse: 2, reserved: 0, limit: 2 } });
  });

  it('are not guessed where Trove does not say them', async () => {
    answer('GET', `/${PROJECT}/mgmt/quotas/${PROJECT}`, ok({ quotas: [] }));
    expect(await failureOf(setUp().project.quotas())).toMatchObject({ code: 'malformed', field: 'quotas' });
  });

  it('tell the rates of each verb', async () => {
    answer('GET', `/${PROJECT}/limits`, capture('limits'));
    const limits = await setUp().project.limits();
    expect(limits.maxBackups).toBe(50);
    expect(limits.rates.map(({ verb }) => verb)).toEqual(['POST', 'PUT', 'DELETE', 'GET', 'POST']);
    expect(limits.rates[0]).toEqual({
      verb: 'POST',
      uri: '*',
      value: 100_000,
      remaining: 99_999,
      unit: 'MINUTE',
      nextAvailableUtc: Date.parse('2026-11-22T06:47:59Z'),
    });
  });
});

describe('an answer of the wrong type is refused by the name of its field', () => {
  const { backup } = capture('a backup').body as { backup: Record<string, unknown> };
  const rows: readonly { readonly field: string; readonly body: unknown }[] = [
    { field: 'body', body: 'oops' },
    { field: 'body', body: '[]' },
    { field: 'backup', body: {} },
    { field: 'backup.id', body: { backup: { ...backup, id: 5 } } },
    { field: 'backup.status', body: { backup: { ...backup, status: null } } },
    { field: 'backup.parent_id', body: { backup: { ...backup, parent_id: 7 } } },
    { field: 'backup.size', body: { backup: { ...backup, size: '0.14' } } },
    { field: 'backup.created', body: { backup: { ...backup, created: 'yesterday' } } },
    { field: 'backup.updated', body: { backup: { ...backup, updated: '2026-13-22T06:47:47' } } },
    {
      field: 'backup.datastore.version_id',
      body: { backup: { ...backup, datastore: { type: 'mysql', version: '5' } } },
    },
  ];
  it.each(rows)('$field of $body', async ({ field, body }) => {
    answer('GET', `/${PROJECT}/backups/b`, { status: 200, headers: { 'content-type': 'application/json' }, body });
    const error = await failureOf(setUp().project.backups.show('b'));
    expect(error).toMatchObject({ code: 'malformed', field, status: 200 });
    expect(error.message).toContain(field);
  });

  it('in a list by its place', async () => {
    answer('GET', `/${PROJECT}/backups?limit=1000`, ok({ backups: [backup, { ...backup, project_id: null }] }));
    expect(await failureOf(setUp().project.backups.list())).toMatchObject({ field: 'backups[1].project_id' });
  });
});

describe('each request', () => {
  it('carries the token, and one id for all its attempts', async () => {
    const ids: string[] = [];
    const note = function (this: nock.ReplyFnContext): nock.ReplyFnResult {
      ids.push(String(this.req.getHeader('x-openstack-request-id')));
      return ids.length === 1 ? [503, 'away'] : [200, { backups: [] }];
    };
    nock(TROVE, { reqheaders: { 'x-auth-token': 'gAAAAAB-secret-token', accept: 'application/json' } })
      .get(`/v1.0/${PROJECT}/backups?limit=1000`)
      .times(2)
      .reply(note);
    await setUp().project.backups.list();
    expect(ids[0]).toMatch(/^req-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/);
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  it('tells the hook about its answer, with the clock of the server', async () => {
    const answers: Answer[] = [];
    const date = 'Sun, 22 Nov 2026 06:47:51 GMT';
    const headers = { date, 'x-openstack-request-id': 'req-theirs' };
    answer('GET', `/${PROJECT}/backups?limit=1000`, { ...ok({ backups: [] }), headers });
    answer('GET', `/${PROJECT}/limits`, { status: 403, headers: {}, body: '' });
    const { project } = setUp(PROJECT, { onAnswer: (one) => answers.push(one) });
    await project.backups.list();
    await failureOf(project.limits());
    expect(answers).toMatchObject([
      {
        service: 'database',
        method: 'GET',
        url: `${TROVE}/v1.0/${PROJECT}/backups?limit=1000`,
        status: 200,
        dateUtc: Date.parse(date),
        requestId: 'req-theirs',
      },
      { status: 403, dateUtc: undefined, requestId: undefined },
    ]);
    expect(answers[0]?.durationMs).toBeGreaterThanOrEqual(0);
    expect(answers[0]?.sentRequestId).not.toBe(answers[1]?.sentRequestId);
  });

  it('does not fail because the hook does', async () => {
    answer('DELETE', `/${PROJECT}/backups/b`, { status: 202, headers: {}, body: '' });
    const { project } = setUp(PROJECT, {
      onAnswer: () => {
        throw new Error('a broken metric');
      },
    });
    expect(await project.backups.delete('b')).toBeUndefined();
  });
});

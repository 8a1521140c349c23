import { describe, expect, it } from 'vitest';
import type { OddRow } from '../../lib/openstack/index.ts';
import { noNetwork } from './no-network.ts';
import { ALL, answer, FULL, INSTANCE, ok, setUp } from './recorded.ts';
import { ADMIN_PROJECT, capture, failureOf, PROJECT } from './support.ts';

noNetwork();

const { backups } = capture('backups of the project').body as { backups: readonly Record<string, unknown>[] };
const managed = capture('instances of all projects, as admin').body as {
  instances: readonly Record<string, unknown>[];
};
const [odd, ...others] = managed.instances;

/** The second row of the list with that field changed; undefined takes it out. */
const withOdd = (fields: Readonly<Record<string, unknown>>) => ({
  backups: backups.map((row, index) => (index === 1 ? { ...row, ...fields } : row)),
});

/** The list with its odd rows told. */
async function listed(body: object) {
  answer('GET', `/${PROJECT}/backups?limit=1000`, ok(body));
  const told: OddRow[] = [];
  const { items } = await setUp().project.backups.list({}, { onOddRow: (row) => told.push(row) });
  return { names: items.map(({ name }) => name), told };
}

const OTHERS = ['inc-2', 'full-1', 'manual-1'];

describe('an odd backup', () => {
  const rest = { projectId: PROJECT, instanceId: INSTANCE, parentId: FULL };
  it.each([
    { fields: { status: 7 }, field: 'backups[1].status', ...rest },
    { fields: { size: 'huge' }, field: 'backups[1].size', ...rest },
    { fields: { created: undefined }, field: 'backups[1].created', ...rest },
    { fields: { updated: 'yesterday' }, field: 'backups[1].updated', ...rest },
    { fields: { parent_id: {} }, field: 'backups[1].parent_id', projectId: PROJECT, instanceId: INSTANCE },
    { fields: { instance_id: 5 }, field: 'backups[1].instance_id', projectId: PROJECT, parentId: FULL },
    { fields: { project_id: null }, field: 'backups[1].project_id', instanceId: INSTANCE, parentId: FULL },
  ])('with $fields is told by its field, and the others are listed', async ({ fields, ...told }) => {
    const { names, told: rows } = await listed(withOdd(fields));
    expect(names).toEqual(OTHERS);
    expect(rows).toEqual([{ id: backups[1]?.['id'], problem: expect.stringContaining('Invalid input'), ...told }]);
  });

  it('that is no row at all has no id', async () => {
    for (const nothing of [null, 'backup', 5, []]) {
      const { names, told } = await listed({ backups: [...backups, nothing] });
      expect(names).toHaveLength(backups.length);
      expect(told).toEqual([{ field: 'backups[4]', problem: expect.any(String) }]);
    }
  });

  it('refuses the whole list by the name of its field where nobody listens', async () => {
    answer('GET', `/${PROJECT}/backups?limit=1000`, ok(withOdd({ status: 7 })));
    const failure = await failureOf(setUp().project.backups.list());
    expect(failure).toMatchObject({ code: 'malformed', field: 'backups[1].status' });
  });

  it('is told while the others are walked, once though its page is read again', async () => {
    const body = ok(withOdd({ size: [] }));
    answer('GET', `/${PROJECT}/backups?limit=1000`, body);
    const told: OddRow[] = [];
    const names = [];
    const onOddRow = (row: OddRow) => told.push(row);
    for await (const { name } of setUp().project.backups.each({}, { onOddRow })) names.push(name);
    expect(names).toEqual(OTHERS);
    expect(told).toHaveLength(1);
  });

  it('is kept out by no filter, since what it is cannot be known', async () => {
    answer('GET', `/${ADMIN_PROJECT}/backups?limit=1000&all_projects=true`, ok(withOdd({ size: 'huge' })));
    const told: OddRow[] = [];
    const { items } = await setUp(ADMIN_PROJECT).region.backups(
      { keep: () => false },
      { onOddRow: (row) => told.push(row) },
    );
    expect([items.length, told.length]).toEqual([0, 1]);
  });

  it.each([0, 1, 2, 3, 4])('keeps its place where a list has pages: at %i of five', async (at) => {
    const rows = [9, 8, 7, 6, 5].map((hour, index) => ({
      ...backups[0],
      id: `b${hour}`,
      updated: index === at ? null : `2026-11-22T0${hour}:00:00`,
    }));
    const fetch = async (url: string | URL | Request): Promise<Response> => {
      const from = Number(new URL(String(url)).searchParams.get('marker') ?? 0);
      const links = [{ rel: 'next', href: `https://elsewhere.test/backups?limit=1000&marker=${from + 4}` }];
      return Response.json({ backups: rows.slice(from, from + 4), ...(from + 4 < rows.length && { links }) });
    };
    const told: OddRow[] = [];
    const { items } = await setUp(PROJECT, { fetch }).project.backups.list({}, { onOddRow: (row) => told.push(row) });
    expect([...items.map(({ id }) => id), ...told.map(({ id }) => id)].toSorted()).toEqual([
      'b5',
      'b6',
      'b7',
      'b8',
      'b9',
    ]);
    expect(told.map(({ id }) => id)).toEqual([rows[at]?.id]);
  });
});

describe('an odd instance', () => {
  const path = `/${ADMIN_PROJECT}/mgmt/instances?${ALL}`;
  const strange = { ...odd, datastore: 'mysql' };

  it('of the region is told with its project, and the others are listed', async () => {
    answer('GET', path, ok({ instances: [strange, ...others] }));
    const told: OddRow[] = [];
    const list = await setUp(ADMIN_PROJECT).region.instances({}, { onOddRow: (row) => told.push(row) });
    expect(list.items).toHaveLength(others.length);
    expect(told).toMatchObject([{ id: INSTANCE, projectId: PROJECT, field: 'instances[0].datastore' }]);
  });

  it('refuses the whole list where nobody listens', async () => {
    answer('GET', path, ok({ instances: [strange, ...others] }));
    const failure = await failureOf(setUp(ADMIN_PROJECT).region.instances());
    expect(failure).toMatchObject({ code: 'malformed', field: 'instances[0].datastore' });
  });

  it("of the project's own list is told, and the others come", async () => {
    const { instances } = capture('instances of the project').body as { instances: readonly object[] };
    answer('GET', `/${PROJECT}/instances?${ALL}`, ok({ instances: [{ id: 'i1', name: 5 }, ...instances] }));
    const told: OddRow[] = [];
    const ids = [];
    const onOddRow = (row: OddRow) => told.push(row);
    for await (const { id } of setUp().project.instances.list({ onOddRow })) ids.push(id);
    expect(ids).toHaveLength(instances.length);
    expect(told).toMatchObject([{ id: 'i1', field: 'instances[0].name' }]);
  });
});

describe('an instance that does not say whose it is', () => {
  const { tenant_id: _, ...nobodys } = odd ?? {};

  it("is to an admin no instance of the admin's own project, but one that cannot be read", async () => {
    answer('GET', `/${ADMIN_PROJECT}/instances/${INSTANCE}`, ok({ instance: nobodys }));
    const failure = await failureOf(setUp(ADMIN_PROJECT).region.instance(INSTANCE));
    expect(failure).toMatchObject({ code: 'malformed', field: 'instance.tenant_id' });
  });

  it('is an odd row of the region', async () => {
    answer('GET', `/${ADMIN_PROJECT}/mgmt/instances?${ALL}`, ok({ instances: [nobodys, ...others] }));
    const told: OddRow[] = [];
    const list = await setUp(ADMIN_PROJECT).region.instances({}, { onOddRow: (row) => told.push(row) });
    expect(list.items.map(({ projectId }) => projectId)).not.toContain(ADMIN_PROJECT);
    expect(told).toEqual([{ id: INSTANCE, field: 'instances[0].tenant_id', problem: expect.any(String) }]);
  });
});

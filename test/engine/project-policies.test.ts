import { expect, test } from 'vitest';
import type { PolicyChange, ShownPolicy } from '../../daemon/ports/policies.ts';
import { type Policy, TENANT_MAY } from '../../lib/core/index.ts';
import { cron, every, HOUR, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

const MAY = { ...TENANT_MAY, every: HOUR };
const BASE: Policy = { ...HOURLY, cadence: every(6 * HOUR), tenantMay: MAY };

async function opened(...names: readonly string[]) {
  const world = openWorld({ policies: [BASE] });
  const ids = names.map((name) => world.instance(name));
  await world.service.start();
  await world.advance(MINUTE);
  return { world, ids, service: world.service };
}
const change = ({ project }: World, over: Partial<PolicyChange> = {}): PolicyChange => ({
  projectId: project,
  id: null,
  of: 0,
  name: 'ours',
  select: { names: ['a*'], datastores: [] },
  overrides: { every: 2 * HOUR },
  ...over,
});
async function saved(world: World, over: Partial<PolicyChange> = {}): Promise<ShownPolicy> {
  const found = await world.service.life().policies.save(change(world, over));
  if ('kind' in found) throw new Error(JSON.stringify(found));
  return found;
}
const cadences = ({ service }: World) =>
  Object.fromEntries(service.schedules().map((row) => [row.instance_id, row.policy.cadence]));

test('a policy of the project goes over the operator’s for those it selects, those to come too, until it is deleted', async () => {
  const { world, ids, service } = await opened('a1', 'b1');
  const [a = '', b = ''] = ids;
  const made = await saved(world);
  expect(made).toMatchObject({ name: 'ours', instances: 1, lint: [], of: { layer: 'project', revision: 1 } });
  expect(cadences(world)).toEqual({ [a]: every(2 * HOUR), [b]: every(6 * HOUR) });
  expect(service.events('project_policy.saved')).toMatchObject([{ policy: made.id, name: 'ours' }]);

  await world.restart();
  const a2 = world.instance('a2');
  service.life().lookAnew();
  await world.advance(MINUTE);
  expect(cadences(world)).toMatchObject({ [a2]: every(2 * HOUR) });
  const list = await service.life().policies.list(world.project);
  expect(list).toMatchObject([
    { id: 'operator:hourly', instances: 3, of: { layer: 'operator', tenantMay: MAY } },
    { id: made.id, instances: 2 },
  ]);

  expect(await service.life().policies.remove({ projectId: world.project, id: made.id, of: 1 })).toEqual({
    kind: 'removed',
  });
  expect(new Set(Object.values(cadences(world)).map((it) => JSON.stringify(it))).size).toBe(1);
  expect(service.events('project_policy.removed')).toHaveLength(1);
});

test('a change is of a revision, and two policies of a project have two names', async () => {
  const { world, ids, service } = await opened('a1');
  const { policies } = service.life();
  const { id } = await saved(world);
  expect(await saved(world, { id, of: 1, overrides: { every: 3 * HOUR } })).toMatchObject({ of: { revision: 2 } });
  expect(cadences(world)).toEqual({ [ids[0] ?? '']: every(3 * HOUR) });
  expect(await policies.save(change(world, { id, of: 1 }))).toEqual({ kind: 'moved' });
  expect(await policies.remove({ projectId: world.project, id, of: 1 })).toEqual({ kind: 'moved' });
  expect(await policies.save(change(world))).toEqual({ kind: 'name-taken' });
  expect(await policies.save(change(world, { id: 'nobody' }))).toEqual({ kind: 'absent' });
  expect(await policies.show(world.project, 'nobody')).toEqual({ kind: 'absent' });
});

test('another project neither sees nor changes it', async () => {
  const { world, service } = await opened('a1');
  const { policies } = service.life();
  const { id } = await saved(world);
  expect((await policies.list('other')).map((policy) => policy.id)).toEqual(['operator:hourly']);
  expect(await policies.show('other', id)).toEqual({ kind: 'absent' });
  expect(await policies.save(change(world, { projectId: 'other', id, of: 1 }))).toEqual({ kind: 'absent' });
  expect(await policies.remove({ projectId: 'other', id, of: 1 })).toEqual({ kind: 'absent' });
});

test('the operator’s is read, and changed by him alone; of others’ projects none is shown', async () => {
  const { world, service } = await opened('a1');
  const { policies } = service.life();
  const readOnly = { kind: 'read-only', name: 'hourly' };
  expect(await policies.show(world.project, 'operator:hourly')).toMatchObject({ name: 'hourly', instances: 1 });
  expect(await policies.save(change(world, { id: 'operator:hourly' }))).toEqual(readOnly);
  expect(await policies.remove({ projectId: world.project, id: 'operator:hourly', of: 0 })).toEqual(readOnly);
  const secret = { ...BASE, name: 'secret', select: { projects: ['shop@Default'], datastores: [], names: [] } };
  world.reload({ policies: [secret, BASE] });
  expect((await policies.list(world.project)).map(({ name }) => name)).toEqual(['hourly']);
});

test('what is out of bounds for one that it selects is refused, and where it selects none, what is so for all', async () => {
  const { world, service } = await opened('a1');
  const { policies } = service.life();
  const refused = { kind: 'refused', because: { rule: 'override-too-often' } };
  const often = { overrides: { every: HOUR / 2 } };
  expect(await policies.save(change(world, often))).toMatchObject({ ...refused, over: 'a1' });
  const none = { select: { names: ['z*'], datastores: [] } };
  expect(await policies.save(change(world, { ...often, ...none }))).toMatchObject({ ...refused, over: 'hourly' });
  expect(await saved(world, none)).toMatchObject({ instances: 0, lint: [{ because: { rule: 'selects-nothing' } }] });
  world.reload({ policies: [{ ...BASE, cadence: cron('0 * * * *') }] });
  expect(
    await policies.save(change(world, { name: 'zone', ...none, overrides: { zone: 'Asia/Tokyo' } })),
  ).toMatchObject({
    because: { rule: 'override-of-rule' },
  });
});

test('the hundredth is the last', async () => {
  const { world, service } = await opened();
  for (let count = 0; count < 100; count++) await saved(world, { name: `n${count}`, overrides: {} });
  expect(await service.life().policies.save(change(world))).toEqual({ kind: 'too-many' });
});

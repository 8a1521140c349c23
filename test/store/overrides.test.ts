import { beforeEach, describe, expect, test } from 'vitest';
import type { OverridesChange, StoredPolicy } from '../../daemon/ports/overrides.ts';
import { because, type Overrides, type Policy, TENANT_MAY } from '../../lib/core/index.ts';
import { DAY, every, HOUR } from '../core/builders.ts';
import { claimOne, excluded, HOURLY, NOW, openWorld, scheduled, type World } from './world.ts';

const BASE: Policy = { ...HOURLY, cadence: every(6 * HOUR), tenantMay: { ...TENANT_MAY, every: HOUR, optOut: true } };
let world: World;
beforeEach(async () => {
  world = openWorld();
  await world.inventory.saveSightings([scheduled({}, NOW + DAY, BASE)], NOW);
});

function enrolment(base = BASE): OverridesChange['enrolment'] {
  const sighting = scheduled({}, NOW + HOUR, base);
  if (sighting.enrolment.kind !== 'scheduled') throw new Error('it has a schedule');
  return sighting.enrolment;
}
const say = (overrides: Overrides, of: number, more: Partial<OverridesChange> & { enabled?: boolean } = {}) => {
  const { enabled = true, ...rest } = more;
  return world.overrides.change(
    { instanceId: 'db-1', of, said: { enabled, overrides }, enrolment: enrolment(), ...rest },
    NOW,
  );
};
const state = async (instanceId = 'db-1') => {
  const found = await world.overrides.state(instanceId, NOW);
  if (!found) throw new Error('it is known');
  return found;
};

describe('what is said of an instance', () => {
  test('is laid over the policy, moves its slots and makes a new revision', async () => {
    expect((await state()).own).toEqual({ policies: [], overrides: null });
    expect(await say({ every: 2 * HOUR }, 0)).toMatchObject({ kind: 'changed', nextSlotUtc: NOW + HOUR });
    expect(await state()).toMatchObject({
      revision: 1,
      own: { overrides: { enabled: true, overrides: { every: 2 * HOUR } } },
      schedule: { policyName: 'hourly', active: true, policy: { cadence: every(2 * HOUR) }, nextSlotUtc: NOW + HOUR },
    });
    expect((await state()).schedule?.policy).not.toHaveProperty('tenantMay');
  });

  test('is laid over it at every sighting, and a policy that is tightened holds at once', async () => {
    await say({ every: 2 * HOUR }, 0);
    const see = async (base: Policy) => (await world.inventory.saveSightings([scheduled({}, NOW, base)], NOW))[0]?.kind;
    expect(await see(BASE)).toBe('unchanged');
    expect(await see({ ...BASE, tenantMay: TENANT_MAY })).toBe('changed');
    expect((await state()).schedule?.policy?.cadence).toEqual(BASE.cadence);
  });

  test('is a change of the revision that there is', async () => {
    await say({}, 0);
    expect(await say({ every: 2 * HOUR }, 0)).toBe('moved');
    expect(await say({ every: 2 * HOUR }, 2)).toBe('moved');
    expect((await state()).schedule?.policy?.cadence).toEqual(BASE.cadence);
  });

  test('takes its schedule away and its waiting run, and gives it back', async () => {
    await world.inventory.saveSightings([scheduled({ id: 'db-2' }, NOW, BASE)], NOW);
    const runId = await claimOne(world);
    const { instance_id: id = '' } = world.runs().find((run) => run.run_id === runId) ?? {};
    const change = (of: number, enabled: boolean) =>
      world.overrides.change(
        { instanceId: id, of, said: { enabled, overrides: {} }, enrolment: enrolment() },
        NOW + HOUR,
      );
    expect(await change(0, false)).toMatchObject({ kind: 'excluded', because: { rule: 'opted-out' } });
    expect(world.runs().find((run) => run.run_id === runId)?.state).toBe('skipped');
    expect(await state(id)).toMatchObject({ excludedBecause: { rule: 'opted-out' }, schedule: { active: false } });
    expect(await world.retention.tended(id, NOW + HOUR)).toBeNull();
    expect(await change(1, true)).toMatchObject({ kind: 'assigned' });
    expect(await world.retention.tended(id, NOW + HOUR)).not.toBeNull();
    expect(await state(id)).toMatchObject({ excludedBecause: null, schedule: { active: true } });
    expect(world.kept()).toEqual(world.counted());
  });

  test('of one that opted out, the time without backups is one in which nothing ages', async () => {
    await say({}, 0, { enabled: false });
    await world.overrides.change(
      { instanceId: 'db-1', of: 1, said: { enabled: true, overrides: {} }, enrolment: enrolment() },
      NOW + DAY,
    );
    expect((await world.retention.tended('db-1', NOW + DAY))?.standstills).toEqual([
      { fromUtc: NOW, toUtc: NOW + DAY },
    ]);
  });

  test('brings nothing back that the operator left out, or that is gone', async () => {
    await world.inventory.saveSightings(
      [excluded({}, because('excluded-name', { name: 'orders', pattern: 'o*' }))],
      NOW,
    );
    expect(await say({}, 0)).toMatchObject({ kind: 'unchanged', because: { rule: 'excluded-name' } });
    expect(await state()).toMatchObject({ schedule: { active: false } });
    await world.inventory.entomb([{ instanceId: 'db-1', projectId: 'project-a' }], NOW, true);
    await say({}, 1);
    expect(await state()).toMatchObject({ goneUtc: NOW, schedule: { active: false } });
    expect(await world.overrides.state('nobody', NOW)).toBeNull();
    expect(await say({}, 0, { instanceId: 'nobody' })).toBe('moved');
  });

  test('pauses it, and ends that', async () => {
    const pause = { untilUtc: NOW + DAY, owner: 'anna', note: 'moving' };
    await say({}, 0, { pause });
    expect((await state()).pause).toEqual(pause);
    await say({}, 1);
    expect((await state()).pause).toEqual(pause);
    await say({}, 2, { pause: null });
    expect((await state()).pause).toBeNull();
  });
});

describe('a policy of a project', () => {
  const ours: StoredPolicy = {
    ...{ id: '', projectId: 'project-a', name: 'ours', revision: 0 },
    ...{ select: { names: ['ord*'], datastores: [] }, overrides: { every: 3 * HOUR } },
  };
  async function saved(policy: StoredPolicy): Promise<StoredPolicy> {
    const made = await world.overrides.savePolicy(policy, NOW);
    if (typeof made === 'string') throw new Error(made);
    return made;
  }

  test('takes effect on the project’s instances alone, and is counted', async () => {
    await world.inventory.saveSightings([scheduled({ id: 'db-2', projectId: 'project-b' }, NOW, BASE)], NOW);
    const { id } = await saved(ours);
    const settled = await world.overrides.settle(
      ['db-1', 'db-2', 'nobody'].map((instanceId) => ({ instanceId, enrolment: enrolment() })),
      NOW,
    );
    expect(settled.map(({ instance, kind }) => [instance.id, kind])).toEqual([
      ['db-1', 'changed'],
      ['db-2', 'unchanged'],
    ]);
    expect(await world.overrides.counts('project-a')).toEqual([{ name: 'hourly', projectPolicy: id, instances: 1 }]);
    expect(await world.overrides.counts('project-b')).toEqual([{ name: 'hourly', projectPolicy: null, instances: 1 }]);
    expect(await world.overrides.instances('project-a', '', 10)).toMatchObject([
      { instance: { id: 'db-1' }, policyName: 'hourly' },
    ]);
    expect(await world.overrides.instances('project-a', 'db-1', 10)).toEqual([]);
  });

  test('is changed and taken away by its revision, and by its own project', async () => {
    const made = await saved(ours);
    expect(made).toMatchObject({ revision: 1 });
    expect(await saved({ ...made, name: 'other' })).toMatchObject({ id: made.id, revision: 2, name: 'other' });
    expect(await world.overrides.savePolicy(made, NOW)).toBe('moved');
    expect(await world.overrides.savePolicy({ ...made, revision: 2, projectId: 'project-b' }, NOW)).toBe('moved');
    expect(await world.overrides.removePolicy({ ...made, revision: 2, projectId: 'project-b' })).toBe('moved');
    expect(await world.overrides.removePolicy(made)).toBe('moved');
    expect(await world.overrides.removePolicy({ ...made, revision: 2 })).toBe('removed');
    expect(await world.overrides.policy(made.id)).toBeNull();
  });

  test('has a name of its own in its project', async () => {
    await saved(ours);
    expect(await world.overrides.savePolicy(ours, NOW)).toBe('name-taken');
    await saved({ ...ours, name: 'a' });
    await saved({ ...ours, projectId: 'project-b' });
    expect((await world.overrides.policies('project-a')).map(({ name }) => name)).toEqual(['a', 'ours']);
  });
});

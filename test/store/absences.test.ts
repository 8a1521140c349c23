import { statSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AbsencePage } from '../../daemon/ports/inventory.ts';
import { because, type Instance } from '../../lib/core/index.ts';
import { DAY, HOUR } from '../core/builders.ts';
import { claimOne, NOW, openWorld, runningOne, scheduled, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = openWorld();
  await world.inventory.saveSightings(
    [
      scheduled({ id: 'db-1' }, NOW + DAY),
      scheduled({ id: 'db-2' }, NOW + DAY),
      scheduled({ id: 'db-3', projectId: 'project-b' }, NOW + DAY),
    ],
    NOW,
  );
});
/** A look at the whole region that sees these. */
const look = async (...seen: readonly string[]) => {
  await world.inventory.beginLook();
  await world.inventory.saveSightings(
    seen.map((id) => scheduled({ id, projectId: id === 'db-3' ? 'project-b' : 'project-a' }, NOW + DAY)),
    NOW,
  );
  const page = await world.inventory.noteAbsences(null);
  return { ...page, absentTwice: page.absentTwice.map(({ instanceId }) => instanceId) };
};
const DB1 = { instanceId: 'db-1', projectId: 'project-a' };

test('one list that lacks an instance says nothing, a second one does', async () => {
  expect((await look('db-2', 'db-3')).absentTwice).toEqual([]);
  expect((await look('db-2', 'db-3')).absentTwice).toEqual(['db-1']);
  expect((await look('db-2', 'db-3')).absentTwice).toEqual(['db-1']);
});

test('an absence is forgotten when a list has the instance in between', async () => {
  await look('db-2', 'db-3');
  await look('db-1', 'db-2', 'db-3');
  expect((await look('db-2', 'db-3')).absentTwice).toEqual([]);
});

test('an absence is forgotten when the instance was seen by itself in between', async () => {
  await look('db-2', 'db-3');
  await world.inventory.saveSightings([scheduled({ id: 'db-1' }, NOW + DAY)], NOW);
  expect((await look('db-2', 'db-3')).absentTwice).toEqual([]);
});

test('an absence is remembered over a restart', async () => {
  await look('db-2', 'db-3');
  world.close();
  world = openWorld({ path: world.path });
  expect((await look('db-2', 'db-3')).absentTwice).toEqual(['db-1']);
});

test('the instances known are counted by project, the absent ones too', async () => {
  expect((await look()).knownByProject).toEqual(
    new Map([
      ['project-a', 2],
      ['project-b', 1],
    ]),
  );
});

test('who is gone is neither known nor absent any more, but counts as gone for a day', async () => {
  await world.inventory.entomb([DB1], NOW, false);
  const report = await look('db-3');
  expect(report.knownByProject).toEqual(
    new Map([
      ['project-a', 1],
      ['project-b', 1],
    ]),
  );
  expect(await world.inventory.goneLately(NOW)).toBe(1);
  expect((await look('db-3')).absentTwice).toEqual(['db-2']);
  expect(await world.inventory.goneLately(NOW + DAY - 1)).toBe(1);
  expect(await world.inventory.goneLately(NOW + DAY)).toBe(0);
});

test('what somebody has confirmed does not count towards what went within a day; what is buried again does', async () => {
  await world.inventory.entomb([DB1], NOW, true);
  expect(await world.inventory.goneLately(NOW)).toBe(0);
  await look('db-1', 'db-2', 'db-3');
  await world.inventory.entomb([DB1], NOW, false);
  expect(await world.inventory.goneLately(NOW)).toBe(1);
});

test('what was seen and cannot be read is not absent, and its absence before is forgotten', async () => {
  await look('db-2', 'db-3');
  await world.inventory.beginLook();
  await world.inventory.saveSightings([scheduled({ id: 'db-2' }, NOW + DAY)], NOW);
  await world.inventory.markSeen(['db-1', 'db-3', 'nobody']);
  expect(await world.inventory.noteAbsences(null)).toMatchObject({ absentOnce: [], absentTwice: [] });
  expect((await look('db-2', 'db-3')).absentTwice).toEqual([]);
});

test('who is missing for the first time is told apart', async () => {
  await look('db-2', 'db-3');
  const { absentOnce, absentTwice } = await look('db-3');
  expect([absentOnce.map(({ instanceId }) => instanceId), absentTwice]).toEqual([['db-2'], ['db-1']]);
});

test('a look that a restart cut short is forgotten: who was seen in it is not seen in the next', async () => {
  await look('db-2', 'db-3');
  world.close();
  world = openWorld({ path: world.path });
  expect((await look('db-3')).absentTwice).toEqual(['db-1']);
  expect((await look('db-3')).absentTwice).toEqual(['db-1', 'db-2']);
});

test('many are gone over in parts, each known instance in one of them', async () => {
  const many = Array.from({ length: 1_203 }, (_, n) =>
    scheduled({ id: `many-${n}`, projectId: `project-${n % 7}` }, NOW + DAY),
  );
  await world.inventory.saveSightings(many, NOW);
  await world.inventory.beginLook();
  await world.inventory.saveSightings(many.slice(3), NOW);
  for (const expected of [0, 6]) {
    const pages: AbsencePage[] = [];
    for (let after: string | null | undefined = null; after !== undefined; after = pages.at(-1)?.next ?? undefined) {
      pages.push(await world.inventory.noteAbsences(after));
    }
    expect(pages).toHaveLength(3);
    expect(pages.flatMap(({ absentTwice }) => absentTwice)).toHaveLength(expected);
    const known = pages.flatMap(({ knownByProject }) => [...knownByProject.values()]).reduce((sum, n) => sum + n, 0);
    expect(known).toBe(1_206);
  }
});

describe('a sighting that changes nothing', () => {
  const pages = (): number => statSync(`${world.path}-wal`).size;

  test('writes nothing, and its schedule stands', async () => {
    const before = pages();
    await look('db-1', 'db-2', 'db-3');
    expect(pages()).toBe(before);
    expect(world.schedules()).toHaveLength(3);
  });

  test.each<{ says: string; over: Partial<Instance> }>([
    { says: 'a status', over: { status: 'BACKUP' } },
    { says: 'a name', over: { name: 'renamed' } },
    { says: 'a version', over: { datastore: { type: 'mysql', version: '8.4' } } },
    { says: 'a master', over: { replicaOf: 'db-2' } },
    { says: 'a cluster', over: { clusterId: 'cluster-1' } },
    { says: 'a project', over: { projectId: 'project-b' } },
  ])('but $says is written', async ({ over }) => {
    const before = pages();
    await world.inventory.saveSightings([scheduled({ id: 'db-1', ...over }, NOW + DAY)], NOW);
    expect(pages()).toBeGreaterThan(before);
  });

  test('but once a day: that it is still there', async () => {
    const before = pages();
    await world.inventory.saveSightings([scheduled({ id: 'db-1' }, NOW + DAY)], NOW + DAY);
    expect(pages()).toBeGreaterThan(before);
  });
});

test('a tombstone ends the schedule and skips what waits; the rows stay', async () => {
  const runId = await claimOne(world, NOW, { id: 'db-9' });
  await world.inventory.entomb([{ instanceId: 'db-9', projectId: 'project-a' }], NOW + HOUR, false);
  expect(world.schedules().filter(({ active }) => active === 0)).toMatchObject([{ instance_id: 'db-9' }]);
  expect(world.runs()).toMatchObject([
    { run_id: runId, state: 'skipped', because: JSON.stringify(because('instance-gone', {})), ended_utc: NOW + HOUR },
  ]);
});

test('a tombstone leaves a run alone whose backup is being made', async () => {
  const runId = await runningOne(world, 'backup-9', NOW, { id: 'db-9' });
  await world.inventory.entomb([{ instanceId: 'db-9', projectId: 'project-a' }], NOW, false);
  expect((await world.ledger.openRuns()).map(({ id }) => id)).toEqual([runId]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startsOf } from '../../daemon/store/listing-starts.ts';
import { at, DAY, HOUR, MINUTE } from '../core/builders.ts';
import { type FleetStore, fleetStore, fleets, type Member, stateOf } from './fleet.ts';
import { NOW } from './world.ts';

const countsOf = (fleet: readonly Member[]) => {
  const counts = { protected: 0, late: 0, unprotected: 0, paused: 0, excluded: 0 };
  for (const it of fleet) counts[stateOf(it)] += 1;
  return counts;
};
const living = (fleet: readonly Member[], projectId: string | null): readonly Member[] =>
  fleet.filter((it) => it.goneUtc === null && (projectId === null || it.projectId === projectId));

test('the counts of an overview are those of the naive list, of a project and of all', async () => {
  await fc.assert(
    fc.asyncProperty(fleets(30), async (fleet) => {
      const store = fleetStore();
      for (const it of fleet) store.put(it);
      for (const scope of [null, 'p1', 'p2', 'p3']) {
        const { instances, counts, datastores, policies } = await store.overview(scope, NOW);
        const own = living(fleet, scope);
        expect(datastores).toEqual([...new Set(own.map(({ datastore }) => datastore))].sort());
        // Of one that is left out it is kept which policy it would go by.
        expect(policies).toEqual(expect.arrayContaining([...new Set(own.flatMap(({ policy }) => policy ?? []))]));
        expect(policies).toEqual([...new Set(policies)].sort());
        expect([scope, instances, counts]).toEqual([
          scope,
          living(fleet, scope).length,
          countsOf(living(fleet, scope)),
        ]);
      }
      const { projects } = await store.region(NOW);
      for (const project of projects) {
        const own = living(fleet, project.projectId);
        const points = own.flatMap(({ policy, newestPointUtc }) => (policy === null ? [] : (newestPointUtc ?? [])));
        const oldestPointUtc = points.length === 0 ? null : Math.min(...points);
        const { projectId } = project;
        expect(project).toEqual({ projectId, instances: own.length, counts: countsOf(own), oldestPointUtc });
      }
      expect(projects.map(({ projectId }) => projectId)).toEqual(
        ['p1', 'p2'].filter((projectId) => living(fleet, projectId).length > 0),
      );
      store.db.close();
    }),
    { numRuns: 40 },
  );
});

const base: Member = {
  ...{ id: 'x', projectId: 'p1', name: 'orders', datastore: 'mysql', createdUtc: 0, goneUtc: null, policy: 'daily' },
  ...{ nextSlotUtc: NOW + HOUR, newestPointUtc: NOW - HOUR, pausedUntilUtc: null },
};
const setFirst = ({ db }: FleetStore, id: string, utc: number): void =>
  void db.prepare('UPDATE schedules SET first_slot_utc = ? WHERE instance_id = ?').run(utc, id);

test('the worst come first: without a point for longest, then the latest, then those whose first slot is to come', async () => {
  const store = fleetStore();
  const put = (id: string, over: Partial<Member>) => store.put({ ...base, id, ...over });
  put('new', { newestPointUtc: null });
  put('without-long', { newestPointUtc: null });
  put('without', { newestPointUtc: null });
  put('late', { newestPointUtc: NOW - 2 * DAY });
  put('later', { newestPointUtc: NOW - 3 * DAY });
  put('fine', {});
  put('paused', { newestPointUtc: null, pausedUntilUtc: NOW + DAY });
  put('excluded', { newestPointUtc: NOW - 9 * DAY, policy: null });
  put('theirs', { newestPointUtc: null, projectId: 'p2' });
  setFirst(store, 'new', NOW + HOUR);
  setFirst(store, 'without-long', NOW - 9 * DAY);
  const { attention, oldest } = await store.overview('p1', NOW);
  expect(attention.map(({ instance }) => instance.id)).toEqual(['without-long', 'without', 'later', 'late', 'new']);
  expect(oldest.map(({ instance }) => instance.id)).toEqual(['later', 'late', 'fine']);
  const all = await store.overview(null, NOW);
  expect(all.attention.map(({ instance }) => instance.id)).toContain('theirs');
  store.db.close();
});

test('no more than twenty and ten are shown, however many there are', async () => {
  const store = fleetStore();
  for (let n = 0; n < 30; n++) store.put({ ...base, id: `db-${n}`, newestPointUtc: n < 15 ? null : NOW - 2 * DAY });
  const { attention, oldest } = await store.overview('p1', NOW);
  expect([attention.length, oldest.length]).toEqual([20, 10]);
  store.db.close();
});

const hourOf = (utc: number) => utc / HOUR;
test.each([
  { what: 'a day', intervalMs: DAY, hour: hourOf(NOW + 5 * HOUR), at: [5] },
  { what: 'eight hours', intervalMs: 8 * HOUR, hour: hourOf(NOW + HOUR), at: [1, 9, 17] },
  { what: 'a day, and due already', intervalMs: DAY, hour: hourOf(NOW - 3 * HOUR), at: [0] },
  { what: 'twelve hours, and due already', intervalMs: 12 * HOUR, hour: hourOf(NOW - HOUR), at: [0, 12] },
  { what: 'a week', intervalMs: 7 * DAY, hour: hourOf(NOW + 23 * HOUR), at: [23] },
])('two schedules of $what start in the hours $at of the next 24', ({ intervalMs, hour, at: hours }) => {
  const starts = startsOf([{ hour, intervalMs, n: 2 }], NOW + 59 * MINUTE, 24);
  expect(starts).toHaveLength(24);
  expect(starts[0]?.hourUtc).toBe(NOW);
  expect(starts.flatMap(({ starts: n }, index) => (n === 0 ? [] : [[index, n]]))).toEqual(
    hours.map((index) => [index, 2]),
  );
});

test('starts are those of schedules that hand out slots, and are reckoned anew after a minute', async () => {
  const store = fleetStore();
  const put = (id: string, over: Partial<Member>) => store.put({ ...base, id, ...over });
  put('a', {});
  put('b', { nextSlotUtc: NOW + DAY - HOUR });
  put('beyond', { nextSlotUtc: NOW + DAY });
  put('excluded', { policy: null });
  put('theirs', { projectId: 'p2' });
  const hours = async (nowUtc: number) =>
    (await store.overview('p1', nowUtc)).starts.flatMap(({ starts }, index) => (starts === 0 ? [] : [[index, starts]]));
  expect(await hours(NOW)).toEqual([
    [1, 1],
    [23, 1],
  ]);
  put('c', {});
  expect(await hours(NOW + MINUTE)).toEqual([
    [1, 2],
    [23, 1],
  ]);
  const { starts } = await store.region(NOW);
  expect([starts.length, starts.reduce((n, hour) => n + hour.starts, 0)]).toEqual([168, 7 + 7 + 7 + 6 + 7]);
  store.db.close();
});

test('failures are counted by rule over seven days, with the newest reason of each', async () => {
  const store = fleetStore();
  store.put(base);
  const begin = store.db.prepare(`INSERT INTO runs (run_id, instance_id, project_id, slot_utc, state, claimed_utc,
    not_before_utc) VALUES (?, ?, ?, ?, 'claimed', 0, 0)`);
  const end = store.db.prepare("UPDATE runs SET state = 'failed', because = ?, ended_utc = 0 WHERE run_id = ?");
  const fail = (id: string, instanceId: string, projectId: string, slotUtc: number, reason: string): void => {
    begin.run(id, instanceId, projectId, slotUtc);
    end.run(reason, id);
  };
  const failed = (status: string) => JSON.stringify({ rule: 'backup-failed', params: { status } });
  fail('r1', 'x', 'p1', NOW - 6 * DAY, failed('OLD'));
  fail('r2', 'x', 'p1', NOW, failed('NEW'));
  fail('r3', 'x', 'p1', NOW - DAY, '{"rule":"busy","params":{"detail":""}}');
  fail('r4', 'x', 'p1', NOW - 7 * DAY, failed('LONG AGO'));
  fail('r5', 'y', 'p2', NOW, failed('THEIRS'));
  expect((await store.overview('p1', NOW)).failures).toEqual([
    { because: { rule: 'backup-failed', params: { status: 'NEW' } }, runs: 2 },
    { because: { rule: 'busy', params: { detail: '' } }, runs: 1 },
  ]);
  store.db.close();
});

test('projects whose quota is short are told, with why', async () => {
  const store = fleetStore();
  store.put(base);
  store.put({ ...base, id: 'y', projectId: 'p2' });
  const told = { rule: 'quota-short', params: { ours: 60, others: 2, limit: 50, reserve: 1, ask: 63 } };
  store.db.prepare('UPDATE outlooks SET is_short = 1, told = ?, told_utc = 0').run(JSON.stringify(told));
  expect((await store.overview('p1', at('2026-11-22 10:00'))).short).toEqual([{ projectId: 'p1', because: told }]);
  expect((await store.overview(null, NOW)).short.map(({ projectId }) => projectId)).toEqual(['p1', 'p2']);
  store.db.close();
});

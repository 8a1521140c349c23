import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunsQuery } from '../../daemon/ports/listing.ts';
import { OPEN_STATES, type Origin, type RunState } from '../../lib/core/index.ts';
import { DAY, HOUR } from '../core/builders.ts';
import { type FleetStore, fleetStore, NO_RUNS_QUERY } from './fleet.ts';
import { NOW } from './world.ts';

interface Run {
  readonly id: string;
  readonly instanceId: string;
  readonly projectId: string;
  readonly slotUtc: number;
  readonly state: RunState;
  readonly origin: Origin;
}
const few = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const STATES = [...OPEN_STATES, 'completed', 'failed', 'skipped', 'credited', 'missed', 'expired', 'aborted'] as const;
const ledgers: fc.Arbitrary<readonly Run[]> = fc
  .uniqueArray(
    fc.record({
      id: fc.uuid(),
      instanceId: few('db-1', 'db-2', 'db-3'),
      slotUtc: fc.nat(12).map((n) => NOW - n * HOUR),
      state: few<RunState>('completed', ...STATES),
      origin: few<Origin>('scheduled', 'scheduled', 'on_demand'),
    }),
    { selector: ({ instanceId, slotUtc }) => `${instanceId} ${slotUtc}`, maxLength: 30 },
  )
  .map((runs) => runs.map((run) => ({ ...run, projectId: run.instanceId === 'db-3' ? 'p2' : 'p1' })));
const queries: fc.Arbitrary<RunsQuery> = fc.record({
  scope: few(null, 'p1', 'p2'),
  instanceId: few(null, null, 'db-1', 'db-3'),
  state: few<RunState | null>(null, null, ...STATES),
  origin: few<Origin | null>(null, null, 'scheduled', 'on_demand'),
  sinceUtc: few(null, null, NOW - 6 * HOUR),
  untilUtc: few(null, null, NOW - 2 * HOUR),
  limit: few(1, 2, 5),
  marker: fc.constant(null),
});

function put({ db }: FleetStore, runs: readonly Run[]): void {
  const insert = db.prepare(`INSERT INTO runs (run_id, instance_id, project_id, slot_utc, state, origin, claimed_utc,
      not_before_utc, ended_utc) VALUES (@id, @instanceId, @projectId, @slotUtc, @state, @origin, 0, 0, @endedUtc)`);
  for (const run of runs) {
    insert.run({ ...run, endedUtc: (OPEN_STATES as readonly string[]).includes(run.state) ? null : NOW });
  }
}

const modelOf = (runs: readonly Run[], query: RunsQuery): readonly string[] =>
  runs
    .filter(
      (run) =>
        (query.scope === null || run.projectId === query.scope) &&
        (query.instanceId === null || run.instanceId === query.instanceId) &&
        (query.state === null || run.state === query.state) &&
        (query.origin === null || run.origin === query.origin) &&
        run.slotUtc >= (query.sinceUtc ?? 0) &&
        run.slotUtc < (query.untilUtc ?? Number.POSITIVE_INFINITY),
    )
    .toSorted((one, other) => other.slotUtc - one.slotUtc || (one.id < other.id ? 1 : -1))
    .map(({ id }) => id);

test('pages of runs by any filter give what the naive list does, the newest first', async () => {
  await fc.assert(
    fc.asyncProperty(ledgers, fc.array(queries, { minLength: 4, maxLength: 4 }), async (runs, asked) => {
      const store = fleetStore();
      put(store, runs);
      for (const query of asked) {
        const seen: string[] = [];
        let marker: string | null = null;
        do {
          const page = await store.runs({ ...query, marker });
          seen.push(...(page?.rows.map(({ id }) => id) ?? []));
          marker = page?.next ?? null;
        } while (marker !== null);
        const model = modelOf(runs, query);
        expect(seen).toEqual(model);
        expect(await store.runsExceed(query, model.length)).toBe(false);
        if (model.length > 0) expect(await store.runsExceed(query, model.length - 1)).toBe(true);
      }
      store.db.close();
    }),
    { numRuns: 40 },
  );
});

test('a run of another project is none, as a page and as a marker', async () => {
  const store = fleetStore();
  const base = { slotUtc: NOW, state: 'completed', origin: 'scheduled' } as const;
  put(store, [
    { ...base, id: 'r1', instanceId: 'db-1', projectId: 'p1' },
    { ...base, id: 'r2', instanceId: 'db-3', projectId: 'p2' },
  ]);
  expect(await store.runs({ ...NO_RUNS_QUERY, scope: 'p1', marker: 'r2' })).toBeNull();
  expect(await store.run('r2', 'p1')).toBeNull();
  expect((await store.run('r2', 'p2'))?.instanceId).toBe('db-3');
  expect((await store.run('r2', null))?.instanceId).toBe('db-3');
  store.db.close();
});

/** By day and rule, as the runs themselves say. */
const FAILURES = `SELECT project_id, day, rule, runs FROM failures WHERE runs > 0 ORDER BY 1, 2, 3`;

test.each([
  { state: 'failed', because: '{"rule":"backup-failed","params":{"status":"FAILED"}}', rule: 'backup-failed' },
  { state: 'expired', because: '{"rule":"expired","params":{"held":{"rule":"busy","params":{}}}}', rule: 'busy' },
  { state: 'missed', because: '{"rule":"missed","params":{}}', rule: 'missed' },
  { state: 'skipped', because: '{"rule":"no-role","params":{"project":"p1"}}', rule: 'no-role' },
  { state: 'skipped', because: '{"rule":"paused","params":{}}', rule: null },
  { state: 'credited', because: '{"rule":"credited","params":{}}', rule: null },
  { state: 'failed', because: null, rule: '' },
])('a run that ends $state by $because counts as a failure by $rule', ({ state, because, rule }) => {
  const store = fleetStore();
  const ids = ['a', 'b', 'c'].map((id, n) => ({ id, instanceId: `db-${n}`, projectId: 'p1', slotUtc: NOW }));
  put(
    store,
    ids.map((it) => ({ ...it, state: 'running', origin: 'scheduled' }) as const),
  );
  const end = store.db.prepare('UPDATE runs SET state = ?, because = ?, ended_utc = ? WHERE run_id = ?');
  for (const { id } of ids) end.run(state, because, NOW, id);
  const day = Math.floor(NOW / DAY);
  const counted = (runs: number) => (rule === null || runs === 0 ? [] : [{ project_id: 'p1', day, rule, runs }]);
  expect(store.db.prepare(FAILURES).all()).toEqual(counted(3));
  end.run('completed', because, NOW, 'a');
  store.db.exec("DELETE FROM runs WHERE run_id = 'b'");
  expect(store.db.prepare(FAILURES).all()).toEqual(counted(1));
  store.db.close();
});

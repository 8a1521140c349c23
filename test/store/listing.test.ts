import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InstanceSort, InstancesQuery, ListingPort } from '../../daemon/ports/listing.ts';
import { STATE } from '../../daemon/store/listing-page.ts';
import type { ProtectionState } from '../../lib/core/index.ts';
import { ALL, fleetStore, fleets, type Member, memberOf, nextOf, stateOf } from './fleet.ts';
import { NOW } from './world.ts';

const few = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const queries: fc.Arbitrary<InstancesQuery> = fc.record({
  scope: few<string | null>(null, 'p1', 'p2'),
  sort: few<InstanceSort>('name', 'created', 'next', 'point'),
  descending: fc.boolean(),
  name: few<string | null>(null, null, 'ORD', 'a_b', '%', '00'),
  state: few<ProtectionState | null>(null, null, 'protected', 'late', 'unprotected', 'paused', 'excluded'),
  datastore: few<string | null>(null, null, 'mysql', 'postgresql'),
  policy: few<string | null>(null, null, 'daily', 'weekly'),
  gone: few(false, false, false, true),
  limit: few(1, 2, 3, 7),
  marker: fc.constant(null),
});

const KEY: Readonly<Record<InstanceSort, (it: Member) => string | number | null>> = {
  name: (it) => it.name.toLowerCase(),
  created: (it) => it.createdUtc,
  next: nextOf,
  point: (it) => it.newestPointUtc,
};

function matches(it: Member, { scope, name, state, datastore, policy, gone }: InstancesQuery): boolean {
  const part = name?.toLowerCase();
  return (
    (scope === null || scope === it.projectId) &&
    gone === (it.goneUtc !== null) &&
    (part === undefined || it.name.toLowerCase().includes(part) || it.id.includes(part)) &&
    (state === null || stateOf(it) === state) &&
    (datastore === null || it.datastore === datastore) &&
    (policy === null || (it.policy === policy && it.goneUtc === null))
  );
}

/** What is without a value comes last, whichever way. */
function compare(one: Member, other: Member, { sort, descending }: InstancesQuery): number {
  const [a, b] = [KEY[sort](one), KEY[sort](other)];
  if ((a === null) !== (b === null)) return a === null ? 1 : -1;
  const byKey = a === b || a === null || b === null ? 0 : a < b ? -1 : 1;
  return (descending ? -1 : 1) * (byKey || (one.id < other.id ? -1 : 1));
}

const modelOf = (fleet: readonly Member[], query: InstancesQuery): readonly string[] =>
  fleet
    .filter((it) => matches(it, query))
    .toSorted((one, other) => compare(one, other, query))
    .map(({ id }) => id);

async function walk(
  listing: Pick<ListingPort, 'instances'>,
  query: InstancesQuery,
  between: (page: number) => void = () => undefined,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let marker = query.marker;
  for (let n = 0; n < 200; n++) {
    const page = await listing.instances({ ...query, marker }, NOW);
    if (!page) throw new Error(`no instance has the marker ${marker}`);
    expect(page.rows.length).toBeLessThanOrEqual(query.limit);
    ids.push(...page.rows.map(({ instance }) => instance.id));
    if (page.next === null) return ids;
    marker = page.next;
    between(n);
  }
  throw new Error('the pages have no end');
}

/** So that what is looked for is found by its own index, and in the order that is asked for. */
const RARE = few(2, 2_000);

test('pages in any order, by any filter, give what the naive list does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fleets(25),
      fc.array(queries, { minLength: 4, maxLength: 4 }),
      RARE,
      async (fleet, asked, rare) => {
        const store = fleetStore(rare);
        for (const it of fleet) store.put(it);
        for (const query of asked) expect(await walk(store, query)).toEqual(modelOf(fleet, query));
        store.db.close();
      },
    ),
    { numRuns: 40 },
  );
});

test('rows that do not change are neither repeated nor left out while others do between two pages', async () => {
  const changes = fc.array(
    fc.nat(24).chain((k) => memberOf(`db-${String(k).padStart(3, '0')}`)),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(fleets(25), queries, changes, async (fleet, query, moved) => {
      const store = fleetStore();
      for (const it of fleet) store.put(it);
      const left = [...moved];
      const touched = new Set<string>();
      const seen = await walk(store, query, () => {
        for (const it of left.splice(0, 2)) {
          touched.add(it.id);
          store.put(it);
        }
      });
      const still = seen.filter((id) => !touched.has(id));
      expect(still).toEqual(modelOf(fleet, query).filter((id) => !touched.has(id)));
      store.db.close();
    }),
    { numRuns: 40 },
  );
});

test('any id of the list is a marker, and one of another project is none', async () => {
  await fc.assert(
    fc.asyncProperty(fleets(15), queries, async (fleet, asked) => {
      const store = fleetStore();
      for (const it of fleet) store.put(it);
      const query = { ...asked, limit: 1000 };
      const model = modelOf(fleet, query);
      for (const [n, marker] of model.entries()) {
        expect(await walk(store, { ...query, marker })).toEqual(model.slice(n + 1));
      }
      const others = fleet.filter(({ projectId }) => query.scope !== null && projectId !== query.scope);
      for (const { id } of others) expect(await store.instances({ ...query, marker: id }, NOW)).toBeNull();
      store.db.close();
    }),
    { numRuns: 20 },
  );
});

test('the state in SQL is that of lib/core, for each row', async () => {
  await fc.assert(
    fc.asyncProperty(fleets(25), async (fleet) => {
      const store = fleetStore();
      for (const it of fleet) store.put(it);
      const rows = [...((await store.instances(ALL, NOW))?.rows ?? [])];
      rows.push(...((await store.instances({ ...ALL, gone: true }, NOW))?.rows ?? []));
      expect(rows).toHaveLength(fleet.length);
      const sql = store.db.prepare<[object], string>(`SELECT ${STATE} FROM listing WHERE instance_id = @id`).pluck();
      for (const { instance, protection } of rows) {
        expect(protection.state, instance.id).toBe(sql.get({ id: instance.id, nowUtc: NOW }));
      }
      store.db.close();
    }),
    { numRuns: 20 },
  );
});

test('what is kept of each project is what is counted', () => {
  fc.assert(
    fc.property(fleets(15), fc.array(fc.nat(14).chain((k) => memberOf(`db-${String(k).padStart(3, '0')}`))), (a, b) => {
      const store = fleetStore();
      for (const it of [...a, ...b]) store.put(it);
      const fleet = [...new Map([...a, ...b].map((it) => [it.id, it])).values()];
      const kept = store.db.prepare('SELECT * FROM project_tallies WHERE instances > 0 ORDER BY project_id').all();
      const living = fleet.filter(({ goneUtc }) => goneUtc === null);
      const counted = ['p1', 'p2'].map((projectId) => {
        const own = living.filter((it) => it.projectId === projectId);
        const active = own.filter(({ policy }) => policy !== null);
        const pointless = active.filter(({ newestPointUtc }) => newestPointUtc === null);
        const names = { project_id: projectId, instances: own.length };
        return { ...names, active: active.length, pointless: pointless.length };
      });
      expect(kept).toEqual(counted.filter(({ instances }) => instances > 0));
      store.db.close();
    }),
    { numRuns: 20 },
  );
});

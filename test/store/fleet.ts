import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { InstancesQuery, RunsQuery } from '../../daemon/ports/listing.ts';
import { listingStore } from '../../daemon/store/listing.ts';
import { migrations } from '../../daemon/store/migrations/index.ts';
import { because, type ProtectionState } from '../../lib/core/index.ts';
import { DAY, HOUR, policy } from '../core/builders.ts';
import { NOW } from './world.ts';

/** An instance as a list is to show it, told by what was written of it and by no index. */
export interface Member {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly datastore: string;
  readonly createdUtc: number;
  readonly goneUtc: number | null;
  readonly policy: string | null;
  readonly nextSlotUtc: number;
  readonly newestPointUtc: number | null;
  readonly pausedUntilUtc: number | null;
}

export function stateOf(it: Member, nowUtc = NOW): ProtectionState {
  if (it.goneUtc !== null || it.policy === null) return 'excluded';
  if ((it.pausedUntilUtc ?? 0) > nowUtc) return 'paused';
  if (it.newestPointUtc === null) return 'unprotected';
  return nowUtc - it.newestPointUtc > 1.5 * DAY ? 'late' : 'protected';
}
export const nextOf = (it: Member): number | null =>
  it.goneUtc === null && it.policy !== null ? it.nextSlotUtc : null;

const few = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
/** Few values of each, so that ties are many. */
export const memberOf = (id: string): fc.Arbitrary<Member> =>
  fc.record({
    id: fc.constant(id),
    projectId: few('p1', 'p1', 'p1', 'p2'),
    name: few('orders', 'Orders', 'a_b', 'a%b', 'zeta', ''),
    datastore: few('mysql', 'mysql', 'postgresql'),
    createdUtc: few(0, DAY, 2 * DAY),
    goneUtc: few<number | null>(null, null, null, null, NOW - DAY),
    policy: few<string | null>('daily', 'daily', 'weekly', null),
    nextSlotUtc: few(NOW - HOUR, NOW + HOUR, NOW + 2 * HOUR),
    newestPointUtc: few<number | null>(null, NOW, NOW - HOUR, NOW - DAY, NOW - 1.5 * DAY, NOW - 1.5 * DAY - 1),
    pausedUntilUtc: few<number | null>(null, null, null, NOW, NOW + 1),
  });
export const fleets = (most: number): fc.Arbitrary<readonly Member[]> =>
  fc
    .nat(most)
    .chain((n) => fc.tuple(...Array.from({ length: n }, (_, k) => memberOf(`db-${String(k).padStart(3, '0')}`))));

const REASON = JSON.stringify([because('policy-selects', { policy: 'daily' })]);

let made: Buffer | null = null;
/** Made once: to make the tables takes longer than most of what is done with them. */
function empty(): Buffer {
  if (made) return made;
  const db = new Database(':memory:');
  for (const sql of migrations) db.exec(sql);
  made = db.serialize();
  db.close();
  return made;
}

/** A store's tables in memory, written as the daemon writes them: what lists go by is kept by triggers alone. */
export interface FleetStore extends ReturnType<typeof listingStore> {
  readonly db: Database.Database;
  put(it: Member): void;
}
export function fleetStore(rare?: number): FleetStore {
  const db = new Database(empty());
  const instance = db.prepare(`INSERT INTO instances (instance_id, project_id, name, datastore_type, datastore_version,
      status, created_utc, first_seen_utc, last_seen_utc, gone_utc, excluded_because)
    VALUES (@id, @projectId, @name, @datastore, '8.0', 'ACTIVE', @createdUtc, 0, 0, @goneUtc, @excluded)
    ON CONFLICT DO UPDATE SET project_id = @projectId, name = @name, datastore_type = @datastore,
      created_utc = @createdUtc, gone_utc = @goneUtc, excluded_because = @excluded`);
  const schedule =
    db.prepare(`INSERT INTO schedules (instance_id, project_id, policy_name, policy, because, interval_ms,
      active, assigned_utc, first_slot_utc, next_slot_utc, newest_point_utc)
    VALUES (@id, @projectId, @name, @policy, @because, ${DAY}, @active, 0, ${NOW - 5 * DAY}, @nextSlotUtc, @newestPointUtc)
    ON CONFLICT DO UPDATE SET project_id = @projectId, policy_name = @name, active = @active,
      next_slot_utc = @nextSlotUtc, newest_point_utc = @newestPointUtc`);
  const unpause = db.prepare(`UPDATE standstills SET to_utc = ${NOW} WHERE instance_id = ? AND kind = 'paused'`);
  const pause = db.prepare(`INSERT INTO standstills (instance_id, kind, from_utc, to_utc, owner, note)
    VALUES (?, 'paused', ${NOW - HOUR}, ?, 'ada', 'upgrade') ON CONFLICT DO UPDATE SET to_utc = excluded.to_utc`);
  return {
    db,
    ...listingStore(db, rare),
    put(it: Member): void {
      const excluded = it.policy === null ? JSON.stringify(because('no-policy', {})) : null;
      instance.run({ ...it, excluded });
      const active = it.policy !== null && it.goneUtc === null ? 1 : 0;
      const name = it.policy ?? 'daily';
      schedule.run({ ...it, name, policy: JSON.stringify(policy({ name })), because: REASON, active });
      unpause.run(it.id);
      if (it.pausedUntilUtc !== null) pause.run(it.id, it.pausedUntilUtc);
    },
  };
}

export const ALL: InstancesQuery = {
  scope: null,
  sort: 'name',
  descending: false,
  name: null,
  state: null,
  datastore: null,
  policy: null,
  gone: false,
  limit: 1000,
  marker: null,
};

/** Each order, each filter by itself, from the first and from after one with a value and one without. */
export function* everyQuery(): Generator<InstancesQuery> {
  const filters: readonly Partial<InstancesQuery>[] = [
    ...[null, 'late', 'unprotected', 'paused', 'excluded', 'protected'].map((state) => ({ state }) as const),
    ...[{ name: 'a' }, { policy: 'daily' }, { datastore: 'mysql' }, { gone: true }],
  ] as readonly Partial<InstancesQuery>[];
  for (const scope of [null, 'p1']) {
    for (const sort of ['name', 'created', 'next', 'point'] as const) {
      for (const descending of [true, false]) {
        for (const marker of [null, '1~db-1', '~db-1', 'db-1']) {
          for (const filter of filters) yield { ...ALL, scope, sort, descending, marker, ...filter };
        }
      }
    }
  }
}

export const NO_RUNS_QUERY: RunsQuery = {
  ...{ scope: null, instanceId: null, state: null, origin: null, sinceUtc: null, untilUtc: null },
  limit: 100,
  marker: null,
};

export function* everyRunsQuery(): Generator<RunsQuery> {
  const states = [null, 'running', 'completed', 'failed'] as const;
  for (const scope of [null, 'p1']) {
    for (const instanceId of [null, 'db-1']) {
      for (const state of states) {
        for (const origin of [null, 'scheduled', 'on_demand'] as const) {
          for (const marker of [null, 'r1']) yield { ...NO_RUNS_QUERY, scope, instanceId, state, origin, marker };
        }
      }
    }
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach } from 'vitest';
import type { Enrolment, Sighting } from '../../daemon/ports/inventory.ts';
import type { Caps, ClaimResult, Intent, ReadyRequest } from '../../daemon/ports/schedule.ts';
import { type Store, sqliteStore } from '../../daemon/store/index.ts';
import type { Place } from '../../daemon/store/place.ts';
import { identityOf } from '../../daemon/store/presence.ts';
import { type Advance, advance, because, type Instance, type Policy, type RunState } from '../../lib/core/index.ts';
import { at, every, HOUR, instance, policy } from '../core/builders.ts';

export const OWNER = '0badcafe';
export const NOW = at('2026-11-22 10:00');
export const WIDE: Caps = { concurrent: 1000, perProject: 1000 };
export const FULL: Intent = { kind: 'full', parentId: null, because: because('no-chain', {}) };
export const HOURLY: Policy = policy({ name: 'hourly', cadence: every(HOUR) });

/** A row of the table `runs`, as far as tests look at it. */
export interface RunRow {
  readonly run_id: string;
  readonly instance_id: string;
  readonly project_id: string;
  readonly slot_utc: number;
  readonly state: RunState;
  readonly because: string | null;
  readonly backup_id: string | null;
  readonly not_before_utc: number;
  readonly intent_utc: number | null;
  readonly ended_utc: number | null;
}
export interface ScheduleRow {
  readonly instance_id: string;
  readonly policy_name: string;
  readonly active: number;
  readonly first_slot_utc: number;
  readonly next_slot_utc: number;
  readonly newest_point_utc: number | null;
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0).toReversed()) clean();
});

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trove-autobackup-store-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

export const placeOf = (path: string): Place => ({ path, identity: identityOf(path) });

export interface World extends Store {
  readonly path: string;
  /** Every row, read by another connection: what is really on the disk. */
  runs(): readonly RunRow[];
  schedules(): readonly ScheduleRow[];
  /** What the store keeps so as not to count it, and the same counted. */
  kept(): Kept;
  counted(): Kept;
}

type Kept = Readonly<Record<string, number | string | null>>;
const KEPT = `SELECT name, n FROM tallies UNION ALL
  SELECT 'due ' || project_id, due_utc FROM queues UNION ALL SELECT 'ready ' || project_id, ready_utc FROM queues`;
const COUNTED = `SELECT name, CASE name
    WHEN 'instances' THEN (SELECT count(*) FROM instances WHERE gone_utc IS NULL)
    WHEN 'schedules' THEN (SELECT count(*) FROM schedules WHERE active = 1)
    WHEN 'unprotected' THEN (SELECT count(*) FROM schedules WHERE active = 1 AND newest_point_utc IS NULL)
    ELSE (SELECT count(*) FROM runs WHERE state = name) END AS n FROM tallies UNION ALL
  SELECT 'due ' || project_id, min(next_slot_utc) FILTER (WHERE active = 1) FROM schedules GROUP BY project_id UNION ALL
  SELECT 'ready ' || s.project_id, (SELECT min(not_before_utc) FROM runs r WHERE r.project_id = s.project_id AND state = 'claimed')
  FROM schedules s GROUP BY s.project_id`;

/** A store on a file of its own, or on one that a test brings; closed and removed after the test. */
export function openWorld({ path = join(tempFolder(), 'autobackup.sqlite'), nowUtc = NOW, owner = OWNER } = {}): World {
  const store = sqliteStore({ path, owner, nowUtc });
  const reader = new Database(path, { readonly: true });
  let open = true;
  const close = (): string | null => {
    if (!open) return null;
    open = false;
    reader.close();
    return store.close();
  };
  cleanups.push(() => void close());
  const runs = reader.prepare<[], RunRow>('SELECT * FROM runs ORDER BY instance_id, slot_utc');
  const schedules = reader.prepare<[], ScheduleRow>('SELECT * FROM schedules ORDER BY instance_id');
  const named = (sql: string): Kept =>
    Object.fromEntries(
      reader
        .prepare<[], { name: string; n: number | null }>(sql)
        .all()
        .map(({ name, n }) => [name, n]),
    );
  return {
    ...store,
    path,
    close,
    runs: () => runs.all(),
    schedules: () => schedules.all(),
    kept: () => named(KEPT),
    counted: () => named(COUNTED),
  };
}

/** An instance that gets a schedule whose first slot is the one given. */
export function scheduled(over: Partial<Instance>, slotUtc: number, by: Policy = HOURLY): Sighting {
  const reason = because('policy-selects', { policy: by.name });
  const first = () => ({ slotUtc, because: because('first-within', { withinMs: 0 }) });
  return { instance: instance(over), enrolment: { kind: 'scheduled', policy: by, because: reason, first } };
}

/** No policy selects it any more; `policies` are those there are. */
export function unselected(over: Partial<Instance>, ...policies: readonly string[]): Sighting {
  const enrolment = { kind: 'unselected', because: because('no-policy', {}), policies: new Set(policies) } as const;
  return { instance: instance(over), enrolment };
}

export function excluded(over: Partial<Instance>, reason: Enrolment['because'] = because('no-policy', {})): Sighting {
  return { instance: instance(over), enrolment: { kind: 'excluded', because: reason } };
}

/** Slots are simply an hour apart from wherever they began. */
export const hourly = (_id: string, _policy: Policy, cursor: number, nowUtc: number): Advance => {
  const passed = Math.floor((nowUtc - cursor) / HOUR);
  const missed = Array.from({ length: passed }, (_, index) => cursor + index * HOUR);
  return { missed, due: cursor + passed * HOUR, nextUtc: cursor + (passed + 1) * HOUR };
};
export const noMakeUp = (): null => null;
export const byCadence = (id: string, { cadence }: Policy, cursor: number, nowUtc: number): Advance =>
  advance(cadence, id, cursor, nowUtc);

export function claim(world: Store, nowUtc: number, caps: Caps = WIDE, limit = 500): Promise<ClaimResult> {
  return world.schedule.claimDue({
    nowUtc,
    limit,
    caps,
    advance: (id, by, cursor) => hourly(id, by, cursor, nowUtc),
    makeUp: noMakeUp,
  });
}

/** What may be tried where nothing is under way. */
export function readyIn(world: Store, nowUtc: number, concurrent = 1000, over: Partial<ReadyRequest> = {}) {
  const caps = { concurrent, perProject: 1000 };
  return world.schedule.readyRuns({ nowUtc, caps, trying: [], closed: new Set(), ...over });
}

/** The id of the run just claimed for an instance with a slot now. */
export async function claimOne(world: Store, nowUtc: number = NOW, over: Partial<Instance> = {}): Promise<string> {
  await world.inventory.saveSightings([scheduled(over, nowUtc)], nowUtc);
  const { claimed } = await claim(world, nowUtc);
  const run = claimed.find(({ instanceId }) => instanceId === instance(over).id);
  if (!run) throw new Error('nothing was claimed');
  return run.runId;
}

/** A run that Trove is making a backup for. */
export async function runningOne(world: Store, backupId: string, nowUtc: number = NOW, over: Partial<Instance> = {}) {
  const runId = await claimOne(world, nowUtc, over);
  await world.ledger.recordIntent(runId, FULL, nowUtc, WIDE);
  await world.ledger.recordBackup(runId, backupId, because('accepted', {}), nowUtc);
  return runId;
}

import fc from 'fast-check';
import type {
  Backup,
  Cadence,
  Instance,
  Instant,
  ManagedBackup,
  OwnedBackup,
  Policy,
  RecentRuns,
  Selector,
} from '../../lib/core/index.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `at('2026-11-22 22:00')` reads the text as UTC; seconds may be left out. */
export function at(text: string): Instant {
  const instant = Date.parse(`${text.replace(' ', 'T').replace(/Z$/, '')}Z`);
  if (Number.isNaN(instant)) throw new Error(`no instant: ${text}`);
  return instant;
}

export const iso = (instant: Instant): string => new Date(instant).toISOString();

export const ANY: Selector = { projects: [], datastores: [], names: [] };

export function instance(over: Partial<Instance> = {}): Instance {
  return {
    id: 'db-1',
    projectId: 'project-a',
    name: 'orders',
    datastore: { type: 'mysql', version: '8.0' },
    status: 'ACTIVE',
    replicaOf: null,
    clusterId: null,
    createdUtc: at('2026-01-01 00:00'),
    ...over,
  };
}

/** All went well lately. */
export const NO_FAILURES: RecentRuns = { failuresInARow: 0, lastFailedUtc: null };

export const every = (everyMs: number): Cadence => ({ kind: 'elapsed', everyMs });

/** `daily('Europe/Berlin', 22, 6)`: hours of the local day. */
export function daily(zone = 'UTC', startHour = 22, endHour = 6): Extract<Cadence, { kind: 'calendar' }> {
  return { kind: 'calendar', unit: 'day', zone, window: { startMinute: startHour * 60, endMinute: endHour * 60 } };
}

export const weekly = (zone = 'UTC', startHour = 22, endHour = 6): Cadence => ({
  ...daily(zone, startHour, endHour),
  unit: 'week',
});

export const cron = (text: string, zone = 'UTC', spreadMs = 0): Cadence => ({
  kind: 'cron',
  cron: text,
  zone,
  spreadMs,
});

export const rrule = (text: string, zone = 'UTC', spreadMs = 0): Cadence => ({
  kind: 'rrule',
  rrule: text,
  zone,
  spreadMs,
});

export function policy(over: Partial<Policy> = {}): Policy {
  return {
    name: 'daily',
    select: ANY,
    cadence: daily(),
    fullEveryMs: 7 * DAY,
    maxIncrementals: 6,
    firstWithinMs: 15 * MINUTE,
    ...over,
  };
}

export function backup(id: string, over: Partial<Backup> = {}): Backup {
  return {
    id,
    projectId: 'project-a',
    instanceId: 'db-1',
    parentId: null,
    name: id,
    description: null,
    status: 'COMPLETED',
    createdUtc: at('2026-11-01 00:00'),
    updatedUtc: at('2026-11-01 00:10'),
    location: `https://swift.example/backups/${id}`,
    datastore: { type: 'mysql', version: '8.0' },
    ...over,
  };
}

/** One of ours, made for a slot. */
export function managed(id: string, slotUtc: Instant, over: Partial<Backup> = {}): ManagedBackup {
  const made = backup(id, { createdUtc: slotUtc, updatedUtc: slotUtc + 10 * MINUTE, ...over });
  return { ...made, ownership: { kind: 'managed', origin: 'scheduled', runId: `run-${id}`, slotUtc } };
}

/** One of ours that somebody asked for. */
export function demanded(id: string, createdUtc: Instant, over: Partial<Backup> = {}): ManagedBackup {
  const made = managed(id, createdUtc, over);
  return { ...made, ownership: { ...made.ownership, origin: 'on_demand' } };
}

export const foreign = (id: string, over: Partial<Backup> = {}): OwnedBackup => ({
  ...backup(id, over),
  ownership: { kind: 'foreign' },
});

/** Fulls and incrementals on each other, a day apart; the first is the root. */
export function chainOf(firstSlotUtc: Instant, ids: readonly string[]): readonly ManagedBackup[] {
  return ids.map((id, index) => managed(id, firstSlotUtc + index * DAY, { parentId: ids[index - 1] ?? null }));
}

/** Text of any code points, lone halves of surrogate pairs too; ordinary letters often. */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 0x10ffff }), fc.integer({ min: 0, max: 0x7f })), { maxLength })
    .map((codes) => String.fromCodePoint(...codes));

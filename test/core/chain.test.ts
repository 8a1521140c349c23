import { describe, expect, test } from 'vitest';
import {
  because,
  chooseKind,
  type Instance,
  nextSlot,
  type OwnedBackup,
  type Policy,
  spread,
} from '../../lib/core/index.ts';
import { at, backup, chainOf, DAY, every, HOUR, instance, managed, NO_FAILURES, policy } from './builders.ts';

const MONDAY = at('2026-11-16 22:00');
const TONIGHT = MONDAY + 3 * DAY;
const THREE = chainOf(MONDAY, ['full', 'inc-1', 'inc-2']);

interface World {
  readonly on?: Partial<Instance>;
  readonly by?: Partial<Policy>;
  readonly slotUtc?: number;
  readonly backups?: readonly OwnedBackup[];
  readonly previousFailed?: boolean;
}
function choose({ on, by, slotUtc = TONIGHT, backups = THREE, previousFailed }: World) {
  const recent = previousFailed ? { failuresInARow: 1, lastFailedUtc: TONIGHT - DAY } : NO_FAILURES;
  return chooseKind(instance(on), policy(by), slotUtc, backups, recent);
}

describe('a backup is full', () => {
  test.each<World & { says: string; reason: unknown }>([
    { says: 'when there is none yet', backups: [], reason: because('no-chain', {}) },
    {
      says: 'of PostgreSQL, always',
      on: { datastore: { type: 'postgresql', version: '16' } },
      reason: because('full-only', { datastore: 'postgresql' }),
    },
    {
      says: 'after the datastore was upgraded',
      on: { datastore: { type: 'mysql', version: '8.4' } },
      reason: because('version-changed', { from: 'mysql 8.0', to: 'mysql 8.4' }),
    },
    {
      says: 'when Trove no longer tells the version of the newest point',
      backups: [managed('full', MONDAY, { datastore: null })],
      reason: because('version-changed', { from: 'unknown', to: 'mysql 8.0' }),
    },
    {
      says: 'after a run that failed',
      previousFailed: true,
      reason: because('previous-failed', { slotUtc: TONIGHT - DAY }),
    },
    {
      says: 'when the chain has as many incrementals as it may',
      by: { maxIncrementals: 2 },
      reason: because('chain-length', { length: 2, max: 2 }),
    },
    {
      says: 'when the policy allows no incrementals',
      by: { maxIncrementals: 0 },
      backups: [managed('full', MONDAY)],
      reason: because('chain-length', { length: 0, max: 0 }),
    },
    {
      says: 'when the chain is as old as a full is due',
      slotUtc: MONDAY + 7 * DAY,
      reason: because('chain-age', { startedUtc: MONDAY, fullEveryMs: 7 * DAY }),
    },
    {
      says: 'on its day, though that came an hour early because clocks were set forward',
      slotUtc: MONDAY + 7 * DAY - HOUR,
      reason: because('chain-age', { startedUtc: MONDAY, fullEveryMs: 7 * DAY }),
    },
    {
      says: 'with no chain as the reason, before a failed run',
      backups: [],
      previousFailed: true,
      reason: because('no-chain', {}),
    },
  ])('$says', ({ reason, ...world }) => {
    expect(choose(world)).toEqual({ kind: 'full', because: reason });
  });
});

describe('on its weekday a full is due, once', () => {
  // THREE begins on Monday, 2026-11-16, at 22:00.
  const SUNDAY = at('2026-11-22 22:00');
  const berlin = {
    kind: 'calendar',
    unit: 'day',
    zone: 'Europe/Berlin',
    window: { startMinute: 1380, endMinute: 420 },
  } as const;
  const cron = { kind: 'cron', cron: '30 23 * * *', zone: 'UTC', spreadMs: 0 } as const;
  const late: World = { by: { fullOn: 'sun' }, slotUtc: SUNDAY };
  test.each<World & { says: string; full: boolean }>([
    { says: 'on that day', ...late, full: true },
    { says: 'not on the day before', ...late, slotUtc: SUNDAY - DAY, full: false },
    { says: 'after midnight of the night that began on it', ...late, slotUtc: SUNDAY + 4 * HOUR, full: true },
    { says: 'not in the night that ends on it', ...late, slotUtc: SUNDAY - 20 * HOUR, full: false },
    {
      says: 'by the zone of the window',
      by: { fullOn: 'sun', cadence: berlin },
      slotUtc: at('2026-11-22 22:00'),
      full: true,
    },
    {
      says: 'and not by UTC, where the window opens an hour earlier',
      by: { fullOn: 'sun', cadence: berlin },
      slotUtc: at('2026-11-22 21:59'),
      full: false,
    },
    {
      says: 'by the day that a cron pattern names, though its slot is spread into the next',
      by: { fullOn: 'sun', cadence: { ...cron, spreadMs: HOUR } },
      slotUtc: nextSlot({ ...cron, spreadMs: HOUR }, 'db-1', at('2026-11-22 23:29')),
      full: true,
    },
    {
      says: 'by the UTC day where slots come around the clock',
      by: { fullOn: 'sun', cadence: every(6 * HOUR) },
      slotUtc: at('2026-11-22 00:00'),
      full: true,
    },
    {
      says: 'not on the weekday that the chain began on, on that very day',
      by: { fullOn: 'mon', cadence: every(HOUR) },
      slotUtc: MONDAY + HOUR,
      backups: THREE.slice(0, 1),
      full: false,
    },
  ])('$says', ({ full, ...world }) => {
    expect(choose(world).kind).toBe(full ? 'full' : 'incremental');
    if (!full) return;
    expect(choose(world).because).toEqual(because('full-weekday', { weekday: 'sun', startedUtc: MONDAY }));
  });

  test('which is each instance’s own by hash where it is spread, the one its weekly schedule would have', () => {
    const days = Array.from({ length: 70 }, (_, index) => {
      const id = `db-${index}`;
      const backups = THREE.map((row) => ({ ...row, instanceId: id }));
      const nights = Array.from({ length: 7 }, (_, night) => MONDAY + (night + 1) * DAY).slice(0, 6);
      const full = nights.filter(
        (slotUtc) => choose({ on: { id }, by: { fullOn: 'spread' }, slotUtc, backups }).kind === 'full',
      );
      const weekday = Math.floor(spread(id, 'weekday') * 7);
      // On a Monday the chain is a week old, and needs no weekday to end.
      // Where that night passed without a full, the next has it.
      expect(full).toEqual(nights.filter((_, night) => weekday > 0 && night + 1 >= weekday));
      return weekday;
    });
    expect(new Set(days).size).toBe(7);
  });
});

describe('a chain of an uneven schedule is as old as full_every to within half its shortest gap', () => {
  const uneven = { kind: 'cron', cron: '0 22 * * mon,tue', zone: 'Europe/Berlin', spreadMs: 0 } as const;
  test.each([
    { says: 'an hour early, since clocks were set forward', slotUtc: MONDAY + 7 * DAY - HOUR, full: true },
    { says: 'half a day early', slotUtc: MONDAY + 6.5 * DAY, full: true },
    { says: 'more than that', slotUtc: MONDAY + 6.5 * DAY - 1000, full: false },
  ])('$says', ({ slotUtc, full }) => {
    const by = { cadence: uneven };
    expect(choose({ by, slotUtc, backups: THREE.slice(0, 1) }).kind).toBe(full ? 'full' : 'incremental');
  });
});

describe('a backup is an incremental on the newest recovery point', () => {
  test.each<World & { says: string; parent: string; length: number }>([
    { says: 'right after the full', backups: THREE.slice(0, 1), parent: 'full', length: 1 },
    { says: 'after incrementals', parent: 'inc-2', length: 3 },
    { says: 'after a run that completed', previousFailed: false, parent: 'inc-2', length: 3 },
    { says: 'up to the last one allowed', by: { maxIncrementals: 3 }, parent: 'inc-2', length: 3 },
    {
      says: 'while the chain is a second too young',
      by: { cadence: every(6 * HOUR) },
      slotUtc: MONDAY + 7 * DAY - 1000,
      parent: 'inc-2',
      length: 3,
    },
    {
      says: 'on the day before a full is due by days',
      slotUtc: MONDAY + 6.5 * DAY - 1000,
      parent: 'inc-2',
      length: 3,
    },
    { says: 'whatever order Trove lists them in', backups: THREE.toReversed(), parent: 'inc-2', length: 3 },
    {
      says: 'also when a later backup failed',
      backups: [...THREE, managed('inc-3', TONIGHT - HOUR, { parentId: 'inc-2', status: 'FAILED' })],
      parent: 'inc-2',
      length: 3,
    },
    {
      says: 'by slot and not by when Trove made the row',
      backups: [managed('old', MONDAY, { createdUtc: TONIGHT }), managed('new', MONDAY + DAY)],
      parent: 'new',
      length: 1,
    },
    {
      says: 'of the branch that goes furthest',
      backups: [...THREE, managed('side', MONDAY + DAY + HOUR, { parentId: 'full' })],
      parent: 'inc-2',
      length: 3,
    },
    {
      says: 'of a new chain, not of the old one',
      backups: [...THREE, managed('full-2', TONIGHT - HOUR)],
      parent: 'full-2',
      length: 1,
    },
  ])('$says', ({ parent, length, ...world }) => {
    const max = world.by?.maxIncrementals ?? 6;
    const decision = choose(world);
    expect(decision).toMatchObject({
      kind: 'incremental',
      parent: { id: parent },
      because: because('continues-chain', { parent, length, max }),
    });
  });
});

test("a user's own backup neither continues nor ends our chain", () => {
  const users: OwnedBackup = { ...backup('mine', { createdUtc: TONIGHT - HOUR }), ownership: { kind: 'foreign' } };
  expect(choose({ backups: [users, ...THREE] })).toEqual(choose({}));
});

describe('a backup that a clock which was ahead had asked for, so that its slot is in the year 2036, counts as of when it was made:', () => {
  const early = (id: string, createdUtc: number) => managed(id, at('2036-11-22 22:00'), { createdUtc });

  test('an incremental goes on a newer one', () => {
    const decision = choose({ backups: [early('early', MONDAY - DAY), ...THREE] });
    expect(decision).toMatchObject({ kind: 'incremental', parent: { id: 'inc-2' } });
  });

  test('its chain ends when it is old enough', () => {
    const decision = choose({ backups: [early('early', TONIGHT - 8 * DAY)] });
    expect(decision).toMatchObject({ kind: 'full', because: { rule: 'chain-age' } });
  });

  test('it is the newest while it is', () => {
    const decision = choose({ backups: [...THREE, early('early', TONIGHT - HOUR)] });
    expect(decision).toMatchObject({ kind: 'incremental', parent: { id: 'early' } });
  });
});

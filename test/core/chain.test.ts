import { describe, expect, test } from 'vitest';
import { because, chooseKind, type Instance, type OwnedBackup, type Policy } from '../../lib/core/index.ts';
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

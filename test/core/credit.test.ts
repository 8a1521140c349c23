import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  because,
  type CreditInput,
  creditFor,
  type Freeze,
  type OwnedBackup,
  type PlanInput,
  plan,
} from '../../lib/core/index.ts';
import {
  at,
  chainOf,
  cron,
  DAY,
  daily,
  foreign,
  HOUR,
  instance,
  MINUTE,
  managed,
  NO_FAILURES,
  policy,
} from './builders.ts';

const SLOT = at('2026-11-22 22:00');
/** Two of ours, the last a day ago. */
const OURS = chainOf(SLOT - 2 * DAY, ['full', 'inc']);
const BEGUN = SLOT - 3 * HOUR;
const users = (over: Partial<OwnedBackup> = {}): OwnedBackup => ({
  ...foreign('users', { name: 'before the upgrade', createdUtc: BEGUN, updatedUtc: BEGUN + 10 * MINUTE }),
  ...over,
});
const keep = (minimumFulls: number) => ({
  keep: { withinMs: 7 * DAY },
  minimumFulls,
  onDelete: { keepMs: DAY, lastChainMs: DAY },
  anchor: false,
});
const input = (over: Partial<CreditInput> = {}): CreditInput => ({
  slotUtc: SLOT,
  instance: instance(),
  policy: policy(),
  backups: [...OURS, users()],
  recent: NO_FAILURES,
  gone: new Set(),
  ...over,
});
const withUsers = (over: Partial<OwnedBackup>): Partial<CreditInput> => ({ backups: [...OURS, users(over)] });

test("a user's own full of the same evening satisfies the slot, and is as old as it is", () => {
  const finishedUtc = BEGUN + 10 * MINUTE;
  const reason = because('credited', { backup: 'users', finishedUtc });
  expect(creditFor(input())).toEqual({ backupId: 'users', pointUtc: BEGUN, because: reason });
});

test.each<{ says: string; over: Partial<CreditInput> }>([
  {
    says: 'finished half an interval ago',
    over: withUsers({ createdUtc: SLOT - 13 * HOUR, updatedUtc: SLOT - DAY / 2 }),
  },
  { says: 'finished in the very moment', over: withUsers({ updatedUtc: SLOT }) },
  { says: 'with a description of the user', over: withUsers({ description: 'like trove-autobackup/1' }) },
  { says: 'where the floor is just there', over: { policy: policy({ retention: keep(1) }) } },
])('$says it is taken', ({ over }) => {
  expect(creditFor(input(over))).not.toBeNull();
});

test.each<{ says: string; over: Partial<CreditInput> }>([
  { says: 'one that runs', over: withUsers({ status: 'SAVING' }) },
  { says: 'one that failed', over: withUsers({ status: 'FAILED' }) },
  { says: 'one that was restored from another region', over: withUsers({ status: 'RESTORED', instanceId: null }) },
  { says: 'an incremental', over: withUsers({ parentId: 'full' }) },
  { says: 'one of another instance', over: withUsers({ instanceId: 'db-2' }) },
  { says: 'one in the project of an admin', over: withUsers({ projectId: 'admins' }) },
  { says: "a replica's snapshot", over: withUsers({ name: 'Replication snapshot for 1a2b' }) },
  { says: 'a snapshot of cinder', over: withUsers({ location: 'cinder://snapshot-1' }) },
  { says: 'one with a marker that was copied', over: withUsers({ description: 'trove-autobackup/1 owner=0badcafe' }) },
  { says: 'one older than half an interval', over: withUsers({ updatedUtc: SLOT - DAY / 2 - 1 }) },
  { says: 'one that was finished after the slot', over: withUsers({ updatedUtc: SLOT + 1 }) },
  { says: 'one older than our own newest', over: withUsers({ createdUtc: SLOT - DAY }) },
  { says: 'one of ours', over: { backups: [...OURS, managed('made', BEGUN)] } },
  { says: 'the second in a row', over: { recent: { ...NO_FAILURES, credited: true } } },
  { says: 'after a failure', over: { recent: { failuresInARow: 1, lastFailedUtc: SLOT - DAY } } },
  { says: 'before there is any of ours', over: { backups: [users()] } },
  { says: 'below the floor', over: { policy: policy({ retention: keep(2) }) } },
  { says: 'below the floor, since one goes', over: { gone: new Set(['full']) } },
  { says: 'where the chain is old enough', over: { policy: policy({ fullEveryMs: 2 * DAY }) } },
  { says: 'where the chain is long enough', over: { policy: policy({ maxIncrementals: 1 }) } },
  { says: 'on the weekday of fulls', over: { policy: policy({ fullOn: 'sun' }) } },
  {
    says: 'where each of ours is full',
    over: { instance: instance({ datastore: { type: 'postgresql', version: '15' } }) },
  },
  {
    says: 'where the version has changed',
    over: { instance: instance({ datastore: { type: 'mysql', version: '8.4' } }) },
  },
])('$says is not credited', ({ over }) => {
  expect(creditFor(input(over))).toBeNull();
});

test('half an interval is half the shortest time between two slots', () => {
  const twice = policy({ cadence: cron('0 18,22 * * *') });
  expect(creditFor(input({ policy: twice, ...withUsers({ updatedUtc: SLOT - 2 * HOUR }) }))).not.toBeNull();
  expect(creditFor(input({ policy: twice, ...withUsers({ updatedUtc: SLOT - 2 * HOUR - 1 }) }))).toBeNull();
});

test('of several the youngest is credited, in whatever order they are listed', () => {
  const later = users({ id: 'later', createdUtc: BEGUN + HOUR, updatedUtc: BEGUN + 2 * HOUR });
  for (const backups of [
    [...OURS, users(), later],
    [later, users(), ...OURS],
  ]) {
    expect(creditFor(input({ backups }))?.backupId).toBe('later');
  }
});

describe('in a plan', () => {
  const world = (over: Partial<PlanInput> = {}): PlanInput => ({
    run: { id: 'run-1', slotUtc: SLOT },
    nowUtc: SLOT + 5_000,
    instance: instance(),
    policy: policy({ cadence: daily() }),
    backups: [...OURS, users()],
    recent: NO_FAILURES,
    gone: new Set(),
    quota: { inUse: 10, reserved: 0, limit: 50 },
    reserve: 1,
    observe: false,
    freezes: [],
    ...over,
  });
  const freeze: Freeze = { kind: 'instants', fromUtc: SLOT, toUtc: SLOT + HOUR, reason: 'closing' };

  test.each<{ over: Partial<PlanInput>; says: string; kind: string }>([
    { says: 'a credit needs no quota', over: { quota: { inUse: 50, reserved: 0, limit: 50 } }, kind: 'credit' },
    { says: 'nor an instance that takes orders', over: { instance: instance({ status: 'RESIZE' }) }, kind: 'credit' },
    { says: 'and starts nothing in a freeze', over: { freezes: [freeze] }, kind: 'credit' },
    {
      says: 'what was made for the slot is adopted all the same',
      over: { backups: [...OURS, users(), managed('made', SLOT)] },
      kind: 'adopt',
    },
    {
      says: 'where two services quarrel nothing is credited',
      over: { backups: [...OURS, users(), { ...foreign('x'), ownership: { kind: 'conflict', owner: 'deadbeef' } }] },
      kind: 'skip',
    },
  ])('$says', ({ over, kind }) => {
    expect(plan(world(over)).kind).toBe(kind);
  });

  test('a slot is credited only where an incremental would have been made', () => {
    const arbitrary = fc.record({
      agoMs: fc.integer({ min: -HOUR, max: DAY }),
      tookMs: fc.integer({ min: 0, max: HOUR }),
      parent: fc.constantFrom(null, 'full'),
      status: fc.constantFrom('COMPLETED', 'FAILED', 'BUILDING'),
      max: fc.integer({ min: 0, max: 3 }),
      credited: fc.boolean(),
      ours: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ agoMs, tookMs, parent, status, max, credited, ours }) => {
        const updatedUtc = SLOT - agoMs;
        const theirs = users({ createdUtc: updatedUtc - tookMs, updatedUtc, parentId: parent, status });
        const backups = [...OURS.slice(0, ours), theirs];
        const by = policy({ maxIncrementals: max });
        const step = plan(world({ backups, policy: by, recent: { ...NO_FAILURES, credited } }));
        if (step.kind !== 'credit') return;
        expect(step.backupId).toBe('users');
        expect({ parent, status, credited }).toEqual({ parent: null, status: 'COMPLETED', credited: false });
        expect(plan(world({ backups: OURS.slice(0, ours), policy: by })).kind).toBe('incremental');
      }),
    );
  });
});

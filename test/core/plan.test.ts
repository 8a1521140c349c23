import { describe, expect, test } from 'vitest';
import {
  because,
  type Freeze,
  type OwnedBackup,
  type PlanInput,
  patienceMs,
  plan,
  type Quota,
} from '../../lib/core/index.ts';
import {
  at,
  backup,
  chainOf,
  cron,
  DAY,
  daily,
  every,
  foreign,
  HOUR,
  instance,
  MINUTE,
  managed,
  NO_FAILURES,
  policy,
  SECOND,
} from './builders.ts';

const SLOT = at('2026-11-22 22:00');
const FREE: Quota = { inUse: 10, reserved: 0, limit: 50 };
const LAST = chainOf(SLOT - 2 * DAY, ['full', 'inc']);
const conflicting: OwnedBackup = { ...backup('theirs'), ownership: { kind: 'conflict', owner: 'deadbeef' } };

const FREEZE: Freeze = { kind: 'instants', fromUtc: SLOT, toUtc: SLOT + HOUR, reason: 'year-end closing' };

const world = (over: Partial<PlanInput> = {}): PlanInput => ({
  run: { id: 'run-1', slotUtc: SLOT },
  nowUtc: SLOT + 5 * SECOND,
  instance: instance(),
  policy: policy(),
  backups: LAST,
  recent: NO_FAILURES,
  gone: new Set(),
  quota: FREE,
  reserve: 1,
  observe: false,
  freezes: [],
  ...over,
});

describe('of two things that hold at once the weightier decides', () => {
  const running = foreign('users', { status: 'BUILDING' });
  const made = managed('made', SLOT, { status: 'BUILDING' });
  const full: Quota = { inUse: 50, reserved: 0, limit: 50 };
  test.each<{ says: string; over: Partial<PlanInput>; kind: string; rule: string }>([
    {
      says: 'gone over all',
      over: { instance: null, backups: [conflicting, made] },
      kind: 'skip',
      rule: 'instance-gone',
    },
    {
      says: 'a conflict over what was made',
      over: { backups: [made, conflicting] },
      kind: 'skip',
      rule: 'owner-conflict',
    },
    { says: 'what was made over what runs', over: { backups: [running, made] }, kind: 'adopt', rule: 'adopted' },
    {
      says: 'what was made over a busy instance',
      over: { backups: [made], instance: instance({ status: 'BACKUP' }) },
      kind: 'adopt',
      rule: 'adopted',
    },
    { says: 'what was made over a full quota', over: { backups: [made], quota: full }, kind: 'adopt', rule: 'adopted' },
    { says: 'what was made over observing', over: { backups: [made], observe: true }, kind: 'adopt', rule: 'adopted' },
    {
      says: 'what was made over a freeze',
      over: { backups: [made], freezes: [FREEZE] },
      kind: 'adopt',
      rule: 'adopted',
    },
    { says: 'a freeze over what runs', over: { backups: [running], freezes: [FREEZE] }, kind: 'skip', rule: 'frozen' },
    { says: 'a freeze over a full quota', over: { quota: full, freezes: [FREEZE] }, kind: 'skip', rule: 'frozen' },
    { says: 'a freeze over observing', over: { observe: true, freezes: [FREEZE] }, kind: 'skip', rule: 'frozen' },
    {
      says: 'a freeze over a rest after failures',
      over: { freezes: [FREEZE], recent: { failuresInARow: 3, lastFailedUtc: SLOT - HOUR } },
      kind: 'skip',
      rule: 'frozen',
    },
    {
      says: 'what runs over a busy instance',
      over: { backups: [running], instance: instance({ status: 'BACKUP' }) },
      kind: 'wait',
      rule: 'backup-running',
    },
    {
      says: 'a busy instance over a full quota',
      over: { instance: instance({ status: 'RESIZE' }), quota: full },
      kind: 'wait',
      rule: 'instance-busy',
    },
    { says: 'a full quota over observing', over: { quota: full, observe: true }, kind: 'skip', rule: 'quota' },
    { says: 'observing over making', over: { observe: true }, kind: 'skip', rule: 'observing' },
  ])('$says', ({ over, kind, rule }) => {
    expect(plan(world(over))).toMatchObject({ kind, because: { rule } });
  });
});

test.each(['NEW', 'BUILDING', 'SAVING'])('while any backup of the instance is %s, ours or not, it waits', (status) => {
  for (const busy of [foreign('b', { status }), managed('b', SLOT - DAY, { status })]) {
    expect(plan(world({ backups: [busy] }))).toEqual({
      kind: 'wait',
      because: because('backup-running', { backup: 'b' }),
      untilUtc: SLOT + 7.5 * SECOND,
    });
  }
});

test.each(['BUILD', 'BACKUP', 'RESIZE', 'SHUTDOWN', 'ERROR', ''])('while the instance is "%s" it waits', (status) => {
  expect(plan(world({ instance: instance({ status }) }))).toMatchObject({
    kind: 'wait',
    because: because('instance-busy', { status }),
  });
});

test('an instance that wants a restart is backed up: Trove takes the order, and its owner may leave it so', () => {
  expect(plan(world({ instance: instance({ status: 'RESTART_REQUIRED' }) })).because.rule).not.toBe('instance-busy');
});

test("a user's backup at the very slot is not taken for ours", () => {
  expect(plan(world({ backups: [foreign('users', { createdUtc: SLOT })] })).kind).toBe('full');
});

test("another slot's backup of ours is not adopted", () => {
  expect(plan(world({ backups: [managed('before', SLOT - 1000)] })).kind).toBe('incremental');
});

describe('the quota', () => {
  test.each([
    {
      says: 'one unit above the reserve is used',
      quota: { inUse: 48, reserved: 0, limit: 50 },
      reserve: 1,
      goes: true,
    },
    { says: 'the reserve is not touched', quota: { inUse: 49, reserved: 0, limit: 50 }, reserve: 1, goes: false },
    { says: 'what is reserved counts', quota: { inUse: 40, reserved: 9, limit: 50 }, reserve: 1, goes: false },
    { says: 'a larger reserve is kept', quota: { inUse: 45, reserved: 0, limit: 50 }, reserve: 5, goes: false },
    {
      says: 'without a reserve the last unit is used',
      quota: { inUse: 49, reserved: 0, limit: 50 },
      reserve: 0,
      goes: true,
    },
    {
      says: 'a full one is respected without a reserve',
      quota: { inUse: 50, reserved: 0, limit: 50 },
      reserve: 0,
      goes: false,
    },
    { says: 'a limit of 0 lets nothing through', quota: { inUse: 0, reserved: 0, limit: 0 }, reserve: 0, goes: false },
    { says: 'a limit below 0 is none', quota: { inUse: 9000, reserved: 3, limit: -1 }, reserve: 5, goes: true },
  ])('$says', ({ quota, reserve, goes }) => {
    expect(plan(world({ quota, reserve })).kind).toBe(goes ? 'incremental' : 'skip');
  });

  test('that is short tells the number which would be enough', () => {
    const short = { inUse: 45, reserved: 2, limit: 48 };
    const step = plan(world({ quota: short, reserve: 3 }));
    expect(step).toEqual({ kind: 'skip', because: because('quota', { inUse: 47, limit: 48, reserve: 3, ask: 51 }) });
    expect(plan(world({ quota: { ...short, limit: 51 }, reserve: 3 })).kind).toBe('incremental');
    expect(plan(world({ quota: { ...short, limit: 50 }, reserve: 3 })).kind).toBe('skip');
  });
});

test.each([
  { cadence: daily(), waitedMs: -HOUR, expected: SECOND },
  { cadence: daily(), waitedMs: 0, expected: SECOND },
  { cadence: daily(), waitedMs: 10 * SECOND, expected: 5 * SECOND },
  { cadence: daily(), waitedMs: HOUR, expected: MINUTE },
  { cadence: every(6 * HOUR), waitedMs: HOUR, expected: MINUTE },
  { cadence: every(2 * MINUTE), waitedMs: HOUR, expected: 12 * SECOND },
  { cadence: every(5 * SECOND), waitedMs: HOUR, expected: SECOND },
  { cadence: cron('0,5 3 * * mon'), waitedMs: HOUR, expected: 30 * SECOND },
])('held for $waitedMs ms, a $cadence.kind schedule is patient for $expected ms', ({ cadence, waitedMs, expected }) => {
  expect(patienceMs(policy({ cadence }), waitedMs)).toBe(expected);
});

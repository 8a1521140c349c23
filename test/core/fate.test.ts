import { describe, expect, test } from 'vitest';
import {
  because,
  explain,
  type Fate,
  type FatesInput,
  fates,
  type OwnedBackup,
  type Retention,
} from '../../lib/core/index.ts';
import { at, backup, chainOf, DAY, demanded, foreign, managed, policy } from './builders.ts';

const MONDAY = at('2026-11-02 22:00');
const NOW = at('2026-11-24 12:00');
const RETENTION: Retention = {
  keep: { last: 1 },
  minimumFulls: 1,
  onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY },
  anchor: true,
};
const FIRST = chainOf(MONDAY, ['full-1', 'inc-1a', 'inc-1b']);
const SECOND = chainOf(MONDAY + 7 * DAY, ['full-2', 'inc-2a']);
const THIRD = chainOf(NOW - 2 * DAY, ['full-3', 'inc-3a']);
const ALL = [...FIRST, ...SECOND, ...THIRD];

const scene = (over: Partial<FatesInput> = {}): FatesInput => ({
  instance: { id: 'db-1', projectId: 'project-a' },
  goneUtc: null,
  retention: RETENTION,
  policy: policy(),
  backups: ALL,
  elsewhere: [],
  holds: [],
  demandedKeeps: {},
  gone: new Set(),
  nowUtc: NOW,
  ...over,
});
const told = (fate: Fate): string => {
  const reasons = fate.kind === 'kept' ? fate.because : [fate.because];
  return `${fate.kind}: ${reasons.map(({ rule }) => rule).join(' ')}`;
};
const say = (input: FatesInput): Readonly<Record<string, string>> =>
  Object.fromEntries([...fates(input)].map(([id, fate]) => [id, told(fate)]));

const KEPT = { 'full-3': 'kept: kept-floor', 'inc-3a': 'kept: kept-last kept-newest' };
const GO = 'removable: unwanted';
const HELD_BACK = 'blocked: has-child';
const [CHAIN_1, CHAIN_2] = [
  { 'full-1': GO, 'inc-1a': GO, 'inc-1b': GO },
  { 'full-2': GO, 'inc-2a': GO },
];

describe('of a living instance', () => {
  test.each<{ says: string; over: Partial<FatesInput>; fates: Readonly<Record<string, string>> }>([
    { says: 'nothing is decided of nothing', over: { backups: [] }, fates: {} },
    { says: 'what no rule wants may go, whole chains of it', over: {}, fates: { ...CHAIN_1, ...CHAIN_2, ...KEPT } },
    {
      says: 'the newest point and the last full stay, whatever the rules',
      over: { backups: FIRST, nowUtc: MONDAY + 3 * DAY },
      fates: { 'full-1': 'kept: kept-floor', 'inc-1a': 'kept: kept-ancestor', 'inc-1b': 'kept: kept-last kept-newest' },
    },
    {
      says: 'the floor counts fulls, and never incrementals',
      over: { retention: { ...RETENTION, minimumFulls: 2 } },
      fates: { ...CHAIN_1, 'full-2': 'kept: kept-floor', 'inc-2a': GO, ...KEPT },
    },
    {
      says: 'a hold keeps what it stands on too, and the rest of the chain may go',
      over: { holds: [{ backupId: 'inc-1a', owner: 'anna', note: 'audit', untilUtc: null }] },
      fates: { 'full-1': 'kept: kept-ancestor', 'inc-1a': 'kept: kept-held', 'inc-1b': GO, ...CHAIN_2, ...KEPT },
    },
    {
      says: 'a hold that has ended holds nothing',
      over: { holds: [{ backupId: 'inc-1a', owner: 'anna', note: 'audit', untilUtc: NOW }] },
      fates: { ...CHAIN_1, ...CHAIN_2, ...KEPT },
    },
    {
      says: 'a hold on what is not there, or not ours, changes nothing',
      over: { holds: [{ backupId: 'nowhere', owner: 'anna', note: 'audit', untilUtc: null }] },
      fates: { ...CHAIN_1, ...CHAIN_2, ...KEPT },
    },
    {
      says: 'what was made on demand stays until somebody decides',
      over: { backups: ALL.map((it) => (it.id === 'full-2' ? demanded('full-2', MONDAY + 7 * DAY) : it)) },
      fates: { ...CHAIN_1, 'full-2': 'kept: kept-on-demand', 'inc-2a': GO, ...KEPT },
    },
    {
      says: 'what was made on demand goes when what was said is over, and nothing stands on it',
      over: {
        backups: [...THIRD, demanded('mine', MONDAY), demanded('newer', NOW - 3 * DAY)],
        demandedKeeps: { 'run-mine': DAY, 'run-newer': 4 * DAY },
      },
      fates: { mine: GO, newer: 'kept: kept-demanded-until', ...KEPT },
    },
    {
      says: 'what a gone instance left that can never be a point goes with the rest',
      over: {
        backups: [managed('left', NOW - 9 * DAY, { status: 'BUILDING' }), managed('failed', NOW, { status: 'FAILED' })],
        goneUtc: NOW - 8 * DAY,
      },
      fates: { left: 'removable: left-by-instance', failed: 'removable: left-by-instance' },
    },
    {
      says: 'but not before what it leaves is let go',
      over: {
        backups: [managed('left', NOW - 9 * DAY, { status: 'BUILDING' }), managed('failed', NOW, { status: 'FAILED' })],
        goneUtc: NOW - 6 * DAY,
      },
      fates: { left: 'kept: kept-running', failed: 'kept: kept-failed' },
    },
    {
      says: "a user's incremental holds what it stands on, and nothing else",
      over: { backups: [...ALL, foreign('users', { parentId: 'inc-1a' })] },
      fates: { 'full-1': HELD_BACK, 'inc-1a': HELD_BACK, 'inc-1b': GO, ...CHAIN_2, ...KEPT },
    },
    {
      says: 'so does one on another instance, or in another project',
      over: { elsewhere: [backup('far', { parentId: 'full-2', instanceId: 'db-9', projectId: 'project-z' })] },
      fates: { ...CHAIN_1, 'full-2': HELD_BACK, 'inc-2a': GO, ...KEPT },
    },
    {
      says: 'and one that is being made',
      over: { backups: [...ALL, managed('new', NOW, { parentId: 'inc-2a', status: 'BUILDING' })] },
      fates: { ...CHAIN_1, 'full-2': HELD_BACK, 'inc-2a': HELD_BACK, ...KEPT, new: 'kept: kept-running' },
    },
    {
      says: 'and one whose state nobody knows',
      over: { backups: [...ALL, managed('odd', NOW - 9 * DAY, { parentId: 'full-2', status: 'DELETE_FAILED' })] },
      fates: { ...CHAIN_1, 'full-2': HELD_BACK, 'inc-2a': GO, ...KEPT, odd: 'kept: kept-no-point' },
    },
    {
      says: 'the newest failed one stays for its owner to see',
      over: { backups: [...THIRD, managed('bad', NOW - DAY, { parentId: 'inc-3a', status: 'FAILED' })] },
      fates: { ...KEPT, bad: 'kept: kept-failed' },
    },
    {
      says: 'but not where it stands on what may go',
      over: { backups: [...ALL, managed('bad', NOW - 9 * DAY, { parentId: 'inc-2a', status: 'FAILED' })] },
      fates: { ...CHAIN_1, ...CHAIN_2, ...KEPT, bad: 'removable: failed-on-unwanted' },
    },
    {
      says: 'an older failed one goes',
      over: {
        backups: [
          ...THIRD,
          managed('bad', NOW - 9 * DAY, { status: 'FAILED' }),
          managed('worse', NOW - 3 * DAY, { status: 'FAILED' }),
        ],
      },
      fates: { ...KEPT, bad: 'removable: surplus-failed', worse: 'kept: kept-failed' },
    },
    {
      says: 'what lost its parent is no point, and nobody knows what it is worth',
      over: { backups: ALL.filter(({ id }) => id !== 'inc-1a') },
      fates: { 'full-1': GO, 'inc-1b': 'kept: kept-no-point', ...CHAIN_2, ...KEPT },
    },
    {
      says: 'what is being deleted is decided, and what it stands on waits until it is gone',
      over: { gone: new Set(['inc-1b']) },
      fates: { 'full-1': HELD_BACK, 'inc-1a': HELD_BACK, ...CHAIN_2, ...KEPT },
    },
    {
      says: 'nothing goes where two services think the instance theirs',
      over: {
        backups: [...THIRD, ...SECOND, { ...backup('theirs'), ownership: { kind: 'conflict', owner: 'deadbeef' } }],
      },
      fates: { 'full-2': 'blocked: owner-conflict', 'inc-2a': 'blocked: owner-conflict', ...KEPT },
    },
    {
      says: 'but for what failed, which is no point, and only holds quota',
      over: {
        nowUtc: NOW + 2 * DAY,
        backups: [
          ...THIRD,
          managed('bad', NOW, { status: 'FAILED' }),
          managed('worse', NOW + DAY, { status: 'FAILED' }),
        ],
      },
      fates: { ...KEPT, bad: 'removable: surplus-failed', worse: 'kept: kept-failed' },
    },
    {
      says: 'nothing goes while no backup has succeeded for two intervals',
      over: { nowUtc: NOW + 2 * DAY },
      fates: {
        'full-1': 'blocked: no-recent-success',
        'inc-1a': 'blocked: no-recent-success',
        'inc-1b': 'blocked: no-recent-success',
        'full-2': 'blocked: no-recent-success',
        'inc-2a': 'blocked: no-recent-success',
        ...KEPT,
      },
    },
  ])('$says', ({ over, fates: expected }) => {
    expect(say(scene(over))).toEqual(expected);
  });
});

describe('of one that is gone', () => {
  const goneUtc = NOW;
  test.each<{ says: string; days: number; fates: Readonly<Record<string, string>> }>([
    {
      says: 'all stays for a while, whatever its policy was',
      days: 6,
      fates: {
        'full-1': 'kept: kept-after-delete',
        'inc-1a': 'kept: kept-after-delete',
        'inc-1b': 'kept: kept-after-delete',
        'full-3': 'kept: kept-after-delete',
        'inc-3a': 'kept: kept-after-delete kept-last-chain',
      },
    },
    {
      says: 'then the newest alone, with what it stands on',
      days: 7,
      fates: { ...CHAIN_1, 'full-3': 'kept: kept-ancestor', 'inc-3a': 'kept: kept-last-chain' },
    },
    { says: 'then nothing', days: 30, fates: { ...CHAIN_1, 'full-3': GO, 'inc-3a': GO } },
  ])('$says', ({ days, fates: expected }) => {
    expect(say(scene({ goneUtc, nowUtc: NOW + days * DAY, backups: [...FIRST, ...THIRD] }))).toEqual(expected);
  });

  test('a hold keeps even then', () => {
    const holds = [{ backupId: 'inc-1a', owner: 'anna', note: 'audit', untilUtc: null }];
    const found = say(scene({ goneUtc, nowUtc: NOW + 99 * DAY, holds }));
    expect(found).toMatchObject({ 'full-1': 'kept: kept-ancestor', 'inc-1a': 'kept: kept-held', 'inc-1b': GO });
  });
});

test('parents in a circle are no points and end in no endless loop', () => {
  const circle: readonly OwnedBackup[] = [
    managed('a', MONDAY, { parentId: 'b', status: 'FAILED' }),
    managed('b', MONDAY + DAY, { parentId: 'a', status: 'FAILED' }),
  ];
  expect(say(scene({ backups: [...circle, ...THIRD] }))).toMatchObject({ a: HELD_BACK, b: 'kept: kept-failed' });
});

test('a block names what stands in the way', () => {
  const elsewhere = [backup('far', { parentId: 'full-2', instanceId: 'db-9', projectId: 'project-z' })];
  const fate = fates(scene({ elsewhere })).get('full-2');
  expect(fate).toEqual({ kind: 'blocked', because: because('has-child', { child: 'far', project: 'project-z' }) });
  if (fate?.kind === 'blocked') expect(explain(fate.because)).toMatch(/far of project project-z stands on it/);
});

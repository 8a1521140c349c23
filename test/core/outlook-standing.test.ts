import { describe, expect, test } from 'vitest';
import { leavingSoon, type OwnedBackup, type StandingInput, standingPoints } from '../../lib/core/index.ts';
import { at, chainOf, DAY, demanded, foreign, managed } from './builders.ts';

const NOW = at('2026-11-24 12:00');
const FIRST = NOW - 3 * DAY;
const chain = chainOf(FIRST, ['f', 'i1', 'i2']);

const standing = (backups: readonly OwnedBackup[], over: Partial<StandingInput> = {}) =>
  standingPoints({
    instance: { id: 'db-1', projectId: 'project-a' },
    backups,
    marks: [],
    holds: [],
    gone: new Set(),
    nowUtc: NOW,
    ...over,
  });
const heldOf = (backups: readonly OwnedBackup[], over: Partial<StandingInput> = {}) =>
  Object.fromEntries(standing(backups, over).map(({ id, heldUntilUtc }) => [id, heldUntilUtc]));

describe('a course begins with', () => {
  test('recovery points of ours, oldest first, each with its mark', () => {
    expect(standing(chain.toReversed(), { marks: [{ backupId: 'f', markedUtc: NOW - 5 }] })).toEqual([
      { id: 'f', parentId: null, atUtc: FIRST, markedUtc: NOW - 5, heldUntilUtc: null },
      { id: 'i1', parentId: 'f', atUtc: FIRST + DAY, markedUtc: null, heldUntilUtc: null },
      { id: 'i2', parentId: 'i1', atUtc: FIRST + 2 * DAY, markedUtc: null, heldUntilUtc: null },
    ]);
  });
  test('one that is being made, which will be one of them', () => {
    const making = managed('i3', NOW, { parentId: 'i2', status: 'BUILDING' });
    expect(standing([...chain, making]).map(({ id }) => id)).toEqual(['f', 'i1', 'i2', 'i3']);
  });
  test.each([
    ['failed', managed('x', NOW, { status: 'FAILED' })],
    ["a user's", foreign('x')],
    ["another instance's", managed('x', NOW, { instanceId: 'db-2' })],
  ])('none that is %s', (_, other) => {
    expect(standing([...chain, other]).map(({ id }) => id)).toEqual(['f', 'i1', 'i2']);
  });
  test('none that is being deleted, and what stood on it is no point any more', () => {
    expect(standing(chain, { gone: new Set(['i1']) }).map(({ id }) => id)).toEqual(['f']);
  });
  test('what somebody holds, until then or for ever', () => {
    const hold = { owner: 'anna', note: 'audit' };
    const holds = [
      { ...hold, backupId: 'f', untilUtc: null },
      { ...hold, backupId: 'i1', untilUtc: NOW + DAY },
      { ...hold, backupId: 'i2', untilUtc: NOW - DAY },
    ];
    expect(heldOf(chain, { holds })).toEqual({ f: Number.POSITIVE_INFINITY, i1: NOW + DAY, i2: null });
  });
  test('what a user built upon, and what something made on demand stands on, for ever', () => {
    const own = foreign('own', { parentId: 'i1' });
    const held = heldOf([...chain, own, demanded('d', NOW, { parentId: 'i2' })]);
    expect(held).toEqual({ f: null, i1: Number.POSITIVE_INFINITY, i2: Number.POSITIVE_INFINITY });
  });
});

test('what is being deleted and what failed before another goes soon', () => {
  const failed = [1, 2, 3].map((day) => managed(`x${day}`, NOW - day * DAY, { status: 'FAILED' }));
  expect([...leavingSoon([...chain, ...failed], new Set(['f', 'elsewhere']))].sort()).toEqual(['f', 'x2', 'x3']);
});

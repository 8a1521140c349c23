import { expect, test } from 'vitest';
import { backingOff, because, type OwnedBackup, type RecentRuns, withFailuresSeen } from '../../lib/core/index.ts';
import {
  at,
  cron,
  DAY,
  daily,
  every,
  foreign,
  HOUR,
  MINUTE,
  managed,
  NO_FAILURES,
  policy,
  weekly,
} from './builders.ts';

const LAST = at('2026-11-22 22:00');
const rested = because('backing-off', { failures: 3, untilUtc: LAST + DAY });

test.each([
  { says: 'one failure changes nothing', failures: 1, cadence: every(HOUR), laterMs: HOUR, reason: null },
  { says: 'nor do two', failures: 2, cadence: every(HOUR), laterMs: HOUR, reason: null },
  { says: 'three rest', failures: 3, cadence: every(HOUR), laterMs: HOUR, reason: rested },
  { says: 'until a day is nearly over', failures: 3, cadence: every(HOUR), laterMs: DAY - HOUR, reason: rested },
  { says: 'and then one is tried', failures: 3, cadence: every(HOUR), laterMs: DAY, reason: null },
  {
    says: 'of an uneven schedule by its shortest gap, however long it is silent at other times',
    failures: 3,
    cadence: cron('0 * * * mon'),
    laterMs: HOUR,
    reason: rested,
  },
  { says: 'of six-hourly slots the fourth', failures: 3, cadence: every(6 * HOUR), laterMs: 18 * HOUR, reason: rested },
  { says: 'as said', failures: 3, cadence: every(6 * HOUR), laterMs: 24 * HOUR, reason: null },
  {
    says: 'slots that fit no day lose no more than half an interval',
    failures: 3,
    cadence: every(5 * HOUR),
    laterMs: 25 * HOUR,
    reason: null,
  },
  { says: 'and gain no more', failures: 3, cadence: every(5 * HOUR), laterMs: 20 * HOUR, reason: rested },
  { says: 'nightly slots are a day apart anyway', failures: 9, cadence: daily(), laterMs: DAY, reason: null },
  { says: 'also where clocks are set forward', failures: 9, cadence: daily(), laterMs: DAY - HOUR, reason: null },
  { says: 'and weekly ones more', failures: 9, cadence: weekly(), laterMs: 7 * DAY, reason: null },
])('after failures in a row: $says', ({ failures, cadence, laterMs, reason }) => {
  const recent = { failuresInARow: failures, lastFailedUtc: LAST };
  expect(backingOff(policy({ cadence }), LAST + laterMs, recent)).toEqual(reason);
});

test('the more have failed, the more are told', () => {
  const recent = { failuresInARow: 7, lastFailedUtc: LAST };
  const reason = backingOff(policy({ cadence: every(HOUR) }), LAST + 5 * MINUTE, recent);
  expect(reason).toEqual(because('backing-off', { failures: 7, untilUtc: LAST + DAY }));
});

const FAILED = { status: 'FAILED' };
const done = managed('done', LAST - HOUR);
const one: RecentRuns = { failuresInARow: 1, lastFailedUtc: LAST };

test.each<{ says: string; recent: RecentRuns; backups: readonly OwnedBackup[]; expected: RecentRuns }>([
  { says: 'none is none', recent: NO_FAILURES, backups: [done], expected: NO_FAILURES },
  {
    says: 'one that the ledger has not heard of counts',
    recent: NO_FAILURES,
    backups: [done, managed('a', LAST, FAILED)],
    expected: one,
  },
  { says: 'one that it has counts once', recent: one, backups: [managed('a', LAST, FAILED)], expected: one },
  {
    says: 'a further one is added',
    recent: one,
    backups: [managed('a', LAST, FAILED), managed('b', LAST + HOUR, FAILED)],
    expected: { failuresInARow: 2, lastFailedUtc: LAST + HOUR },
  },
  {
    says: 'one before a success is past',
    recent: NO_FAILURES,
    backups: [managed('a', LAST, FAILED), managed('b', LAST + HOUR)],
    expected: NO_FAILURES,
  },
  {
    says: 'one that a clock years ahead had asked for is of when it was made',
    recent: NO_FAILURES,
    backups: [managed('a', LAST + 3652 * DAY, { ...FAILED, createdUtc: LAST }), managed('b', LAST + HOUR)],
    expected: NO_FAILURES,
  },
  { says: "a user's own is his", recent: NO_FAILURES, backups: [foreign('x', FAILED)], expected: NO_FAILURES },
])('failures that Trove shows: $says', ({ recent, backups, expected }) => {
  expect(withFailuresSeen(recent, backups)).toEqual(expected);
});

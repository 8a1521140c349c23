import { describe, expect, test } from 'vitest';
import {
  asOfUtc,
  checkDemand,
  demandPatienceMs,
  InvalidInput,
  type PlanInput,
  plan,
  withFailuresSeen,
} from '../../lib/core/index.ts';
import {
  at,
  chainOf,
  DAY,
  demanded,
  foreign,
  HOUR,
  instance,
  MINUTE,
  managed,
  NO_FAILURES,
  policy,
  SECOND,
} from './builders.ts';

const ASKED = at('2026-11-22 15:00') + 500;
const LAST = chainOf(at('2026-11-20 22:00'), ['full', 'inc']);
const asked = (over: Partial<PlanInput> = {}, kind: 'full' | 'incremental' = 'full'): PlanInput => ({
  run: { id: 'run-1', slotUtc: ASKED, demanded: kind },
  nowUtc: ASKED + 2 * MINUTE,
  instance: instance(),
  policy: policy(),
  backups: LAST,
  recent: NO_FAILURES,
  gone: new Set(),
  quota: { inUse: 10, reserved: 0, limit: 50 },
  reserve: 1,
  observe: false,
  freezes: [],
  ...over,
});
const freeze = { kind: 'instants', fromUtc: ASKED - HOUR, toUtc: ASKED + HOUR, reason: 'year-end closing' } as const;

describe('the plan of a request', () => {
  test.each<{ says: string; over: Partial<PlanInput>; kind?: 'full' | 'incremental'; step: string }>([
    { says: 'is a full where one was asked for', over: {}, step: 'full full-demanded' },
    {
      says: 'is an incremental as a slot would be',
      over: {},
      kind: 'incremental',
      step: 'incremental continues-chain',
    },
    { says: 'is a full where there is no chain', over: { backups: [] }, kind: 'incremental', step: 'full no-chain' },
    {
      says: 'is not bound by the back-off',
      over: { recent: { failuresInARow: 5, lastFailedUtc: ASKED - HOUR } },
      step: 'full full-demanded',
    },
    { says: 'waits in a freeze', over: { freezes: [freeze] }, step: 'wait frozen' },
    {
      says: 'waits for the quota',
      over: { quota: { inUse: 49, reserved: 0, limit: 50 } },
      step: 'wait quota',
    },
    {
      says: 'waits while another runs',
      over: { backups: [...LAST, foreign('theirs', { status: 'BUILDING' })] },
      step: 'wait backup-running',
    },
    { says: 'waits for the instance', over: { instance: instance({ status: 'RESIZE' }) }, step: 'wait instance-busy' },
    { says: 'is none of one that is gone', over: { instance: null }, step: 'skip instance-gone' },
    { says: 'only says what it would be when observing', over: { observe: true }, step: 'skip observing' },
    {
      says: "adopts what carries its own run's marker",
      over: {
        backups: [
          ...LAST,
          { ...demanded('made', ASKED), ownership: { ...managed('x', ASKED).ownership, runId: 'run-1' } },
        ],
      },
      step: 'adopt adopted',
    },
    {
      says: "adopts no slot's backup of the same second",
      over: { backups: [...LAST, managed('slot', ASKED)] },
      step: 'full full-demanded',
    },
  ])('$says', ({ over, kind, step }) => {
    const made = plan(asked(over, kind));
    expect(`${made.kind} ${made.because.rule}`).toBe(step);
  });

  test('a slot adopts no backup that was asked for in its second', () => {
    const slotUtc = at('2026-11-22 22:00');
    const made = plan({ ...asked({ backups: [...LAST, demanded('mine', slotUtc)] }), run: { id: 'run-2', slotUtc } });
    expect(made.kind).not.toBe('adopt');
  });

  test('waits half as long again as it has waited, two minutes at most', () => {
    expect([0, 10 * SECOND, HOUR].map(demandPatienceMs)).toEqual([SECOND, 5 * SECOND, 2 * MINUTE]);
    expect(plan(asked({ freezes: [freeze] }))).toMatchObject({ untilUtc: ASKED + 3 * MINUTE });
  });
});

describe('what is asked for', () => {
  const who = { requestedBy: 'anna', note: 'before the migration' };
  test('is a full where it is kept for ever, else an incremental where that may be', () => {
    expect(checkDemand({ ...who, keepMs: null })).toMatchObject({ kind: 'full' });
    expect(checkDemand({ ...who, keepMs: DAY })).toMatchObject({ kind: 'incremental' });
    expect(checkDemand({ ...who, keepMs: DAY, kind: 'full' })).toMatchObject({ kind: 'full' });
  });

  test.each([
    { says: 'nobody', over: { requestedBy: ' ' }, message: /requestedBy: give 1 to 255/ },
    { says: 'a novel', over: { note: 'x'.repeat(256) }, message: /note:/ },
    { says: 'a keep of nothing', over: { keepMs: 0 }, message: /keep: 0ms is not from 1h/ },
    { says: 'a keep of no number', over: { keepMs: Number.NaN }, message: /keep:/ },
    { says: 'a keep of two centuries', over: { keepMs: 73_050 * DAY }, message: /leave it out to keep the backup/ },
  ])('is refused with $says', ({ over, message }) => {
    expect(() => checkDemand({ ...who, keepMs: null, ...over })).toThrow(InvalidInput);
    expect(() => checkDemand({ ...who, keepMs: null, ...over })).toThrow(message);
  });
});

test('a backup that was asked for counts as of when it was made, however long it had waited', () => {
  const waited = { ...demanded('mine', ASKED + 5 * HOUR), ownership: demanded('mine', ASKED).ownership };
  expect(asOfUtc(waited)).toBe(ASKED + 5 * HOUR);
});

test('a failure of a request that waited is heard of once', () => {
  const failed = {
    ...demanded('mine', ASKED + 5 * HOUR, { status: 'FAILED' }),
    ownership: demanded('mine', ASKED - 500).ownership,
  };
  const known = { failuresInARow: 1, lastFailedUtc: ASKED };
  expect(withFailuresSeen(known, [failed])).toEqual(known);
  expect(withFailuresSeen(NO_FAILURES, [failed])).toMatchObject({ failuresInARow: 1 });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isToldAgain, plan, stuckAfterMs } from '../../lib/core/index.ts';
import { at, DAY, every, foreign, HOUR, instance, MINUTE, NO_FAILURES, policy } from './builders.ts';

describe('a backup is stuck', () => {
  test.each([
    { says: 'after what the operator grants, where nothing is known', took: [], afterMs: 2 * HOUR },
    { says: 'after that also where backups are quick', took: [MINUTE, 2 * MINUTE], afterMs: 2 * HOUR },
    { says: 'after four times the longest of a few', took: [MINUTE, HOUR, 5 * MINUTE], afterMs: 4 * HOUR },
    {
      says: 'not later for one in two hundred that was slow',
      took: [...Array.from({ length: 199 }, () => HOUR), 9 * HOUR],
      afterMs: 4 * HOUR,
    },
    { says: 'after two days at most', took: [20 * HOUR], afterMs: 48 * HOUR },
  ])('$says', ({ took, afterMs }) => {
    expect(stuckAfterMs(2 * HOUR, took)).toBe(afterMs);
  });

  test('never before what the operator grants, nor sooner than most of its backups took', () => {
    const times = fc.array(fc.integer({ min: 1, max: 12 * HOUR }), { maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: MINUTE, max: DAY }), times, (leastMs, took) => {
        const afterMs = stuckAfterMs(leastMs, took);
        expect(afterMs).toBeGreaterThanOrEqual(leastMs);
        expect(took.filter((ms) => ms > afterMs).length).toBeLessThanOrEqual(took.length * 0.01);
      }),
    );
  });
});

test('it is told again after an hour, then ever more rarely, once a day at least', () => {
  const gaps = [1, 2, 3, 5, 6, 20].map((times) => {
    const told = { times, toldUtc: 0 };
    return [HOUR, 2 * HOUR, 4 * HOUR, 16 * HOUR, DAY].find((ms) => !isToldAgain(told, ms - 1) && isToldAgain(told, ms));
  });
  expect(gaps).toEqual([HOUR, 2 * HOUR, 4 * HOUR, 16 * HOUR, DAY, DAY]);
});

test('a slot waits for a stuck backup with that reason, and more patiently', () => {
  const slotUtc = at('2026-11-22 22:00');
  const reason = {
    rule: 'backup-stuck',
    params: { backup: 'b', instance: 'db-1', status: 'NEW', sinceUtc: 0, limitMs: HOUR },
  } as const;
  const step = plan({
    run: { id: 'run-1', slotUtc },
    nowUtc: slotUtc,
    instance: instance(),
    policy: policy({ cadence: every(6 * HOUR) }),
    backups: [foreign('b', { status: 'NEW' })],
    recent: NO_FAILURES,
    gone: new Set(),
    quota: { inUse: 0, reserved: 0, limit: 50 },
    reserve: 1,
    observe: false,
    freezes: [],
    stuck: { b: reason },
  });
  expect(step).toEqual({ kind: 'wait', because: reason, untilUtc: slotUtc + 10 * MINUTE });
});

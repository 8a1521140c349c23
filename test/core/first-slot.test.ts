import { describe, expect, test } from 'vitest';
import { because, type FirstSlotInput, firstSlot, nextSlot } from '../../lib/core/index.ts';
import { at, cron, DAY, daily, every, HOUR, MINUTE, policy, rrule, weekly } from './builders.ts';

const NOW = at('2026-11-22 10:00');
const input = (over: Partial<FirstSlotInput> = {}): FirstSlotInput => ({
  instanceId: 'db-1',
  createdUtc: NOW - 5 * MINUTE,
  nowUtc: NOW,
  storeBornUtc: at('2026-11-01 00:00'),
  enrolOverMs: 7 * DAY,
  ...over,
});
const ids = Array.from({ length: 300 }, (_, index) => `db-${index}`);

describe('an instance made after the store', () => {
  test.each([
    { says: 'begins within fifteen minutes', over: {}, withinMs: 15 * MINUTE },
    { says: 'begins within what its policy says', over: { firstWithinMs: 2 * HOUR }, withinMs: 2 * HOUR },
    { says: 'begins within its interval if that is shorter', over: { cadence: every(MINUTE) }, withinMs: MINUTE },
    {
      says: 'begins within the shortest interval of an uneven schedule',
      over: { cadence: cron('0,10 3 * * *') },
      withinMs: 10 * MINUTE,
    },
    {
      says: 'begins within fifteen minutes, though its rule comes once a month',
      over: { cadence: rrule('FREQ=MONTHLY', 'Europe/Berlin', HOUR) },
      withinMs: 15 * MINUTE,
    },
    { says: 'begins now if its policy says so', over: { firstWithinMs: 0 }, withinMs: 0 },
  ])('$says, window or not', ({ over, withinMs }) => {
    const found = ids.map((instanceId) => firstSlot(policy(over), input({ instanceId })));
    expect(found[0]?.because).toEqual(because('first-within', { withinMs }));
    const waits = found.map(({ slotUtc }) => slotUtc - NOW);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(withinMs);
    expect(Math.max(...waits)).toBeGreaterThanOrEqual(withinMs * 0.95);
    expect(waits.every((wait) => wait % 1000 === 0)).toBe(true);
  });

  test('is new if it was made in the very second of the store, as Trove tells whole seconds', () => {
    const born = at('2026-11-01 00:00');
    const ruleOf = (createdUtc: number) =>
      firstSlot(policy(), input({ createdUtc, storeBornUtc: born + 999 })).because.rule;
    expect(ruleOf(born)).toBe('first-within');
    expect(ruleOf(born - 1)).toBe('enrolled-over');
  });
});

describe('an instance older than the store', () => {
  const old = { createdUtc: at('2020-01-01 00:00') };

  test.each([
    { says: 'daily', cadence: daily('Asia/Ho_Chi_Minh'), atMostMs: 8 * DAY },
    { says: 'weekly', cadence: weekly(), atMostMs: 14 * DAY },
    { says: 'six-hourly', cadence: every(6 * HOUR), atMostMs: 7 * DAY + 6 * HOUR },
    {
      says: 'cron',
      cadence: cron('30 2,14 * * *', 'UTC', HOUR),
      atMostMs: 7.5 * DAY,
    },
  ])('begins at a slot of its $says schedule, one by one over a week', ({ cadence, atMostMs }) => {
    const found = ids.map((instanceId) => {
      const { slotUtc, because: reason } = firstSlot(policy({ cadence }), input({ ...old, instanceId }));
      expect(reason).toEqual(because('enrolled-over', { overMs: 7 * DAY }));
      expect(slotUtc).toBe(nextSlot(cadence, instanceId, slotUtc - 1));
      return slotUtc - NOW;
    });
    expect(Math.min(...found)).toBeGreaterThan(0);
    expect(Math.max(...found)).toBeLessThanOrEqual(atMostMs);
    const perDay = Array.from({ length: 7 }, (_, day) => found.filter((wait) => Math.floor(wait / DAY) === day).length);
    expect(Math.min(...perDay)).toBeGreaterThan(0);
  });

  test('begins at its next slot when enrolment takes no time', () => {
    const first = firstSlot(policy(), input({ ...old, enrolOverMs: 0 }));
    expect(first).toEqual({
      slotUtc: nextSlot(daily(), 'db-1', NOW),
      because: because('enrolled-over', { overMs: 0 }),
    });
  });
});

test('asked again, the first slot is the same', () => {
  expect(firstSlot(policy(), input())).toEqual(firstSlot(policy(), input()));
});

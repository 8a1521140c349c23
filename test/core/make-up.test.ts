import { expect, test } from 'vitest';
import { type Instant, makeUpSlot, type Policy } from '../../lib/core/index.ts';
import { at, DAY, daily, every, HOUR, MINUTE, policy } from './builders.ts';

const NIGHTLY = policy({ cadence: daily(), firstWithinMs: 15 * MINUTE });
const OFTEN = policy({ cadence: every(10 * MINUTE), firstWithinMs: 15 * MINUTE });
const NOW = at('2026-11-24 12:00');

interface Row {
  readonly what: string;
  readonly policy: Policy;
  readonly newest: Instant | null;
  readonly last: Instant;
  readonly next: Instant;
  /** From when and until when the slot is; null: none. */
  readonly within: readonly [Instant, Instant] | null;
}
const ROWS: readonly Row[] = [
  {
    what: 'no point is left: soon, at noon as well as at night',
    policy: NIGHTLY,
    newest: null,
    last: NOW - 13 * HOUR,
    next: NOW + 11 * HOUR,
    within: [NOW, NOW + 15 * MINUTE],
  },
  {
    what: 'the newest that is left is older than two intervals',
    policy: NIGHTLY,
    newest: NOW - 2 * DAY - 1,
    last: NOW - 13 * HOUR,
    next: NOW + 11 * HOUR,
    within: [NOW, NOW + 15 * MINUTE],
  },
  {
    what: 'one of two intervals is left: the next slot is soon enough',
    policy: NIGHTLY,
    newest: NOW - 2 * DAY,
    last: NOW - 13 * HOUR,
    next: NOW + 11 * HOUR,
    within: null,
  },
  {
    what: 'the last slot was just now: within an hour of it there is no other',
    policy: NIGHTLY,
    newest: null,
    last: NOW - MINUTE,
    next: NOW + 11 * HOUR,
    within: [NOW + 59 * MINUTE, NOW + 59 * MINUTE],
  },
  {
    what: 'the next slot comes sooner',
    policy: NIGHTLY,
    newest: null,
    last: NOW - MINUTE,
    next: NOW + 30 * MINUTE,
    within: null,
  },
  {
    what: 'an interval of less than an hour is kept to',
    policy: OFTEN,
    newest: null,
    last: NOW - 9 * MINUTE,
    next: NOW + HOUR,
    within: [NOW + MINUTE, NOW + 10 * MINUTE],
  },
];

test.each(ROWS)('where $what', ({ policy: by, newest, last, next, within }) => {
  const slot = makeUpSlot(by, {
    instanceId: 'db-1',
    newestPointUtc: newest,
    lastSlotUtc: last,
    nextSlotUtc: next,
    nowUtc: NOW,
    wasCredit: false,
  });
  if (within === null) return expect(slot).toBeNull();
  expect(slot).toBeGreaterThanOrEqual(within[0]);
  expect(slot).toBeLessThanOrEqual(within[1]);
  expect((slot ?? 0) % 1000).toBe(0);
});

test('those of a purged project do not come at the same moment', () => {
  const slots = Array.from({ length: 200 }, (_, n) =>
    makeUpSlot(NIGHTLY, {
      instanceId: `db-${n}`,
      newestPointUtc: null,
      lastSlotUtc: NOW - DAY,
      nextSlotUtc: NOW + DAY,
      nowUtc: NOW,
      wasCredit: false,
    }),
  );
  expect(new Set(slots).size).toBeGreaterThan(100);
});

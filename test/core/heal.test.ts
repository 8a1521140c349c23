import { describe, expect, test } from 'vitest';
import {
  because,
  type Cadence,
  type Cursor,
  firstSlot,
  followingSlot,
  healedSlot,
  nextSlot,
} from '../../lib/core/index.ts';
import { at, cron, DAY, daily, every, HOUR, iso, MINUTE, policy, SECOND, weekly } from './builders.ts';

const NOW = at('2026-11-22 10:00');
const ID = 'db-1';

const CADENCES: readonly { readonly form: string; readonly cadence: Cadence }[] = [
  { form: 'by the hour', cadence: every(HOUR) },
  { form: 'nightly', cadence: daily('Asia/Ho_Chi_Minh') },
  { form: 'weekly', cadence: weekly('Europe/Berlin') },
  { form: 'on two days of the week', cadence: cron('0 3 * * 1,2', 'America/New_York', HOUR) },
];

const cursor = (cadence: Cadence, over: Partial<Cursor>): Cursor => ({
  policy: policy({ cadence }),
  instanceId: ID,
  nextUtc: nextSlot(cadence, ID, NOW),
  begins: null,
  lastUtc: null,
  freed: false,
  nowUtc: NOW,
  ...over,
});

describe.each(CADENCES)('a schedule $form', ({ cadence }) => {
  const next = nextSlot(cadence, ID, NOW);
  const slotAfter = (instant: number): number => nextSlot(cadence, ID, instant);

  test('stays where a right clock has put it: on the next slot, on one that is due, or on the one after a make-up', () => {
    for (const nextUtc of [
      next,
      NOW - 5 * DAY,
      followingSlot(cadence, ID, NOW),
      followingSlot(cadence, ID, NOW - SECOND),
    ]) {
      expect(healedSlot(cursor(cadence, { nextUtc }))).toBeNull();
    }
  });

  test.each([15 * DAY, 365 * DAY, 3652 * DAY])('goes back from %d ms ahead to the next slot', (aheadMs) => {
    const nextUtc = slotAfter(NOW + aheadMs);
    expect(iso(healedSlot(cursor(cadence, { nextUtc })) ?? 0)).toBe(iso(next));
  });

  test('goes back behind the newest slot that has come and has its row, and so to one that came meanwhile', () => {
    const nextUtc = slotAfter(NOW + 365 * DAY);
    const lastUtc = slotAfter(NOW - 30 * DAY);
    expect(healedSlot(cursor(cadence, { nextUtc, lastUtc }))).toBe(followingSlot(cadence, ID, lastUtc));
  });

  test('goes back over a slot whose row was taken back, however near it is', () => {
    const lastUtc = NOW - SECOND;
    const due = followingSlot(cadence, ID, lastUtc);
    const nextUtc = followingSlot(cadence, ID, due);
    expect(healedSlot(cursor(cadence, { nextUtc, lastUtc, freed: true }))).toBe(due);
    expect(healedSlot(cursor(cadence, { nextUtc: due, lastUtc, freed: true }))).toBeNull();
  });
});

describe('a first slot', () => {
  const cadence = daily();
  const overMs = 7 * DAY;
  const enrolled = because('enrolled-over', { overMs });
  const soon = because('first-within', { withinMs: 15 * MINUTE });
  const firstAt = (nowUtc: number, createdUtc: number): number =>
    firstSlot(policy({ cadence }), { instanceId: ID, nowUtc, createdUtc, storeBornUtc: NOW, enrolOverMs: overMs })
      .slotUtc;

  test('that is spread over days to come is left alone', () => {
    expect(healedSlot(cursor(cadence, { nextUtc: nextSlot(cadence, ID, NOW + overMs), begins: enrolled }))).toBeNull();
  });

  test.each([
    { says: 'of an instance that was there before', begins: enrolled, createdUtc: NOW - DAY },
    { says: 'of a new instance', begins: soon, createdUtc: NOW },
  ])('$says is set as it would be set now', ({ begins, createdUtc }) => {
    const nextUtc = firstAt(NOW + 3652 * DAY, createdUtc === NOW ? NOW + 3652 * DAY : createdUtc);
    expect(iso(healedSlot(cursor(cadence, { nextUtc, begins })) ?? 0)).toBe(iso(firstAt(NOW, createdUtc)));
  });

  test('that was the next regular one becomes the next regular one', () => {
    const begins = because('policy-selects', { policy: 'daily' });
    const nextUtc = nextSlot(cadence, ID, NOW + 30 * DAY);
    const lastUtc = NOW - 365 * DAY;
    expect(healedSlot(cursor(cadence, { nextUtc, begins, lastUtc }))).toBe(nextSlot(cadence, ID, NOW));
  });
});

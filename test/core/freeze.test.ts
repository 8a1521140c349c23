import { describe, expect, test } from 'vitest';
import { because, type Freeze, frozen } from '../../lib/core/index.ts';
import { at, DAY, SECOND } from './builders.ts';

const CHRISTMAS: Freeze = {
  kind: 'days',
  fromDay: at('2026-12-24 00:00') / DAY,
  toDay: at('2026-12-26 00:00') / DAY,
  reason: 'year-end closing',
};
const MOVE: Freeze = {
  kind: 'instants',
  fromUtc: at('2026-12-26 20:00'),
  toUtc: at('2026-12-27 04:00'),
  reason: 'moving the store',
};

describe('whole local days are frozen in the zone of the policy, both counted in', () => {
  test.each([
    { zone: 'UTC', instant: '2026-12-23 23:59:59', until: null },
    { zone: 'UTC', instant: '2026-12-24 00:00', until: '2026-12-27 00:00' },
    { zone: 'UTC', instant: '2026-12-26 23:59:59', until: '2026-12-27 00:00' },
    { zone: 'UTC', instant: '2026-12-27 00:00', until: null },
    { zone: 'Asia/Ho_Chi_Minh', instant: '2026-12-23 17:00', until: '2026-12-26 17:00' },
    { zone: 'Asia/Ho_Chi_Minh', instant: '2026-12-26 17:00', until: null },
    { zone: 'America/New_York', instant: '2026-12-24 04:59:59', until: null },
    { zone: 'America/New_York', instant: '2026-12-27 04:59:59', until: '2026-12-27 05:00' },
  ])('$instant UTC in $zone', ({ zone, instant, until }) => {
    const expected = until && because('frozen', { untilUtc: at(until), reason: 'year-end closing' });
    expect(frozen([CHRISTMAS], zone, [at(instant)])).toEqual(expected);
  });
});

test.each([
  { says: 'before it', instant: MOVE.fromUtc - SECOND, held: false },
  { says: 'at its first instant', instant: MOVE.fromUtc, held: true },
  { says: 'right before its end', instant: MOVE.toUtc - SECOND, held: true },
  { says: 'at its end', instant: MOVE.toUtc, held: false },
])('a freeze between instants holds for every zone: $says', ({ instant, held }) => {
  for (const zone of ['UTC', 'Asia/Ho_Chi_Minh', 'America/New_York']) {
    expect(frozen([MOVE], zone, [instant]) !== null).toBe(held);
  }
});

test('of two that hold at once the one that ends last is told', () => {
  const both = [at('2026-12-26 21:00')];
  const reason = because('frozen', { untilUtc: MOVE.toUtc, reason: 'moving the store' });
  expect(frozen([CHRISTMAS, MOVE], 'UTC', both)).toEqual(reason);
  expect(frozen([MOVE, CHRISTMAS], 'UTC', both)).toEqual(reason);
});

test('one of the instants is enough', () => {
  expect(frozen([CHRISTMAS], 'UTC', [at('2026-12-23 22:00'), at('2026-12-24 01:00')])).not.toBeNull();
});

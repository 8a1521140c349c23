import { expect, test } from 'vitest';
import { because, type Cadence, nextSlot, type Reason, whyThen } from '../../lib/core/index.ts';
import { at, cron, DAY, daily, every, HOUR, rrule, weekly } from './builders.ts';

const DB = 'db-1';
const why = (cadence: Cadence, slotUtc: number, over: { isFirst?: boolean; firstBecause?: Reason } = {}) =>
  whyThen({ instanceId: DB, policy: { cadence }, slotUtc, isFirst: false, firstBecause: null, ...over });
const rules = (reasons: readonly Reason[]): readonly string[] => reasons.map(({ rule }) => rule);

test.each([
  ['elapsed', every(6 * HOUR), ['slot-elapsed']],
  [
    'elapsed in a window',
    {
      kind: 'elapsed',
      everyMs: HOUR,
      within: { zone: 'Asia/Ho_Chi_Minh', window: { startMinute: 0, endMinute: 360 } },
    },
    ['slot-elapsed', 'slot-within'],
  ],
  ['daily', daily('Asia/Ho_Chi_Minh'), ['slot-named']],
  ['weekly', weekly('Europe/Berlin'), ['slot-named']],
  ['cron', cron('30 22 * * *', 'Europe/Berlin', HOUR), ['slot-named']],
  ['rrule', rrule('FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=0;BYSECOND=0'), ['slot-named']],
  ['stretched', { kind: 'stretched', by: 3, of: daily() }, ['slot-named', 'slot-stretched']],
] as const)('a slot of a cadence says what it is named by: %s', (_, cadence, expected) => {
  for (let slot = at('2026-11-22 10:00'), n = 0; n < 20; n += 1) {
    slot = nextSlot(cadence as Cadence, DB, slot);
    expect(rules(why(cadence as Cadence, slot))).toEqual(expected);
  }
});

test('the local time and the share of the spread add up to the slot', () => {
  const slot = nextSlot(daily('Asia/Ho_Chi_Minh'), DB, at('2026-11-22 10:00'));
  const [reason] = why(daily('Asia/Ho_Chi_Minh'), slot);
  if (reason?.rule !== 'slot-named') throw new Error('it is not named');
  expect(reason.params.local).toBe('2026-11-22 22:00:00');
  expect(at('2026-11-22 15:00') + reason.params.offsetMs).toBe(slot);
});

test.each([
  ['a local time that clocks skipped', '2026-03-28 12:00', 'slot-skipped-time', '2026-03-29 02:30:00'],
  ['one that they showed twice', '2026-10-24 12:00', 'slot-doubled-time', '2026-10-25 02:30:00'],
] as const)('%s is told', (_, after, rule, local) => {
  const nightly = cron('30 2 * * *', 'Europe/Berlin');
  const slot = nextSlot(nightly, DB, at(after));
  expect(why(nightly, slot)[1]).toEqual(because(rule, { local, zone: 'Europe/Berlin' }));
  expect(rules(why(nightly, nextSlot(nightly, DB, slot)))).toEqual(['slot-named']);
});

test('what is no time of the schedule is its first, or makes up for something', () => {
  const firstBecause = because('first-within', { withinMs: HOUR });
  const odd = nextSlot(daily(), DB, at('2026-11-22 10:00')) + 7_000;
  expect(why(daily(), odd, { isFirst: true, firstBecause })).toEqual([firstBecause]);
  expect(rules(why(daily(), odd + DAY))).toEqual(['slot-out-of-turn']);
});

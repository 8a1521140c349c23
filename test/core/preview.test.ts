import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  because,
  decidePrune,
  type FateChange,
  fateChanges,
  type Keep,
  lintPolicy,
  type Policy,
  type PruneInput,
  previewMs,
  slotsAhead,
} from '../../lib/core/index.ts';
import { at, cron, DAY, daily, every, foreign, HOUR, instance, MINUTE, managed, policy } from './builders.ts';

const NOW = at('2026-11-30 12:00');
const retention = (keep: Keep) => ({
  keep,
  minimumFulls: 1,
  onDelete: { keepMs: DAY, lastChainMs: DAY },
  anchor: false,
});
const fulls = (count: number) =>
  Array.from({ length: count }, (_, index) => managed(`b${index}`, NOW - HOUR - (count - 1 - index) * DAY));
const input = (keep: Keep, backups = fulls(10), over: Partial<PruneInput> = {}): PruneInput => ({
  instance: instance(),
  goneUtc: null,
  policy: policy(),
  retention: retention(keep),
  backups,
  elsewhere: [],
  holds: [],
  gone: new Set(),
  marks: [],
  graceMs: DAY,
  nowUtc: NOW,
  ...over,
});
const ids = (changes: readonly FateChange[]) => changes.map(({ backupId }) => backupId);

describe('the next slots', () => {
  const of = (over: Partial<Policy>, nextSlotUtc: number, freezes: Parameters<typeof slotsAhead>[0]['freezes'] = []) =>
    slotsAhead({ instance: instance(), policy: policy(over), nextSlotUtc, backups: [], freezes }, 10);

  test('are told by the clocks of the zone, each with its kind and why', () => {
    const found = of({ cadence: cron('30 2 * * *', 'Asia/Tokyo'), maxIncrementals: 2 }, at('2026-12-01 17:30'));
    expect(found).toHaveLength(10);
    expect(found[0]).toEqual({
      slotUtc: at('2026-12-01 17:30'),
      local: '2026-12-02 02:30:00',
      zone: 'Asia/Tokyo',
      kind: 'full',
      because: because('no-chain', {}),
      notes: [],
    });
    expect(found.map(({ kind }) => kind[0]).join('')).toBe('fiifiifiif');
  });

  test('with what clocks do to them, and freezes', () => {
    const cadence = cron('30 2 * * *', 'Europe/Berlin');
    const spring = of({ cadence }, at('2026-03-28 01:30'));
    expect(spring.map(({ local, notes }) => [local, notes[0]?.rule]).slice(0, 3)).toEqual([
      ['2026-03-28 02:30:00', undefined],
      ['2026-03-29 03:00:00', 'slot-skipped-time'],
      ['2026-03-30 02:30:00', undefined],
    ]);
    expect(of({ cadence }, at('2026-10-25 00:30'))[0]).toMatchObject({ notes: [{ rule: 'slot-doubled-time' }] });
    const freeze = { kind: 'instants', fromUtc: NOW, toUtc: NOW + 2 * DAY, reason: 'closing' } as const;
    const frozen = of({ cadence: every(DAY) }, NOW + HOUR, [freeze]);
    expect(frozen.map(({ notes }) => notes.some(({ rule }) => rule === 'frozen'))).toEqual(
      frozen.map(({ slotUtc }) => slotUtc < freeze.toUtc),
    );
    expect(frozen.some(({ slotUtc }) => slotUtc >= freeze.toUtc)).toBe(true);
  });
});

describe('what would go', () => {
  test('that stays as things are, and the reverse', () => {
    const { deletions, kept } = fateChanges(fulls(10), input({ withinMs: 7 * DAY }), input({ withinMs: 3 * DAY }));
    expect(ids(deletions)).toEqual(['b2', 'b3', 'b4', 'b5']);
    expect(deletions[0]).toMatchObject({
      goesUtc: NOW + DAY,
      because: { rule: 'unwanted' },
      asOfUtc: NOW - HOUR - 7 * DAY,
    });
    expect(kept).toEqual([]);
    const back = fateChanges(fulls(10), input({ withinMs: 3 * DAY }), input({ withinMs: 7 * DAY }));
    expect(ids(back.kept)).toEqual(ids(deletions));
    expect(back.kept[0]).toMatchObject({ because: { rule: 'kept-window-start' } });
  });

  test('at the end of a grace that has begun, and not at all while something blocks it', () => {
    const rows = [...fulls(10), foreign('child', { parentId: 'b3' })];
    const marks = [{ backupId: 'b2', markedUtc: NOW - HOUR }];
    const after = input({ last: 6 }, fulls(10), { backups: rows, marks });
    const { deletions } = fateChanges(rows, input({ last: 10 }, fulls(10), { backups: rows }), after);
    expect(deletions.map(({ backupId, goesUtc, because: { rule } }) => [backupId, goesUtc, rule])).toEqual([
      ['b0', NOW + DAY, 'unwanted'],
      ['b1', NOW + DAY, 'unwanted'],
      ['b2', NOW + DAY - HOUR, 'unwanted'],
      ['b3', null, 'has-child'],
    ]);
  });

  test('nothing, of one that opts out; and what would have gone stays', () => {
    const { deletions, kept } = fateChanges(fulls(10), input({ last: 8 }), because('opted-out', {}));
    expect([deletions, ids(kept)]).toEqual([[], ['b0', 'b1']]);
    expect(kept[0]?.because).toEqual(because('opted-out', {}));
    expect(ids(fateChanges(fulls(10), because('opted-out', {}), input({ last: 8 })).deletions)).toEqual(['b0', 'b1']);
  });

  test('is exactly what is marked once it is so, whatever the two keep', () => {
    const keeps = fc.record({ last: fc.integer({ min: 1, max: 12 }), daily: fc.integer({ min: 1, max: 12 }) });
    fc.assert(
      fc.property(keeps, keeps, fc.integer({ min: 0, max: 14 }), (was, is, count) => {
        const backups = fulls(count);
        const before = input(was, backups);
        const marked = decidePrune(before).step.mark.map(({ backup }) => ({ backupId: backup.id, markedUtc: NOW }));
        const after = input(is, backups, { marks: marked });
        const { deletions, kept } = fateChanges(backups, { ...before, marks: marked }, after);
        const { mark, lift } = decidePrune(after).step;
        expect(ids(deletions).toSorted()).toEqual(mark.map(({ backup }) => backup.id).toSorted());
        expect(ids(kept).toSorted()).toEqual(lift.map(({ backupId }) => backupId).toSorted());
      }),
    );
  });
});

describe('what somebody may not have meant', () => {
  const window = { startMinute: 22 * 60, endMinute: 6 * 60 };
  test.each<{ over: Partial<Policy>; rules: readonly string[] }>([
    { over: {}, rules: [] },
    { over: { retention: retention({ withinMs: 7 * DAY }) }, rules: [] },
    { over: { retention: retention({ withinMs: 3 * DAY }) }, rules: ['chain-outlasts'] },
    { over: { retention: retention({ withinMs: 3 * DAY }), maxIncrementals: 0 }, rules: [] },
    { over: { retention: retention({ withinMs: 7 * DAY, monthly: 6 }) }, rules: ['keeps-beyond'] },
    { over: { cadence: { kind: 'elapsed', everyMs: HOUR, within: { zone: 'UTC', window } } }, rules: ['window-gap'] },
    {
      over: {
        cadence: {
          kind: 'elapsed',
          everyMs: 6 * HOUR,
          within: { zone: 'UTC', window: { startMinute: 0, endMinute: 1439 } },
        },
      },
      rules: [],
    },
    { over: { cadence: daily() }, rules: [] },
  ])('$rules', ({ over, rules }) => {
    expect(lintPolicy(policy(over)).map(({ because: { rule } }) => rule)).toEqual(rules);
  });
});

test('a slot that is none of the schedule’s own says so', () => {
  const first = NOW + 7 * MINUTE;
  const [slot] = slotsAhead(
    { instance: instance(), policy: policy(), nextSlotUtc: first, backups: [], freezes: [] },
    1,
  );
  expect(slot).toMatchObject({ slotUtc: first, notes: [{ rule: 'slot-out-of-turn' }] });
});

test.each([
  { cadences: [daily(), every(HOUR)], days: 90 },
  { cadences: [every(30 * MINUTE), every(HOUR)], days: 90 },
  { cadences: [daily(), every(10 * MINUTE)], days: 34 },
  { cadences: [every(8_000)], days: 1 },
  { cadences: [], days: 90 },
])('a look ahead covers $days days, and no more slots than are reckoned at once', ({ cadences, days }) => {
  expect(previewMs(cadences.map((cadence) => ({ cadence })))).toBe(days * DAY);
});

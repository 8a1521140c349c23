import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  agedSince,
  agedUntil,
  fates,
  pruneStep,
  type Retention,
  type RetentionInput,
  type Standstill,
  wantedPoints,
} from '../../lib/core/index.ts';
import { at, chainOf, DAY, HOUR, managed, policy } from './builders.ts';

const NOW = at('2026-11-24 12:00');
const ago = (days: number, forDays: number | null): Standstill => ({
  fromUtc: NOW - days * DAY,
  toUtc: forDays === null ? null : NOW - (days - forDays) * DAY,
});

describe('what is a week old', () => {
  test.each([
    ['without a standstill', [], 7],
    ['one that has ended', [ago(5, 2)], 9],
    ['one that lasts', [ago(3, null)], 10],
    ['one that began before', [ago(8, 2)], 9],
    ['one that had ended before', [ago(20, 2)], 7],
    ['two that overlap count once', [ago(5, 2), ago(4, 2)], 10],
    ['two apart, in any order', [ago(3, 1), ago(6, 1)], 9],
    ['one whose end is still to come counts until now', [{ fromUtc: NOW - DAY, toUtc: NOW + DAY }], 8],
    ['one that is still to come does not count', [{ fromUtc: NOW + DAY, toUtc: NOW + 2 * DAY }], 7],
  ] as const)('%s', (_, standstills, days) => {
    expect(agedSince(NOW, 7 * DAY, standstills)).toBe(NOW - days * DAY);
  });
});

const standstills: fc.Arbitrary<readonly Standstill[]> = fc.array(
  fc
    .record({
      back: fc.integer({ min: -5, max: 400 }),
      hours: fc.option(fc.integer({ min: 1, max: 200 }), { freq: 9 }),
    })
    .map(({ back, hours }) => {
      const fromUtc = NOW - back * HOUR;
      return { fromUtc, toUtc: hours === null ? null : fromUtc + hours * HOUR };
    }),
  { maxLength: 6 },
);

test('both ways of reckoning agree: what is older than an age has reached it, what is younger has not', () => {
  fc.assert(
    fc.property(
      standstills,
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 0, max: 600 }),
      (stood, ageHours, backHours) => {
        const [ageMs, fromUtc] = [ageHours * HOUR, NOW - backHours * HOUR];
        const isYounger = fromUtc > agedSince(NOW, ageMs, stood);
        expect(agedUntil(fromUtc, ageMs, stood, NOW) > NOW).toBe(isYounger);
      },
    ),
    { numRuns: 5_000 },
  );
});

const nights = chainOf(
  NOW - 20 * DAY,
  Array.from({ length: 10 }, (_, n) => `night-${n}`),
).map((one) => ({
  ...one,
  parentId: null,
}));
const RETENTION: Retention = {
  keep: { withinMs: 7 * DAY },
  minimumFulls: 1,
  onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY },
  anchor: false,
};
const scene = (over: Partial<RetentionInput> = {}) => ({
  instance: { id: 'db-1', projectId: 'project-a' },
  goneUtc: null,
  retention: RETENTION,
  policy: policy(),
  backups: nights,
  elsewhere: [],
  holds: [],
  demandedKeeps: {},
  gone: new Set<string>(),
  nowUtc: NOW,
  ...over,
});

test('an instance that was paused keeps what it had when that began', () => {
  const before = wantedPoints(scene({ nowUtc: NOW - 11 * DAY }));
  const after = wantedPoints(scene({ standstills: [{ fromUtc: NOW - 11 * DAY, toUtc: NOW }] }));
  expect([...after.keys()]).toEqual([...before.keys()]);
  expect([...wantedPoints(scene()).keys()]).toEqual(['night-9']);
});

test('numbers and periods do not age by themselves', () => {
  const last = { ...RETENTION, keep: { last: 3, weekly: 2 } };
  const without = wantedPoints(scene({ retention: last }));
  expect(wantedPoints(scene({ retention: last, standstills: [ago(15, null)] }))).toEqual(without);
});

test('what is left of an instance that is gone stays for so much longer, and says until when', () => {
  const goneUtc = NOW - 10 * DAY;
  const found = fates(scene({ goneUtc, standstills: [ago(9, 5)] }));
  expect(found.get('night-0')).toEqual({
    kind: 'kept',
    because: [{ rule: 'kept-after-delete', params: { untilUtc: goneUtc + 12 * DAY } }],
  });
  expect(fates(scene({ goneUtc })).get('night-0')?.kind).toBe('removable');
});

test('no grace passes in which nobody could take a mark back', () => {
  const backups = [managed('old', NOW - 20 * DAY), managed('new', NOW - DAY)];
  const marks = [{ backupId: 'old', markedUtc: NOW - 3 * DAY }];
  const step = (stood: readonly Standstill[]) => {
    const found = fates(scene({ backups, retention: { ...RETENTION, keep: { last: 1 } } }));
    const rest = { gone: new Set<string>(), graceMs: DAY, nowUtc: NOW };
    return pruneStep({ backups, fates: found, marks, standstills: stood, ...rest });
  };
  expect(step([]).ripe).toHaveLength(1);
  expect(step([ago(2.5, null)])).toMatchObject({ ripe: [], nextUtc: NOW + 12 * HOUR });
});

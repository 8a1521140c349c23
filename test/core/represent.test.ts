import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Foreseen,
  forecast,
  goesBy,
  type OnShortage,
  type OutlookInput,
  outlook,
  type Policy,
  represent,
  type Scheduled,
} from '../../lib/core/index.ts';
import { at, DAY, daily, every, HOUR, instance, MINUTE, policy } from './builders.ts';

const NOW = at('2026-11-30 12:00');
const kept = (withinMs: number): Policy =>
  policy({
    cadence: daily('Asia/Ho_Chi_Minh'),
    retention: { keep: { withinMs }, minimumFulls: 1, onDelete: { keepMs: DAY, lastChainMs: DAY }, anchor: false },
  });
const fleetOf = (count: number, by: (n: number) => Policy) =>
  Array.from({ length: count }, (_, n) => ({ instance: instance({ id: `db-${n}` }), policy: by(n), points: [] }));
const horizon = () => 90 * DAY;

test('all are taken where that is cheap enough, each for itself', () => {
  const all = fleetOf(100, () => kept(7 * DAY));
  expect(represent(all, horizon, 1_000_000)).toEqual(all.map((one) => ({ ...one, count: 1 })));
});

test('else some of each kind stand for all, no more than is let, and the same each time', () => {
  const week = kept(7 * DAY);
  const month = kept(30 * DAY);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 2_000_000 }), (count, most) => {
      const all = fleetOf(count, (n) => (n % 10 === 0 ? month : week));
      const found = represent(all, horizon, most);
      expect(
        represent(all.toReversed(), horizon, most)
          .map(({ count: n }) => n)
          .toSorted(),
      ).toEqual(found.map(({ count: n }) => n).toSorted());
      expect(new Set(found.map((one) => one.instance.id)).size).toBe(found.length);
      for (const kind of [week, month]) {
        const alike = all.filter((one) => one.policy === kind).length;
        const stand = found.filter((one) => one.policy === kind);
        expect(stand.reduce((sum, one) => sum + one.count, 0)).toBe(alike);
        // None stands for many more than another.
        const counts = stand.map((one) => one.count);
        expect(Math.max(0, ...counts) - Math.min(...counts, Number.MAX_SAFE_INTEGER)).toBeLessThanOrEqual(1);
      }
      const cost = represent(all, horizon, Number.POSITIVE_INFINITY).length;
      expect(found.length).toBeLessThanOrEqual(cost);
      if (most < 1_000) expect(found.length).toBe(Math.min(count, count > 1 ? 2 : 1));
    }),
  );
});

test('one that stands for many comes to what so many of it come to', () => {
  const by = kept(7 * DAY);
  const one: Foreseen = { instance: instance({ id: 'db-1', projectId: 'p1' }), nextSlotUtc: NOW + HOUR };
  const other: Foreseen = { instance: instance({ id: 'db-2', projectId: 'p1' }) };
  const options = { fromUtc: NOW, failing: 0.1 };
  const [some, all] = [
    forecast(by, [{ ...one, count: 3 }, other], options),
    forecast(by, [one, other, one, one], options),
  ];
  expect(some).toEqual(all);
  expect(some.projects.get('p1')?.peak.value).toBeGreaterThan(30);
});

test('of one for which another stands a quota decides as of that one', () => {
  const one: Scheduled = {
    instance: instance({ id: 'b', createdUtc: 5 }),
    policy: kept(7 * DAY),
    nextSlotUtc: NOW,
    points: [],
  };
  const of = (id: string, createdUtc: number) => ({ ...one, instance: instance({ id, createdUtc }) });
  const input = (onShortage: OnShortage, scheduled: readonly Scheduled[]): OutlookInput => ({
    ...{ quota: { limit: 45, inUse: 0, reserved: 0 }, reserve: 1, onShortage, others: 0, graceMs: DAY },
    ...{ lookMs: 10 * MINUTE, nowUtc: NOW, before: null, scheduled },
  });
  const adapted = outlook(input('adapt', [{ ...one, count: 9 }]));
  expect(goesBy(adapted, of('z', 99))).toEqual({ adapted: adapted.adapted.get('b'), refused: null });
  expect(goesBy(adapted, of('z', 99)).adapted.because.length).toBeGreaterThan(0);
  const refused = outlook(input('refuse', [of('a', 1), of('b', 5), of('c', 9)]));
  expect([...refused.refused.keys()]).toEqual(['b', 'c'].slice(-refused.refused.size));
  const from = refused.refusedFrom ?? of('', 0).instance;
  expect(goesBy(refused, of('y', from.createdUtc + 1)).refused).toEqual(refused.refused.get('c'));
  expect(goesBy(refused, of('y', from.createdUtc - 1)).refused).toBeNull();
  expect(goesBy(refused, of('y', from.createdUtc + 1)).adapted.because).toEqual([]);
});

test('and so does a look at a quota, whatever is done where it is short', () => {
  const one: Scheduled = {
    instance: instance({ id: 'a' }),
    policy: kept(7 * DAY),
    nextSlotUtc: NOW + HOUR,
    points: [],
  };
  const other: Scheduled = { ...one, instance: instance({ id: 'b' }), policy: policy({ cadence: every(HOUR) }) };
  const quota = { limit: 60, inUse: 0, reserved: 0 };
  for (const onShortage of ['tell', 'adapt'] as const) {
    const input: OutlookInput = {
      ...{ quota, reserve: 1, onShortage, others: 0, graceMs: DAY, lookMs: 10 * MINUTE, nowUtc: NOW, before: null },
      scheduled: [{ ...one, count: 4 }, other],
    };
    const [some, all] = [outlook(input), outlook({ ...input, scheduled: [one, other, one, one, one] })];
    expect([some.short, some.measures, some.fits]).toEqual([all.short, all.measures, all.fits]);
    expect(some.short).not.toBeNull();
  }
});

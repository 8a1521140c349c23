import { expect, test } from 'vitest';
import { enrol } from '../../daemon/engine/enrol.ts';
import type { Standing } from '../../daemon/ports/inventory.ts';
import { because, nextSlot } from '../../lib/core/index.ts';
import { ANY, at, DAY, daily, HOUR, instance, policy } from '../core/builders.ts';

const NOON = at('2026-11-22T12:00:00Z');
const DAILY = policy({ name: 'daily', cadence: daily(), firstWithinMs: 900_000 });
const settings = { policies: [DAILY], exclude: ANY, enrolOverMs: 7 * DAY, storeBornUtc: NOON - HOUR };

function firstSlot(standing: Standing, createdUtc: number): number {
  const db = instance({ createdUtc });
  const { enrolment } = enrol(db, new Map(), NOON, settings);
  if (enrolment.kind !== 'scheduled') throw new Error('it has a schedule');
  return enrolment.first(standing, DAILY).slotUtc;
}
const regular = nextSlot(DAILY.cadence, instance().id, NOON);

test.each<{ says: string; standing: Standing; createdUtc: number; within: readonly [number, number] }>([
  {
    says: 'a new instance is backed up soon',
    standing: { kind: 'none' },
    createdUtc: NOON,
    within: [NOON, NOON + 900_000],
  },
  {
    says: 'one older than the store waits its turn',
    standing: { kind: 'none' },
    createdUtc: NOON - DAY,
    within: [NOON, NOON + 8 * DAY],
  },
  {
    says: 'a promoted replica is as unprotected as a new instance',
    standing: { kind: 'known', excludedBecause: because('replica', { master: 'db-0' }) },
    createdUtc: NOON - DAY,
    within: [NOON, NOON + 900_000],
  },
  {
    says: 'one whose exclusion is lifted waits for its next slot: a whole fleet may come with it',
    standing: { kind: 'known', excludedBecause: because('excluded-name', { name: 'tmp-1', pattern: 'tmp-*' }) },
    createdUtc: NOON - DAY,
    within: [regular, regular],
  },
  {
    says: 'one that was gone waits for its next slot',
    standing: { kind: 'known', excludedBecause: null },
    createdUtc: NOON - DAY,
    within: [regular, regular],
  },
  {
    says: 'another policy keeps a slot that is due already',
    standing: { kind: 'scheduled', cadence: null, nextSlotUtc: NOON - HOUR, isFirst: false },
    createdUtc: NOON - DAY,
    within: [NOON - HOUR, NOON - HOUR],
  },
  {
    says: 'another policy does not put off the first backup',
    standing: { kind: 'scheduled', cadence: null, nextSlotUtc: NOON + 60_000, isFirst: true },
    createdUtc: NOON,
    within: [NOON + 60_000, NOON + 60_000],
  },
  {
    says: 'another policy with the same times moves no slot',
    standing: { kind: 'scheduled', cadence: daily(), nextSlotUtc: NOON + 60_000, isFirst: false },
    createdUtc: NOON - DAY,
    within: [NOON + 60_000, NOON + 60_000],
  },
  {
    says: 'another policy moves a later slot to its own',
    standing: { kind: 'scheduled', cadence: null, nextSlotUtc: NOON + 60_000, isFirst: false },
    createdUtc: NOON - DAY,
    within: [regular, regular],
  },
])('$says', ({ standing, createdUtc, within: [from, to] }) => {
  const slotUtc = firstSlot(standing, createdUtc);
  expect(slotUtc).toBeGreaterThanOrEqual(from - 1000);
  expect(slotUtc).toBeLessThanOrEqual(to);
});

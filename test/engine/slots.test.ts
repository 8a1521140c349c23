import { expect, test } from 'vitest';
import { at, DAY, daily, HOUR, iso, MINUTE, policy } from '../core/builders.ts';
import { openWorld } from './world.ts';

/** Berlin, nights from ten to six: clocks go back on 25 October 2026 at 03:00. */
const NIGHTLY = policy({ name: 'nightly', cadence: daily('Europe/Berlin', 22, 6), firstWithinMs: 15 * MINUTE });

const localTime = (instant: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'medium' }).format(
    instant,
  );

test('nights in a zone: one slot each, in the window, at the same local time before and after the clocks change', async () => {
  const world = openWorld({ policies: [NIGHTLY], startUtc: at('2026-10-24 06:00') });
  const id = world.instance('orders');
  await world.service.start();
  await world.advance(2 * DAY);
  const [first, ...nights] = world.service.runs(id);
  expect(first?.slot_utc).toBeLessThanOrEqual(at('2026-10-24 06:15'));
  expect(nights.map(({ state }) => state)).toEqual(['completed', 'completed']);
  const local = nights.map(({ slot_utc }) => localTime(slot_utc));
  for (const time of local) expect(time.slice(11)).toMatch(/^(2[23]|0[0-3]):/);
  expect(local[1]?.slice(11)).toBe(local[0]?.slice(11));
  // The night between them was an hour longer.
  expect((nights[1]?.slot_utc ?? 0) - (nights[0]?.slot_utc ?? 0)).toBe(25 * HOUR);
  const asked = world.service.wire.posts.slice(1).map(({ slotUtc, atUtc }) => [iso(slotUtc), atUtc - slotUtc]);
  expect(asked).toEqual(nights.map(({ slot_utc }) => [iso(slot_utc), 0]));
}, 60_000);

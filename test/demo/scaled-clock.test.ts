import { expect, test } from 'vitest';
import { scaledClock } from '../../daemon/demo/scaled-clock.ts';

const never = new AbortController().signal;

test('it stands until it is started, then runs by its scale', () => {
  let realMs = 1_000;
  const { clock, regionClock, start } = scaledClock({ startUtc: 5_000_000, scale: 3_600, realMs: () => realMs });
  realMs += 40;
  expect(clock.nowUtc()).toBe(5_000_000);
  start();
  realMs += 40;
  expect(clock.nowUtc()).toBe(5_000_000 + 40 * 3_600);
  expect(regionClock.nowUtc()).toBe(clock.nowUtc());
});

test('a machine that was busy elsewhere does not lose hours of the day', () => {
  let realMs = 0;
  const { clock, start } = scaledClock({ startUtc: 0, scale: 3_600, realMs: () => realMs });
  start();
  realMs += 10_000;
  expect(clock.monotonicMs()).toBe(50 * 3_600);
});

test('an instant that has passed still lets everybody else have a turn', async () => {
  const { clock, start } = scaledClock({ startUtc: 0, scale: 1_000_000 });
  start();
  let turns = 0;
  const others = setInterval(() => turns++, 1);
  for (let sleeps = 0; sleeps < 3; sleeps++) await clock.sleepUntil(0, never);
  clearInterval(others);
  expect(turns).toBeGreaterThan(2);
});

test('a sleep ends with its signal', async () => {
  const { clock, start } = scaledClock({ startUtc: 0, scale: 1 });
  start();
  const ending = new AbortController();
  const slept = clock.sleepUntil(60_000, ending.signal);
  ending.abort();
  await expect(slept).rejects.toThrow('abort');
});

test('the region is called later, in order, and not at all once it is called off', async () => {
  const { regionClock, start } = scaledClock({ startUtc: 0, scale: 60_000 });
  start();
  const called: string[] = [];
  regionClock.after(2_000_000, () => called.push('second'));
  regionClock.after(600_000, () => called.push('first'));
  regionClock.after(1_200_000, () => called.push('never'))();
  await expect.poll(() => called).toEqual(['first', 'second']);
});

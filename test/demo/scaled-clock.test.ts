import { expect, test } from 'vitest';
import { scaledClock } from '../../daemon/demo/scaled-clock.ts';

const never = new AbortController().signal;

/** Real time that passes as a test says. */
function handMade(scale: number, startUtc = 0) {
  let realMs = 1_000;
  let beat: () => void = () => undefined;
  const every = (_ms: number, run: () => void): void => {
    beat = run;
  };
  const made = scaledClock({ startUtc, scale, realMs: () => realMs, every });
  const pass = (ms: number): void => {
    realMs += ms;
  };
  return {
    ...made,
    pass,
    /** Beats, each so much after the one before. */
    beats(count: number, apartMs: number): void {
      for (let n = 0; n < count; n++) {
        pass(apartMs);
        beat();
      }
    },
  };
}

test('it stands until it is started, then runs by its scale', () => {
  const { clock, regionClock, start, pass, beats } = handMade(3_600, 5_000_000);
  pass(40);
  expect(clock.nowUtc()).toBe(5_000_000);
  start();
  beats(50, 20);
  pass(10);
  expect(clock.nowUtc()).toBe(5_000_000 + 1_010 * 3_600);
  expect(regionClock.nowUtc()).toBe(clock.nowUtc());
});

test('a machine that was busy elsewhere does not lose hours of the day', () => {
  const { clock, start, pass } = handMade(3_600);
  start();
  pass(10_000);
  expect(clock.monotonicMs()).toBe(30 * 3_600);
});

test.each([
  { apartMs: 60, share: 1 / 6 },
  { apartMs: 200, share: 0.015 },
  { apartMs: 2_000, share: 30 / 2_000 / 32 },
])('while beats come $apartMs ms apart, $share of the time passes, and it never goes back', ({ apartMs, share }) => {
  const { clock, start, beats, pass } = handMade(1);
  start();
  beats(1, apartMs);
  const fromMs = clock.monotonicMs();
  beats(100, apartMs);
  expect(clock.monotonicMs() - fromMs).toBeCloseTo(100 * apartMs * share, 3);
  for (let before = clock.monotonicMs(), n = 0; n < 100; n++) {
    pass(n % 7);
    if (n % 5 === 0) beats(1, n);
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(before);
    before = clock.monotonicMs();
  }
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

test('the region is called no earlier than the clock says, however slow that has become', async () => {
  const { regionClock, start, pass, beats } = handMade(1_000_000);
  start();
  let calledUtc: number | null = null;
  regionClock.after(20_000_000, () => {
    calledUtc = regionClock.nowUtc();
  });
  pass(15);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(calledUtc).toBeNull();
  beats(1, 10);
  await expect.poll(() => calledUtc).toBe(25_000_000);
});

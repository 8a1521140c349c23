import { beforeEach, describe, expect, test, vi } from 'vitest';
import { clockOf, systemClock } from '../../daemon/clock.ts';
import { sleep } from '../../daemon/ports/clock.ts';

/** Every timer that was set, in real ms; the world goes on by as much, and by what a test does to it meanwhile. */
const timers: number[] = [];
let during: (ms: number) => void = () => undefined;

vi.mock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: async (ms: number, _value: unknown, { signal }: { signal: AbortSignal }) => {
    timers.push(ms);
    world.wall += ms * world.speed;
    world.monotonic += ms * world.speed;
    during(ms);
    signal.throwIfAborted();
  },
}));

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 22);
const world = { wall: START, monotonic: 0, speed: 1 };
const clock = clockOf({
  nowUtc: () => world.wall,
  monotonicMs: () => world.monotonic,
  realMs: (ms) => ms / world.speed,
});
const total = (): number => timers.reduce((sum, ms) => sum + ms, 0);
let stop: AbortController;

beforeEach(() => {
  Object.assign(world, { wall: START, monotonic: 0, speed: 1 });
  timers.length = 0;
  during = () => undefined;
  stop = new AbortController();
});

describe('sleeping until an instant', () => {
  test.each([
    { says: 'that is near takes one timer', ms: 5_000, expected: [5_000] },
    { says: 'that is now takes none', ms: 0, expected: [] },
    { says: 'that has passed takes none', ms: -HOUR, expected: [] },
    { says: 'that is far takes timers of thirty seconds', ms: 75_000, expected: [30_000, 30_000, 15_000] },
  ])('$says', async ({ ms, expected }) => {
    await clock.sleepUntil(START + ms, stop.signal);
    expect(timers).toEqual(expected);
  });

  test('beyond what one timer of Node can hold ends at the instant', async () => {
    const far = 2 ** 31 + 12_345;
    await clock.sleepUntil(START + far, stop.signal);
    expect(world.wall).toBe(START + far);
    expect(Math.max(...timers)).toBe(30_000);
  });

  test('that is at infinity never ends by itself', async () => {
    during = () => {
      if (timers.length === 100) stop.abort();
    };
    await expect(clock.sleepUntil(Number.POSITIVE_INFINITY, stop.signal)).rejects.toThrow();
    expect(timers).toHaveLength(100);
  });

  test('ends soon after the wall clock jumped over it', async () => {
    during = () => {
      if (timers.length === 2) world.wall += 10 * HOUR;
    };
    await clock.sleepUntil(START + 10 * HOUR, stop.signal);
    expect(total()).toBe(60_000);
  });

  test('ends early when the wall clock was set back, so that who waits looks again at what for', async () => {
    during = () => {
      if (timers.length === 1) world.wall -= HOUR;
    };
    await clock.sleepUntil(START + 600_000, stop.signal);
    expect(total()).toBe(30_000);
  });

  test('lets the event loop turn even where the instant has passed', async () => {
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    await clock.sleepUntil(START - HOUR, stop.signal);
    expect(turned).toBe(true);
  });

  test('a pause lasts as long as it should though the wall clock is set back', async () => {
    during = () => {
      if (timers.length === 1) world.wall -= HOUR;
    };
    await sleep(clock, 90_000, stop.signal);
    expect(total()).toBe(90_000);
  });

  test('in a clock that runs fast takes as much less of real time', async () => {
    world.speed = 100;
    await clock.sleepUntil(START + HOUR, stop.signal);
    expect(total()).toBe(HOUR / 100);
    expect(Math.max(...timers)).toBeLessThanOrEqual(30_000);
  });
});

describe('an abort', () => {
  test('beforehand rejects at once with its reason, without a timer', async () => {
    stop.abort(new Error('stopping'));
    await expect(clock.sleepUntil(START + HOUR, stop.signal)).rejects.toThrow('stopping');
    expect(timers).toEqual([]);
  });

  test('beforehand rejects also where the instant has passed', async () => {
    stop.abort(new Error('stopping'));
    await expect(clock.sleepUntil(START - HOUR, stop.signal)).rejects.toThrow('stopping');
  });

  test('during a long sleep ends the timer that runs', async () => {
    during = () => {
      if (timers.length === 3) stop.abort(new Error('stopping'));
    };
    await expect(clock.sleepUntil(START + HOUR, stop.signal)).rejects.toThrow('stopping');
    expect(timers).toHaveLength(3);
  });
});

test('a sleep of a length begins now', async () => {
  await sleep(clock, 42_000, stop.signal);
  expect(world.wall).toBe(START + 42_000);
});

test('the system clock is the real one', () => {
  const before = Date.now();
  expect(systemClock.nowUtc()).toBeGreaterThanOrEqual(before);
  expect(systemClock.nowUtc()).toBeLessThanOrEqual(Date.now());
  const first = systemClock.monotonicMs();
  expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(first);
  expect(first).toBeLessThan(before);
});

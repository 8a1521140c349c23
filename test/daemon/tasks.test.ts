import { beforeEach, describe, expect, test } from 'vitest';
import { ExitError } from '../../daemon/exit.ts';
import { sleep } from '../../daemon/ports/clock.ts';
import type { Log } from '../../daemon/ports/log.ts';
import { createTasks, type Tasks } from '../../daemon/tasks.ts';
import { FakeClock, settled } from './fake-clock.ts';

const MINUTE = 60_000;
let clock: FakeClock;
let stopping: AbortController;
let logged: { event: string; facts: Readonly<Record<string, unknown>> }[];
let tasks: Tasks;

beforeEach(() => {
  clock = new FakeClock();
  stopping = new AbortController();
  logged = [];
  const note = (event: string, facts = {}): void => void logged.push({ event, facts });
  const log: Log = { info: note, warn: note, error: note };
  tasks = createTasks(clock, log, stopping.signal);
});

const forever = (signal: AbortSignal): Promise<void> => sleep(clock, 365 * 86_400_000, signal);

/** Throws so many times, each after `lastsMs`, then runs on. */
function failing(times: number, lastsMs = 0) {
  const starts: number[] = [];
  const loop = async (signal: AbortSignal): Promise<void> => {
    starts.push(clock.monotonicMs());
    await sleep(clock, lastsMs, signal);
    if (starts.length <= times) throw new Error(`fault ${starts.length}`);
    await forever(signal);
  };
  return { loop, starts };
}
const outcome = (): Promise<unknown> =>
  Promise.race([tasks.ended.then(() => 'ended', String), settled().then(() => 'runs')]);

describe('a loop that throws', () => {
  test('what says its exit code itself ends the daemon at once', async () => {
    const error = new ExitError('software', 'the store is gone');
    tasks.run('store', () => Promise.reject(error));
    await expect(tasks.ended).rejects.toBe(error);
    expect(logged).toMatchObject([{ event: 'task.failed', facts: { task: 'store', err: error } }]);
  });

  test('is started again after a pause that grows', async () => {
    const { loop, starts } = failing(3);
    tasks.run('track', loop);
    await clock.pass(MINUTE);
    expect(starts).toEqual([0, 2_000, 6_000, 14_000]);
    expect(await outcome()).toBe('runs');
    stopping.abort();
  });

  test('is named in the log with its error each time', async () => {
    tasks.run('track', failing(1).loop);
    await clock.pass(MINUTE);
    expect(logged).toEqual([
      { event: 'task.failed', facts: { task: 'track', failures: 1, err: new Error('fault 1') } },
    ]);
    stopping.abort();
  });

  test('a fourth time in ten minutes ends the daemon with that error', async () => {
    tasks.run('schedule', forever);
    tasks.run('track', failing(4).loop);
    await clock.pass(MINUTE);
    expect(await outcome()).toBe('Error: fault 4');
    stopping.abort();
  });

  test('ever again, but seldom, is started each time', async () => {
    const { loop, starts } = failing(20, 4 * MINUTE);
    tasks.run('track', loop);
    await clock.pass(120 * MINUTE);
    expect(starts.length).toBeGreaterThan(20);
    expect(await outcome()).toBe('runs');
    stopping.abort();
  });

  test('is down for health until it is started again', async () => {
    tasks.run('schedule', forever);
    tasks.run('track', failing(1).loop);
    await settled();
    expect(tasks.check()).toEqual({ ok: false, detail: 'down: track' });
    await clock.pass(2_000);
    expect(tasks.check()).toEqual({ ok: true, detail: '2 run' });
    stopping.abort();
  });

  test('does not touch its neighbour', async () => {
    let steps = 0;
    tasks.run('track', failing(3).loop);
    tasks.run('schedule', async (signal) => {
      for (;;) {
        await sleep(clock, 1_000, signal);
        steps += 1;
      }
    });
    await clock.pass(20_000);
    expect(steps).toBe(20);
    stopping.abort();
  });
});

test('a loop that ends by itself is a fault like any other', async () => {
  tasks.run('track', async () => undefined);
  await clock.pass(MINUTE);
  expect(await outcome()).toBe('Error: the loop ended by itself');
  expect(logged).toHaveLength(4);
});

describe('stopping', () => {
  test('ends every loop and leaves nothing behind', async () => {
    tasks.run('schedule', forever);
    tasks.run('track', forever);
    await settled();
    expect(await outcome()).toBe('runs');
    stopping.abort();
    expect(await tasks.ended).toBeUndefined();
    expect(clock.sleeping).toBe(0);
    expect(tasks.check().detail).toBe('0 run');
    expect(logged).toEqual([]);
  });

  test('waits for the loop that takes longest', async () => {
    let closed = false;
    tasks.run('schedule', forever);
    tasks.run('bus', async (signal) => {
      await forever(signal).catch(() => undefined);
      await clock.sleepUntil(clock.nowUtc() + 5_000, new AbortController().signal);
      closed = true;
      signal.throwIfAborted();
    });
    await settled();
    stopping.abort();
    expect(await outcome()).toBe('runs');
    await clock.pass(5_000);
    expect(await outcome()).toBe('ended');
    expect(closed).toBe(true);
  });

  test('cuts the pause of a loop that is down, which does not start again', async () => {
    const { loop, starts } = failing(1);
    tasks.run('track', loop);
    await settled();
    stopping.abort();
    expect(await tasks.ended).toBeUndefined();
    expect(starts).toHaveLength(1);
    expect(clock.sleeping).toBe(0);
  });

  test('is not failed by a loop that throws something else on its way out, but that is logged', async () => {
    tasks.run('track', async (signal) => {
      await forever(signal).catch(() => undefined);
      throw new Error('while closing');
    });
    await settled();
    stopping.abort();
    expect(await tasks.ended).toBeUndefined();
    expect(logged).toMatchObject([{ event: 'task.failed', facts: { task: 'track' } }]);
  });
});

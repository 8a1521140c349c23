import { beforeEach, describe, expect, test } from 'vitest';
import { createPoke, type Poke } from '../../daemon/engine/poke.ts';
import { FakeClock, settled } from './fake-clock.ts';

let clock: FakeClock;
let poke: Poke;
let stop: AbortController;
beforeEach(() => {
  clock = new FakeClock();
  poke = createPoke(clock);
  stop = new AbortController();
});

/** Waits an hour; `done` tells how it went, or that it has not. */
function wait() {
  const state = { done: 'waits' };
  poke.wait(clock.nowUtc() + 3_600_000, stop.signal).then(
    () => {
      state.done = 'woke';
    },
    (error: unknown) => {
      state.done = String(error);
    },
  );
  return state;
}

describe('a wait', () => {
  test('ends at its instant', async () => {
    const waiting = wait();
    await clock.pass(3_599_999);
    expect(waiting.done).toBe('waits');
    await clock.pass(1);
    await settled();
    expect(waiting.done).toBe('woke');
  });

  test('ends at a poke and leaves no timer behind', async () => {
    const waiting = wait();
    await settled();
    expect(clock.sleeping).toBe(1);
    poke.poke();
    await settled();
    expect(waiting.done).toBe('woke');
    expect(clock.sleeping).toBe(0);
  });

  test('ends at once if there was a poke while nobody waited', async () => {
    poke.poke();
    const waiting = wait();
    await settled();
    expect(waiting.done).toBe('woke');
  });

  test('takes all the pokes before it, so that the next one waits', async () => {
    poke.poke();
    poke.poke();
    wait();
    await settled();
    const second = wait();
    await settled();
    expect(second.done).toBe('waits');
  });

  test('that a poke ended leaves none for the next', async () => {
    wait();
    await settled();
    poke.poke();
    await settled();
    const second = wait();
    await settled();
    expect(second.done).toBe('waits');
  });

  test('that the clock ended leaves none for the next', async () => {
    wait();
    await clock.pass(3_600_000);
    await settled();
    const second = wait();
    await settled();
    expect(second.done).toBe('waits');
  });
});

describe('an abort', () => {
  test('ends a wait with its reason and leaves no timer behind', async () => {
    const waiting = wait();
    await settled();
    stop.abort(new Error('stopping'));
    await settled();
    expect(waiting.done).toBe('Error: stopping');
    expect(clock.sleeping).toBe(0);
  });

  test('beforehand ends a wait at once', async () => {
    stop.abort(new Error('stopping'));
    const waiting = wait();
    await settled();
    expect(waiting.done).toBe('Error: stopping');
  });

  test('beforehand ends a wait also when a poke is kept: a loop that stops takes no more rounds', async () => {
    poke.poke();
    stop.abort(new Error('stopping'));
    const waiting = wait();
    await settled();
    expect(waiting.done).toBe('Error: stopping');
  });

  test('together with a poke ends the wait', async () => {
    const waiting = wait();
    await settled();
    poke.poke();
    stop.abort(new Error('stopping'));
    await settled();
    expect(waiting.done).toBe('Error: stopping');
  });
});

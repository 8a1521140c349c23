import { expect, test } from 'vitest';
import { createProjectWork } from '../../daemon/engine/project-work.ts';
import { createTurns, type Turns } from '../../daemon/engine/turns.ts';
import { FakeClock, settled } from '../daemon/fake-clock.ts';

const never = new AbortController().signal;

const workOf = (clock: FakeClock, turns: Turns, onGiven = (): void => undefined) =>
  createProjectWork({
    turns,
    clock,
    points: { suspect: async () => false },
    departures: { depart: async () => undefined, stay: async () => undefined },
    onSuspects: () => undefined,
    onGiven,
  });

/** An engine with more runs than it can ever make: it takes the turn whenever it is told that it may be free. */
function busy() {
  const clock = new FakeClock();
  const turns = createTurns();
  const done: string[] = [];
  const takes = (): void => {
    if (turns.take('shop')) done.push('run');
  };
  const ends = (): void => {
    turns.give('shop');
    takes();
  };
  const projectWork = workOf(clock, turns, takes);
  const asks = (name: string, signal = never) => projectWork.inTurn('shop', async () => void done.push(name), signal);
  takes();
  return { clock, turns, done, ends, asks };
}

test('who waits for the turn of a project comes next, however many runs of the engine wait as well', async () => {
  const { clock, turns, done, ends, asks } = busy();
  const deletion = asks('deletion');
  await clock.pass(500);
  expect([done, turns.closed]).toEqual([['run'], new Set(['shop'])]);
  ends();
  await clock.pass(100);
  await deletion;
  expect(done).toEqual(['run', 'deletion', 'run']);
  expect(turns.take('other')).toBe(true);
});

test('of several who wait the first comes first, and between two the engine has its turn', async () => {
  const { clock, done, ends, asks } = busy();
  const all = Promise.all([asks('one'), asks('two'), asks('three')]);
  for (let n = 0; n < 3; n++) {
    await clock.pass(500);
    ends();
  }
  await clock.pass(500);
  await all;
  expect(done).toEqual(['run', 'one', 'run', 'two', 'run', 'three', 'run']);
});

test('who waits no more leaves the turn to the engine, and says so', async () => {
  const { clock, turns, done, asks } = busy();
  const patience = new AbortController();
  const deletion = asks('deletion', patience.signal);
  await clock.pass(500);
  turns.give('shop');
  expect(turns.take('shop')).toBe(false);
  patience.abort(new Error('too long'));
  await expect(deletion).rejects.toThrow('too long');
  expect(done).toEqual(['run', 'run']);
});

test('what fails gives the turn back, and leaves it to the next one', async () => {
  const { clock, turns, done, ends, asks } = busy();
  ends();
  turns.give('shop');
  const { promise, reject } = Promise.withResolvers<void>();
  const projectWork = workOf(clock, turns);
  const failing = projectWork.inTurn('shop', () => promise, never);
  await settled();
  expect(turns.take('shop')).toBe(false);
  reject(new Error('refused'));
  await expect(failing).rejects.toThrow('refused');
  await asks('next');
  expect(done.at(-2)).toBe('next');
});

import { expect, test } from 'vitest';
import { inPool } from '../../daemon/engine/pool.ts';
import { settled } from './fake-clock.ts';

/** Works that end when a test says so. */
function works() {
  const begun: number[] = [];
  const ends = new Map<number, PromiseWithResolvers<void>>();
  const work = (n: number): Promise<void> => {
    begun.push(n);
    const end = Promise.withResolvers<void>();
    ends.set(n, end);
    return end.promise;
  };
  const end = async (n: number, error?: Error): Promise<void> => {
    if (error) ends.get(n)?.reject(error);
    else ends.get(n)?.resolve();
    await settled();
  };
  return { begun, work, end };
}

test('one that hangs holds up itself alone', async () => {
  const { begun, work, end } = works();
  const done = inPool([1, 2, 3, 4, 5], 2, work);
  expect(begun).toEqual([1, 2]);
  await end(2);
  await end(3);
  await end(4);
  expect(begun).toEqual([1, 2, 3, 4, 5]);
  await end(5);
  await end(1);
  await done;
});

test('after a failure no more is begun, and it is thrown when what was under way has ended', async () => {
  const { begun, work, end } = works();
  let thrown: unknown = null;
  const done = inPool([1, 2, 3], 2, work).catch((error: unknown) => {
    thrown = error;
  });
  await end(1, new Error('of ours'));
  expect([begun, thrown]).toEqual([[1, 2], null]);
  await end(2);
  await done;
  expect([begun, thrown]).toEqual([[1, 2], new Error('of ours')]);
});

test('nothing is no work', async () => {
  await inPool([], 4, () => Promise.reject(new Error('never')));
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBatch } from '../../daemon/intake/batch.ts';
import type { Reading } from '../../daemon/intake/message.ts';

const noteOf = (n: number): Reading => ({ kind: 'note', note: { instanceId: `db-${n}`, projectId: 'p' } });
const IGNORED: Reading = { kind: 'ignored' };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A batch of numbered messages, over a store that a test lets go on or fail. */
function open() {
  const said: string[] = [];
  const faults: unknown[] = [];
  let gate: Promise<void> = Promise.resolve();
  const batch = createBatch<number>({
    settle: async ({ notes, dead, last }) => {
      const names = [...notes.map(({ instanceId }) => instanceId), ...dead.map(({ message }) => `dead ${message}`)];
      if (names.length > 0) {
        said.push(`asked for ${names.join(' ')}`);
        await gate;
        said.push(`stored ${names.join(' ')}`);
      }
      said.push(`acked up to ${last}`);
    },
    onFault: (error) => void faults.push(error),
  });
  return {
    batch,
    said,
    faults,
    /** The next writes wait until the answer is called: with an error they fail. */
    hold(): (error?: Error) => void {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      gate = promise;
      return (error) => (error ? reject(error) : resolve());
    },
    open: () => {
      gate = Promise.resolve();
    },
  };
}

test('messages of one turn are stored together and acknowledged together, after they are durable', async () => {
  const { batch, said } = open();
  for (const n of [1, 2, 3]) batch.add(n, noteOf(n));
  expect(said).toEqual([]);
  await batch.flush();
  expect(said).toEqual(['asked for db-1 db-2 db-3', 'stored db-1 db-2 db-3', 'acked up to 3']);
});

test('nothing is acknowledged while the store is still at it', async () => {
  const { batch, said, hold } = open();
  const release = hold();
  batch.add(1, noteOf(1));
  for (let turns = 0; turns < 20; turns++) await turn();
  expect(said).toEqual(['asked for db-1']);
  release();
  await batch.flush();
  expect(said.at(-1)).toBe('acked up to 1');
});

test('what comes meanwhile goes into the next group, in its order', async () => {
  const { batch, said, hold } = open();
  const release = hold();
  batch.add(1, noteOf(1));
  await turn();
  batch.add(2, noteOf(2));
  batch.add(3, IGNORED);
  const flushed = batch.flush();
  release();
  await flushed;
  expect(said.filter((line) => line.startsWith('acked'))).toEqual(['acked up to 1', 'acked up to 3']);
  expect(said.indexOf('acked up to 1')).toBeLessThan(said.indexOf('asked for db-2'));
});

test('what cannot be read goes with its group, and is settled before the group is acknowledged', async () => {
  const { batch, said } = open();
  batch.add(1, noteOf(1));
  batch.add(2, { kind: 'refused', because: { rule: 'not-json', params: {} } });
  batch.add(3, noteOf(3));
  await batch.flush();
  expect(said).toEqual(['asked for db-1 db-3 dead 2', 'stored db-1 db-3 dead 2', 'acked up to 3']);
});

test('messages that say nothing are acknowledged without the store', async () => {
  const { batch, said } = open();
  batch.add(1, IGNORED);
  await batch.flush();
  expect(said).toEqual(['acked up to 1']);
});

test('a store that fails acknowledges nothing, then or later: what comes after cannot cover what was lost', async () => {
  const { batch, said, faults, hold, open: mend } = open();
  const release = hold();
  batch.add(1, noteOf(1));
  await turn();
  batch.add(2, noteOf(2));
  release(new Error('the disk is full'));
  await batch.flush();
  mend();
  batch.add(3, noteOf(3));
  batch.add(4, IGNORED);
  await batch.flush();
  await turn();
  expect(faults).toEqual([new Error('the disk is full')]);
  expect(said.filter((line) => line.startsWith('acked'))).toEqual([]);
});

test('a flush with nothing to do is done at once', async () => {
  await expect(open().batch.flush()).resolves.toBeUndefined();
});

function readingOf(kind: string, n: number): Reading {
  if (kind === 'note') return { kind, note: { instanceId: String(n), projectId: 'p' } };
  return kind === 'refused' ? { kind, because: { rule: 'not-json', params: {} } } : IGNORED;
}

test('whatever comes, whenever, and wherever the store fails: what is acknowledged is settled, in order and as it came', async () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('note', 'ignored', 'refused') },
    { weight: 3, arbitrary: fc.constant('turn') },
    { weight: 1, arbitrary: fc.constant('fail') },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const told: number[] = [];
      const stored: number[] = [];
      let acknowledged = 0;
      let failing = false;
      const batch = createBatch<number>({
        settle: async ({ notes, dead, last, size }) => {
          await turn();
          if (failing) throw new Error('the disk is full');
          stored.push(...notes.map(({ instanceId }) => Number(instanceId)), ...dead.map(({ message }) => message));
          expect(size).toBe(last - acknowledged);
          acknowledged = last;
        },
        onFault: () => undefined,
      });
      let n = 0;
      for (const kind of steps) {
        if (kind === 'turn') await turn();
        else if (kind === 'fail') failing = true;
        else {
          n++;
          if (kind !== 'ignored') told.push(n);
          batch.add(n, readingOf(kind, n));
        }
      }
      await batch.flush();
      expect(stored.toSorted((a, b) => a - b)).toEqual(told.filter((message) => message <= acknowledged));
      if (!failing) expect(acknowledged).toBe(n);
    }),
    { numRuns: 300 },
  );
});

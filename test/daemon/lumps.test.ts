import { expect, test } from 'vitest';
import { inLumps } from '../../daemon/engine/lumps.ts';
import { FakeClock } from './fake-clock.ts';

const clock = new FakeClock();

async function lumpsOf(pages: () => AsyncIterable<readonly number[]>) {
  const lumps: (readonly number[])[] = [];
  const take = async (lump: readonly number[]): Promise<void> => void lumps.push(lump);
  const ended = await inLumps(pages(), take, { clock, atLeast: 3, longestMs: 2_000 }).catch(
    (error: Error) => error.message,
  );
  return { lumps: lumps.filter(({ length }) => length > 0), ended };
}

test('small pages go together, large ones as they are, and the rest at the end', async () => {
  const seen = await lumpsOf(async function* () {
    yield* [[1], [2], [3], [4, 5, 6, 7], [8]];
  });
  expect(seen).toEqual({ lumps: [[1, 2, 3], [4, 5, 6, 7], [8]], ended: 8 });
});

test('what came before a page that cannot be read is not lost, and the reason is told', async () => {
  const seen = await lumpsOf(async function* () {
    yield [1];
    throw new Error('unreachable');
  });
  expect(seen).toEqual({ lumps: [[1]], ended: 'unreachable' });
});

test('nothing waits long for a slow region', async () => {
  const seen = await lumpsOf(async function* () {
    yield [1];
    await clock.pass(2_000);
    yield [2];
    yield [3];
  });
  expect(seen).toEqual({ lumps: [[1, 2], [3]], ended: 3 });
});

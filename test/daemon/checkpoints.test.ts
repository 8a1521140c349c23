import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ExitError } from '../../daemon/exit.ts';
import { checkpoints } from '../../daemon/wiring/checkpoints.ts';
import { FakeClock } from './fake-clock.ts';

const failed = new Error('disk I/O error');

/** Asks as often as there are results, a round each; what was told by then, and how it ended. */
async function through(results: readonly (number | Error)[]) {
  const clock = new FakeClock();
  const told: string[] = [];
  const tell = (event: string): void => void told.push(event);
  const stop = new AbortController();
  const left = [...results];
  const checkpoint = async (): Promise<number> => {
    const result = left.shift() ?? 0;
    if (result instanceof Error) throw result;
    return result;
  };
  const loop = checkpoints({ checkpoint }, clock, { info: tell, warn: tell, error: tell })(stop.signal);
  let over = false;
  const ended = loop
    .catch((reason: unknown) => reason)
    .finally(() => {
      over = true;
    });
  while (left.length > 0 && !over) {
    while (clock.sleeping === 0 && !over) await turn();
    await clock.pass(500);
  }
  while (clock.sleeping === 0 && !over) await turn();
  stop.abort();
  return { told, ended: await ended, stopped: stop.signal.reason as unknown };
}

test('a checkpoint that fails is told once and tried again, and told anew after one that did not', async () => {
  const { told, ended, stopped } = await through([0, failed, failed, failed, 12, failed]);
  expect(told).toEqual(['store.checkpoint_failed', 'store.checkpoint_failed']);
  expect(ended).toBe(stopped);
});

test('a store that is not there any more ends the loop by its exit code', async () => {
  const gone = new ExitError('software', 'the store was deleted under the running daemon');
  expect(await through([0, gone, 0])).toMatchObject({ told: [], ended: gone });
});

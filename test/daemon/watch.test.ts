import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createWatch } from '../../daemon/engine/watch.ts';
import type { ReadModelPort } from '../../daemon/ports/read-model.ts';
import { FakeClock } from './fake-clock.ts';

test('figures that cannot be read are told, and read again: the daemon does not end for want of them', async () => {
  const clock = new FakeClock();
  const broken = async (): Promise<never> => {
    throw new Error('the reading thread of the store ended');
  };
  const readModel: ReadModelPort = { overview: broken, overdue: broken, scheduled: broken };
  const told: string[] = [];
  const tell = (event: string): void => void told.push(event);
  const stop = new AbortController();
  const watch = createWatch({
    readModel,
    clock,
    guard: { reckonedUtc: () => clock.nowUtc() },
    log: { info: tell, warn: tell, error: tell },
    onFigures: () => undefined,
  });
  const ended = watch(stop.signal).catch((reason: unknown) => reason);
  for (let rounds = 0; rounds < 5; rounds++) {
    while (clock.sleeping === 0) await turn();
    await clock.pass(15_000);
  }
  expect(told.length).toBeGreaterThanOrEqual(5);
  expect(new Set(told)).toEqual(new Set(['watch.failed']));
  while (clock.sleeping === 0) await turn();
  stop.abort();
  expect(await ended).toBe(stop.signal.reason);
});

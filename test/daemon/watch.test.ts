import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createWatch } from '../../daemon/engine/watch.ts';
import type { ReadModelPort } from '../../daemon/ports/read-model.ts';
import { because } from '../../lib/core/index.ts';
import { FakeClock } from './fake-clock.ts';

test('figures that cannot be read are told, and read again: the daemon does not end for want of them', async () => {
  const clock = new FakeClock();
  const broken = async (): Promise<never> => {
    throw new Error('the reading thread of the store ended');
  };
  const readModel: ReadModelPort = { overview: broken, protection: broken };
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

test('when more are late than can be named at once, all are counted in one line, and the rest follow', async () => {
  const clock = new FakeClock();
  const lacking = (n: number) => ({
    instanceId: `db-${n}`,
    projectId: 'project-a',
    newestPointUtc: null,
    state: 'unprotected' as const,
    because: because('missed', {}),
  });
  const asked: number[] = [];
  const readModel: ReadModelPort = {
    overview: async () => ({
      instances: 2_000,
      schedules: 2_000,
      unprotected: 1_200,
      notes: 0,
      stuck: 0,
      openRuns: new Map(),
      endedRuns: new Map(),
      oldestDueUtc: null,
    }),
    protection: async (_, atMost) => {
      asked.push(atMost);
      const worse = Array.from({ length: atMost }, (_unused, n) => lacking(n));
      return { late: 7, unprotectedBy: new Map([['missed', 1_100]]), worse, recovered: [], waiting: 600 };
    },
  };
  const told: [string, unknown][] = [];
  const tell = (event: string, facts?: unknown): void => void told.push([event, facts]);
  const figures: unknown[] = [];
  const stop = new AbortController();
  const watch = createWatch({
    readModel,
    clock,
    guard: { reckonedUtc: () => clock.nowUtc() },
    log: { info: tell, warn: tell, error: tell },
    onFigures: (now) => void figures.push(now),
  });
  const ended = watch(stop.signal).catch((reason: unknown) => reason);
  while (clock.sleeping === 0) await turn();
  stop.abort();
  await ended;
  expect(asked).toEqual([500]);
  expect(told.filter(([event]) => event === 'instance.unprotected')).toHaveLength(500);
  expect(told.at(-1)).toEqual(['watch.many', { late: 7, unprotected: { missed: 1_100 }, named: 500, waiting: 600 }]);
  expect(figures).toMatchObject([
    {
      overdue: 1_107,
      states: { protected: 793, late: 7, unprotected: 1_200 },
      unprotectedBy: new Map([
        ['missed', 1_100],
        ['first-not-due', 100],
      ]),
    },
  ]);
});

test('a stop does not wait for figures that are still being counted', async () => {
  const clock = new FakeClock();
  const never = (): Promise<never> => new Promise(() => undefined);
  const stop = new AbortController();
  const watch = createWatch({
    readModel: { overview: never, protection: never },
    clock,
    guard: { reckonedUtc: () => clock.nowUtc() },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    onFigures: () => undefined,
  });
  const ended = watch(stop.signal).catch((reason: unknown) => reason);
  await turn();
  stop.abort();
  expect(await ended).toBe(stop.signal.reason);
});

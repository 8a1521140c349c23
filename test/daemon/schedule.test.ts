import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createSchedule } from '../../daemon/engine/schedule.ts';
import type { EngineSettings } from '../../daemon/engine/settings.ts';
import type { ClaimResult, NextDue, SchedulePort } from '../../daemon/ports/schedule.ts';
import { ANY, MINUTE } from '../core/builders.ts';
import { FakeClock } from './fake-clock.ts';

const SETTINGS: EngineSettings = {
  policies: [],
  exclude: ANY,
  freezes: [],
  enrolOverMs: 0,
  observe: false,
  reserve: 1,
  onShortage: 'adapt',
  caps: { concurrent: 1, perProject: 1 },
  reconcileMs: 10 * MINUTE,
  vanishShare: 0.05,
  confirmGone: [],
  stuckAfterMs: 60 * MINUTE,
  graceMs: 60 * MINUTE,
  quarantineMs: 0,
  pruneEveryMs: 60 * MINUTE,
  lookedAt: [],
};
const NOTHING: ClaimResult = { claimed: [], missed: [], ended: [], hastened: [], unusable: [], more: false };

/** The loop over a store that says when something falls due; counts what it asks for. */
function loopOver(next: (nowUtc: number, rounds: number) => NextDue) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const asked = { nextDue: 0, expire: 0, claimDue: 0, readyRuns: 0 };
  const store: SchedulePort = {
    async claimDue() {
      asked.claimDue++;
      return NOTHING;
    },
    async readyRuns() {
      asked.readyRuns++;
      return [];
    },
    async nextDue(nowUtc) {
      asked.nextDue++;
      return next(nowUtc, asked.readyRuns);
    },
  };
  const schedule = createSchedule({
    schedule: store,
    demands: {
      async expire() {
        asked.expire++;
        return [];
      },
    },
    clock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    settings: () => SETTINGS,
    submit: async () => undefined,
    turns: { take: () => true, give: () => undefined, closed: new Set() },
    guard: { doubt: () => null },
    recoverIntents: async () => undefined,
    hard: new AbortController().signal,
  });
  return { clock, asked, schedule, stop, ended: schedule.loop(stop.signal).catch((reason: unknown) => reason) };
}

test('while nothing is due the store is asked for no more than what comes next', async () => {
  const { clock, asked, stop, ended } = loopOver(() => ({ waiting: false, nextUtc: null }));
  await clock.pass(10 * MINUTE);
  expect(asked).toEqual({ nextDue: 21, expire: 0, claimDue: 0, readyRuns: 0 });
  stop.abort();
  expect(await ended).toBe(stop.signal.reason);
});

test('at the moment that something is to end or falls due it is seen to', async () => {
  const dueUtc = new FakeClock().nowUtc() + 10 * MINUTE + 7_000;
  const { clock, asked, stop, ended } = loopOver((_, rounds) => ({
    waiting: false,
    nextUtc: rounds > 0 ? null : dueUtc,
  }));
  await clock.pass(10 * MINUTE + 6_999);
  expect(asked).toMatchObject({ expire: 0, claimDue: 0, readyRuns: 0 });
  await clock.pass(1);
  await turn();
  expect(asked).toMatchObject({ expire: 1, claimDue: 1, readyRuns: 1 });
  stop.abort();
  expect(await ended).toBe(stop.signal.reason);
});

test('what waits for a place is tried again soon', async () => {
  const { clock, asked, stop, ended } = loopOver(() => ({ waiting: true, nextUtc: null }));
  await clock.pass(1_000);
  expect(asked).toMatchObject({ expire: 6, claimDue: 6, readyRuns: 6 });
  stop.abort();
  expect(await ended).toBe(stop.signal.reason);
});

import { catchUpSlot, DEMAND_WAITS_MS, goOn, type Instant } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { DemandPort } from '../ports/demand.ts';
import type { Log } from '../ports/log.ts';
import type { Caps, ClaimedRun, ClaimResult, SchedulePort } from '../ports/schedule.ts';
import type { ClockGuard } from './clock-guard.ts';
import { factsOf } from './facts.ts';
import { createPoke } from './poke.ts';
import type { Settings } from './settings.ts';
import type { Turns } from './turns.ts';

const LONGEST_WAIT_MS = 30_000;
/** While something that is due cannot go yet, look again this soon. */
const AGAIN_MS = 200;

export interface ScheduleDeps {
  readonly schedule: SchedulePort;
  readonly demands: Pick<DemandPort, 'expire'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  readonly submit: (run: ClaimedRun, signal: AbortSignal) => Promise<void>;
  readonly turns: Omit<Turns, 'want'>;
  /** While the time is doubtful no slot is claimed or tried, nor counted as missed: they wait at their cursors. */
  readonly guard: Pick<ClockGuard, 'doubt'>;
  /** Makes every intent an unknown outcome; called only while nothing is under way. */
  readonly recoverIntents: () => Promise<void>;
  /** Aborts requests that are under way; comes later than the signal that stops the loop. */
  readonly hard: AbortSignal;
}

export interface Schedule {
  poke(): void;
  loop(signal: AbortSignal): Promise<void>;
  /** Resolves when nothing is being submitted. */
  idle(): Promise<void>;
}

/**
 * Hands out what is due, one try a project at a time. A try that fails in us ends the loop, and is seen.
 */
export function createSchedule(deps: ScheduleDeps): Schedule {
  const { schedule, demands, clock, log, settings, submit, turns, guard, hard } = deps;
  const wake = createPoke(clock);
  /** By the id of the run. */
  const underWay = new Map<string, Promise<void>>();
  let fault: unknown = null;
  /** A try that failed in us may have left its intent behind, and its request may have gone out. */
  let recover = false;
  /** Since when slots are handed out: by the start, and again after the time was doubtful. */
  let sinceUtc = clock.nowUtc();

  function start(run: ClaimedRun): void {
    const work = submit(run, hard)
      .catch((error: unknown) => {
        // The stop waits no longer: what was asked for is stored as unknown, and a read that is given up has done nothing.
        if (hard.aborted && error === hard.reason) return;
        log.error('run.fault', { run: run.runId, instance: run.instanceId, project: run.projectId, err: error });
        fault ??= error;
        recover = true;
      })
      .finally(() => {
        underWay.delete(run.runId);
        turns.give(run.projectId);
        wake.poke();
      });
    underWay.set(run.runId, work);
  }

  function report({ missed, ended, hastened, unusable }: ClaimResult): void {
    for (const { instanceId, projectId, slots } of missed) {
      log.warn('run.missed', { instance: instanceId, project: projectId, slots });
    }
    for (const { because, ...run } of ended) log.warn('run.expired', { ...factsOf(run), because });
    for (const { instanceId, projectId, nextSlotUtc, because } of hastened) {
      const nextSlot = new Date(nextSlotUtc).toISOString();
      log.info('schedule.hastened', { instance: instanceId, project: projectId, nextSlot, because });
    }
    const hint = 'no backup is made until its policy is mended in the configuration, or the instance excluded';
    for (const { because, ...run } of unusable) log.error('schedule.unusable', { ...factsOf(run), because, hint });
  }

  async function claim(nowUtc: Instant, caps: Caps, limit: number, signal: AbortSignal): Promise<void> {
    const now = { nowUtc, freezes: settings().freezes, sinceUtc };
    for (let more = true; more; ) {
      const result = await schedule.claimDue({
        nowUtc,
        limit,
        caps,
        advance: (instanceId, policy, cursor, newestPointUtc) =>
          goOn(policy, instanceId, cursor, { ...now, newestPointUtc }),
        makeUp: ({ policy, ...left }) => catchUpSlot(policy, { ...now, ...left, by: 'window-ended' }),
      });
      report(result);
      more = result.more;
      if (more) await clock.sleepUntil(nowUtc, signal); // a long downtime must not keep the bus waiting
    }
  }

  async function round(signal: AbortSignal): Promise<void> {
    const nowUtc = clock.nowUtc();
    const { caps } = settings();
    for (const { because, ...run } of await demands.expire(nowUtc - DEMAND_WAITS_MS, nowUtc)) {
      log.warn('run.expired', { ...factsOf(run), because });
    }
    await claim(nowUtc, caps, caps.concurrent, signal);
    const ready = await schedule.readyRuns({ nowUtc, caps, trying: [...underWay.keys()], closed: turns.closed });
    for (const run of ready) if (turns.take(run.projectId)) start(run);
  }

  /** Returns when to look again. */
  async function step(signal: AbortSignal): Promise<Instant> {
    if (guard.doubt() !== null) {
      sinceUtc = clock.nowUtc() + LONGEST_WAIT_MS;
      return sinceUtc;
    }
    // What is under way pokes as it ends.
    if (recover) return clock.nowUtc() + AGAIN_MS;
    let nowUtc = clock.nowUtc();
    let next = await schedule.nextDue(nowUtc);
    // Most looks find nothing to do, and a round is several transactions.
    if (next.waiting || (next.nextUtc !== null && next.nextUtc <= nowUtc)) {
      await round(signal);
      nowUtc = clock.nowUtc();
      next = await schedule.nextDue(nowUtc);
    }
    const latestUtc = nowUtc + (next.waiting ? AGAIN_MS : LONGEST_WAIT_MS);
    return Math.min(next.nextUtc ?? latestUtc, latestUtc);
  }

  return {
    poke: () => wake.poke(),
    async loop(signal) {
      for (;;) {
        if (fault !== null) {
          const error = fault;
          fault = null;
          throw error;
        }
        if (recover && underWay.size === 0) {
          await deps.recoverIntents();
          recover = false;
        }
        await wake.wait(await step(signal), signal);
      }
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
  };
}

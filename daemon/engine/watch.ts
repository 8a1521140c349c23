import type { ProtectionState, RuleName } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import { sleep } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Lacking, Overview, ProtectionNews, ReadModelPort } from '../ports/read-model.ts';
import type { ClockGuard } from './clock-guard.ts';

const EVERY_MS = 15_000;
/** Instances that are named in a round: an outage makes a whole region late at once. */
const NAMED_AT_ONCE = 500;

export interface Figures extends Overview {
  readonly overdue: number;
  /** Instances that exist, by how well they are off. */
  readonly states: Readonly<Record<ProtectionState, number>>;
  /** Those without a point, by the rule of the reason why. */
  readonly unprotectedBy: ReadonlyMap<RuleName, number>;
}

export interface WatchDeps {
  readonly readModel: ReadModelPort;
  readonly clock: Clock;
  readonly guard: Pick<ClockGuard, 'reckonedUtc'>;
  readonly log: Log;
  readonly onFigures: (figures: Figures) => void;
}

function figuresOf(overview: Overview, { late, unprotectedBy }: ProtectionNews): Figures {
  const { instances, schedules, unprotected } = overview;
  const lacking = [...unprotectedBy.values()].reduce((sum, n) => sum + n, 0);
  // Those whose first slot is still to come, or has just been.
  const young = Math.max(0, unprotected - lacking);
  const by = new Map(unprotectedBy);
  if (young > 0) by.set('first-not-due', (by.get('first-not-due') ?? 0) + young);
  const states = {
    protected: Math.max(0, schedules - unprotected - late),
    late,
    unprotected,
    paused: 0,
    excluded: Math.max(0, instances - schedules),
  };
  return { ...overview, overdue: late + lacking, states, unprotectedBy: by };
}

/** Whoever stops does not wait until millions of rows are counted. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const leave = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  return await Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener('abort', leave));
}

/**
 * No silence: an instance whose newest recovery point is missing or too old is named within a minute, once, with why. Of
 * many at once some are named, the rest counted and named in the rounds that follow.
 */
export function createWatch(deps: WatchDeps) {
  const { readModel, clock, guard, log } = deps;

  function tell({ instanceId, projectId, newestPointUtc, state, because }: Lacking): void {
    const newest = newestPointUtc === null ? null : new Date(newestPointUtc).toISOString();
    log.warn(`instance.${state}`, { instance: instanceId, project: projectId, newest, because });
  }

  async function round(): Promise<void> {
    // By a clock that is ahead all would be late, and none by one that is behind.
    const nowUtc = guard.reckonedUtc();
    const news = await readModel.protection(nowUtc, NAMED_AT_ONCE);
    const { late, unprotectedBy, worse, recovered, waiting } = news;
    for (const lacking of worse) tell(lacking);
    for (const instance of recovered) log.info('instance.recovered', { instance });
    if (waiting > 0) {
      log.warn('watch.many', { late, unprotected: Object.fromEntries(unprotectedBy), named: worse.length, waiting });
    }
    deps.onFigures(figuresOf(await readModel.overview(nowUtc), news));
  }

  return async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      await unlessAborted(round(), signal).catch((error: unknown) => {
        // Backups go on without their figures: what cannot be counted must not end what makes them.
        if (!signal.aborted) log.error('watch.failed', { err: error });
      });
      await sleep(clock, EVERY_MS, signal);
    }
  };
}

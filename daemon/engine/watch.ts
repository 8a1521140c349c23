import { type Protection, type ProtectionState, protection, type RuleName } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import { sleep } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Overdue, Overview, ReadModelPort } from '../ports/read-model.ts';
import type { ClockGuard } from './clock-guard.ts';

const EVERY_MS = 15_000;

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

type Judged = Overdue & Protection;

function figuresOf(overview: Overview, overdue: readonly Judged[]): Figures {
  const { instances, schedules, unprotected } = overview;
  const late = overdue.filter(({ state }) => state === 'late').length;
  const lacking = overdue.filter(({ state }) => state === 'unprotected');
  const unprotectedBy = new Map<RuleName, number>();
  for (const { because } of lacking) unprotectedBy.set(because.rule, (unprotectedBy.get(because.rule) ?? 0) + 1);
  // Those whose first slot is still to come, or has just been.
  const young = Math.max(0, unprotected - lacking.length);
  if (young > 0) unprotectedBy.set('first-not-due', (unprotectedBy.get('first-not-due') ?? 0) + young);
  const states = {
    protected: Math.max(0, schedules - unprotected - late),
    late,
    unprotected,
    paused: 0,
    excluded: Math.max(0, instances - schedules),
  };
  return { ...overview, overdue: overdue.length, states, unprotectedBy };
}

/** No silence: an instance whose newest recovery point is missing or too old is named within a minute, once, with why. */
export function createWatch(deps: WatchDeps) {
  const { readModel, clock, guard, log } = deps;
  const told = new Map<string, ProtectionState>();

  function tell({ instanceId, projectId, newestPointUtc, state, because }: Judged): void {
    if (told.get(instanceId) === state) return;
    told.set(instanceId, state);
    const newest = newestPointUtc === null ? null : new Date(newestPointUtc).toISOString();
    log.warn(`instance.${state}`, { instance: instanceId, project: projectId, newest, because });
  }

  /** What is no longer overdue has recovered, unless it is not for us to back up any more. */
  async function tellRecovered(now: ReadonlySet<string>): Promise<void> {
    const over = [...told.keys()].filter((id) => !now.has(id));
    const scheduled = await readModel.scheduled(over);
    for (const instanceId of over) {
      told.delete(instanceId);
      if (scheduled.has(instanceId)) log.info('instance.recovered', { instance: instanceId });
    }
  }

  async function round(): Promise<void> {
    // By a clock that is ahead all would be late, and none by one that is behind.
    const nowUtc = guard.reckonedUtc();
    const rows = await readModel.overdue(nowUtc);
    const overdue = rows.map((row) => ({ ...row, ...protection({ kind: 'scheduled', ...row }, nowUtc) }));
    for (const judged of overdue) tell(judged);
    await tellRecovered(new Set(overdue.map(({ instanceId }) => instanceId)));
    deps.onFigures(figuresOf(await readModel.overview(nowUtc), overdue));
  }

  return async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      await round().catch((error: unknown) => {
        // Backups go on without their figures: what cannot be counted must not end what makes them.
        if (!signal.aborted) log.error('watch.failed', { err: error });
      });
      await sleep(clock, EVERY_MS, signal);
    }
  };
}

import { because, checkDemand } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { DemandAnswer, DemandPort } from '../ports/demand.ts';
import type { Log } from '../ports/log.ts';
import type { OnDemand } from '../ports/on-demand.ts';
import type { ClockGuard } from './clock-guard.ts';

export interface OnDemandDeps {
  readonly demands: DemandPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly guard: Pick<ClockGuard, 'doubt'>;
  /** Told when something may be tried. */
  readonly onDemand: () => void;
}

/** Backups that somebody asks for: a durable row first, then the way of every run. */
export function createOnDemand({ demands, clock, log, guard, onDemand }: OnDemandDeps): OnDemand {
  return {
    async backUpNow({ projectId, instanceId, key, ...asked }) {
      const demand = checkDemand(asked);
      const facts = { instance: instanceId, project: projectId, by: demand.requestedBy };
      // Its time is what its backup counts as of, and its wait is counted from.
      const doubt = guard.doubt();
      const answer: DemandAnswer = doubt
        ? { kind: 'refused', because: doubt }
        : await demands.request({ projectId, instanceId, key, ...demand }, clock.nowUtc());
      if (answer.kind === 'refused') log.warn('demand.refused', { ...facts, because: answer.because });
      if (answer.kind !== 'accepted') return answer;
      const { kind, keepMs, note } = demand;
      log.info('demand.accepted', { ...facts, run: answer.runId, kind, keepMs, note });
      onDemand();
      return answer;
    },
    list: (projectId, limit, beforeRunId) => demands.list(projectId, limit, beforeRunId ?? null),
    async cancel(projectId, runId, by) {
      const reason = because('demand-cancelled', { who: by });
      const isCancelled = await demands.cancel(projectId, runId, reason, clock.nowUtc());
      if (isCancelled) log.info('demand.cancelled', { run: runId, project: projectId, because: reason });
      return isCancelled;
    },
  };
}

import type { Clock } from '../ports/clock.ts';
import { sleep } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Overview, ReadModelPort } from '../ports/read-model.ts';

const EVERY_MS = 15_000;

export interface Figures extends Overview {
  readonly overdue: number;
}

export interface WatchDeps {
  readonly readModel: ReadModelPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFigures: (figures: Figures) => void;
}

/** No silence: an instance whose newest recovery point is missing or too old is named within a minute, once. */
export function createWatch(deps: WatchDeps) {
  const { readModel, clock, log } = deps;
  const told = new Set<string>();

  async function round(): Promise<void> {
    const nowUtc = clock.nowUtc();
    const overdue = await readModel.overdue(nowUtc);
    const now = new Set(overdue.map(({ instanceId }) => instanceId));
    for (const { instanceId, projectId, newestPointUtc } of overdue) {
      if (told.has(instanceId)) continue;
      const newest = newestPointUtc === null ? null : new Date(newestPointUtc).toISOString();
      log.warn(newest ? 'instance.late' : 'instance.unprotected', { instance: instanceId, project: projectId, newest });
      told.add(instanceId);
    }
    for (const instanceId of told) {
      if (now.has(instanceId)) continue;
      told.delete(instanceId);
      log.info('instance.recovered', { instance: instanceId });
    }
    deps.onFigures({ ...(await readModel.overview(nowUtc)), overdue: overdue.length });
  }

  return async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      await round();
      await sleep(clock, EVERY_MS, signal);
    }
  };
}

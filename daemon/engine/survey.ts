import { sleep } from '../ports/clock.ts';
import { CloudUnavailable } from '../ports/cloud.ts';
import type { PointsPort } from '../ports/points.ts';
import { type BackupsDeps, readBackups } from './backups.ts';
import type { Settings } from './settings.ts';

const PAGE = 100;

export interface SurveyDeps extends BackupsDeps {
  readonly points: PointsPort;
  readonly settings: Settings;
}

/**
 * Reads the backups of every project with schedules, one project after the other, as often as the region is looked at:
 * the bus may lose the word that a backup was deleted, and a purge of the database says none.
 */
export function createSurvey(deps: SurveyDeps): (signal: AbortSignal) => Promise<void> {
  const { points, clock, log, settings } = deps;

  async function round(signal: AbortSignal): Promise<void> {
    const unread: CloudUnavailable[] = [];
    for (let after = ''; ; ) {
      const projects = await points.projects(PAGE, after);
      for (const id of projects) {
        signal.throwIfAborted();
        await readBackups(deps, id, null, signal).catch((error: unknown) => {
          if (!(error instanceof CloudUnavailable)) throw error;
          unread.push(error);
        });
      }
      const last = projects.at(-1);
      if (last === undefined) break;
      after = last;
    }
    const [first] = unread;
    if (first) log.warn('points.unreadable', { projects: unread.length, because: first.reason });
  }

  return async (signal) => {
    for (;;) {
      const endMs = clock.monotonicMs() + settings().reconcileMs;
      await round(signal);
      await sleep(clock, Math.max(1, endMs - clock.monotonicMs()), signal);
    }
  };
}

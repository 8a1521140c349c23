import { sleep } from '../ports/clock.ts';
import { CloudUnavailable, isShutOut } from '../ports/cloud.ts';
import type { PointsPort } from '../ports/points.ts';
import type { RetentionPort } from '../ports/retention.ts';
import { type BackupsDeps, readBackups } from './backups.ts';
import { createForget, type ForgetDeps } from './forget.ts';
import type { Settings } from './settings.ts';

const PAGE = 100;

export interface SurveyDeps extends BackupsDeps, Pick<ForgetDeps, 'forgetting' | 'guard'> {
  readonly points: PointsPort;
  readonly retention: RetentionPort;
  readonly settings: Settings;
}

/**
 * Reads the backups of every project with schedules, or with instances that are gone, one after the other, as often as
 * the region is looked at: the bus may lose the word that a backup was deleted, and a purge of the database says none.
 */
export function createSurvey(deps: SurveyDeps): (signal: AbortSignal) => Promise<void> {
  const { points, retention, clock, log, settings } = deps;
  const forget = createForget(deps);

  type Pages = (limit: number, after: string) => Promise<readonly string[]>;

  async function each(pages: Pages, act: (id: string) => Promise<void>): Promise<void> {
    for (let after = ''; ; ) {
      const projects = await pages(PAGE, after);
      for (const id of projects) await act(id);
      const last = projects.at(-1);
      if (last === undefined) return;
      after = last;
    }
  }

  async function round(signal: AbortSignal): Promise<void> {
    const unread: CloudUnavailable[] = [];
    const read = async (id: string): Promise<void> => {
      signal.throwIfAborted();
      try {
        await forget.see(await readBackups(deps, id, null, signal), signal);
      } catch (error) {
        if (!(error instanceof CloudUnavailable)) throw error;
        unread.push(error);
        if (isShutOut(error)) await forget.lookAsAdmin(id, signal);
      }
    };
    await each(points.projects, read);
    await each(retention.projectsOfGone, read);
    const [first] = unread;
    if (first) log.warn('points.unreadable', { projects: unread.length, because: first.reason });
  }

  return async (signal) => {
    for (;;) {
      const { reconcileMs, pruneEveryMs } = settings();
      const endMs = clock.monotonicMs() + (pruneEveryMs > 0 ? Math.min(reconcileMs, pruneEveryMs) : reconcileMs);
      await round(signal);
      await sleep(clock, Math.max(1, endMs - clock.monotonicMs()), signal);
    }
  };
}

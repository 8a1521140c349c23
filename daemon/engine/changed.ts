import { CloudUnavailable } from '../ports/cloud.ts';
import { type BackupsDeps, readBackups } from './backups.ts';
import { createPoke } from './poke.ts';

const IDLE_MS = 600_000;

export interface Changed {
  /** Somebody changed what his project's backups go by. */
  tell(projectId: string): void;
  loop(signal: AbortSignal): Promise<void>;
}

/** Reads the backups of projects whose schedules were changed: what may go now is marked at once, and what may not is freed. */
export function createChanged(deps: BackupsDeps & { readonly planAnew: (projectId: string) => void }): Changed {
  const { clock, log, planAnew } = deps;
  const wake = createPoke(clock);
  const waiting = new Set<string>();

  async function read(projectId: string, signal: AbortSignal): Promise<void> {
    planAnew(projectId);
    await readBackups(deps, projectId, null, signal).catch((error: unknown) => {
      if (!(error instanceof CloudUnavailable)) throw error;
      // The next survey does.
      log.warn('points.unreadable', { projects: 1, because: error.reason });
    });
  }

  return {
    tell(projectId) {
      waiting.add(projectId);
      wake.poke();
    },
    async loop(signal) {
      for (;;) {
        await wake.wait(clock.nowUtc() + IDLE_MS, signal);
        for (const projectId of [...waiting]) {
          waiting.delete(projectId);
          await read(projectId, signal);
        }
      }
    },
  };
}

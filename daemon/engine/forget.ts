import type { DurationMs } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import { type CloudPort, CloudUnavailable } from '../ports/cloud.ts';
import type { ForgettingPort } from '../ports/forgetting.ts';
import type { Log } from '../ports/log.ts';
import type { Reading } from './backups.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { OddRows } from './odd-rows.ts';

/** What came to an end is known for so long after it: an instance, after the last of its backups. */
export const KNOWN_MS: DurationMs = 30 * 24 * 60 * 60_000;
const DAY_MS: DurationMs = 24 * 60 * 60_000;

export interface ForgetDeps {
  readonly forgetting: ForgettingPort;
  readonly cloud: Pick<CloudPort, 'backupsAsAdmin'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly guard: Pick<ClockGuard, 'doubt'>;
  readonly oddRows: Pick<OddRows, 'listen'>;
}

interface Listed extends Pick<Reading, 'projectId' | 'odd'> {
  readonly backups: readonly { readonly instanceId: string | null }[];
}

export interface Forget {
  /** All backups of a project were read. */
  see(listed: Listed, signal: AbortSignal): Promise<void>;
  /** A project that shuts this service out, or that Keystone has no more, is looked into as admin once a day. */
  lookAsAdmin(projectId: string, signal: AbortSignal): Promise<void>;
}

/**
 * Forgets instances that are gone, with all that was said of them, when no list has shown a backup of them for a while: one
 * list that lacks them proves nothing, and who looks for their history finds it until then.
 */
export function createForget({ forgetting, cloud, clock, log, guard, oddRows }: ForgetDeps): Forget {
  const nextMs = new Map<string, number>();

  const see: Forget['see'] = async ({ projectId, backups, odd }, signal) => {
    // What cannot be read may be of any instance, and by a clock that is wrong everything may be long ago.
    if (odd.length > 0 || guard.doubt() !== null) return;
    const instanceIds = [...new Set(backups.flatMap((backup) => backup.instanceId ?? []))];
    if (!(await forgetting.noteLeft({ projectId, instanceIds }, clock.nowUtc()))) return;
    for (;;) {
      const forgotten = await forgetting.forget(projectId, clock.nowUtc() - KNOWN_MS);
      if (forgotten === null) return;
      // Between two there is time for all else.
      await clock.sleepUntil(clock.nowUtc(), signal);
      if (!forgotten.isMore) log.info('instance.forgotten', { instance: forgotten.instanceId, project: projectId });
    }
  };

  return {
    see,
    async lookAsAdmin(projectId, signal) {
      const nowMs = clock.monotonicMs();
      for (const [id, atMs] of nextMs) if (atMs <= nowMs) nextMs.delete(id);
      if (nextMs.has(projectId)) return;
      nextMs.set(projectId, nowMs + DAY_MS);
      const { onOdd, rows: odd } = oddRows.listen();
      try {
        const backups = await cloud.backupsAsAdmin(projectId, signal, onOdd);
        await see({ projectId, backups, odd }, signal);
      } catch (error) {
        if (!(error instanceof CloudUnavailable)) throw error;
        nextMs.delete(projectId);
      }
    },
  };
}

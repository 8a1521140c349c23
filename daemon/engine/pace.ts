import { type DurationMs, type Instant, spread } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Reading } from './backups.ts';
import type { EngineSettings, Settings } from './settings.ts';

export interface Pace {
  /** Whether a list is to be planned for: something in it changed, a grace has ended, or the last plan is too long ago. */
  isDue(reading: Reading): boolean;
  /** `nextUtc`: when the next grace ends. */
  planned(reading: Reading, nextUtc: Instant | null): void;
  /** What its lists are planned by changed. */
  forget(projectId: string): void;
}

interface Planned {
  readonly list: number;
  readonly atMs: DurationMs;
  readonly nextUtc: Instant | null;
}

const keyOf = ({ projectId, instanceId }: Reading): string => `${projectId} ${instanceId ?? ''}`;

/** A number for all that a plan goes by in a list, whatever its order. */
function listOf({ backups, odd }: Reading): number {
  const rows = backups.map(({ id, status, parentId, instanceId }) => `${id} ${status} ${parentId} ${instanceId}`);
  return spread(`${odd.length}\n${rows.sort().join('\n')}`, 'pace');
}

/** Lists are read every few seconds while backups run; what is kept changes with the hours. */
export function createPace(settings: Settings, clock: Clock): Pace {
  const last = new Map<string, Planned>();
  let known: EngineSettings = settings();
  let changedMs = Number.NEGATIVE_INFINITY;

  /** After a reload schedules get their policies only with the next look at the region. */
  function isSettling(): boolean {
    const current = settings();
    if (current !== known) {
      known = current;
      changedMs = clock.monotonicMs();
    }
    return clock.monotonicMs() - changedMs < 2 * current.reconcileMs;
  }

  return {
    isDue(reading) {
      const before = last.get(keyOf(reading));
      if (isSettling() || !before) return true;
      if (clock.monotonicMs() - before.atMs >= settings().pruneEveryMs) return true;
      return (before.nextUtc !== null && before.nextUtc <= clock.nowUtc()) || before.list !== listOf(reading);
    },
    planned(reading, nextUtc) {
      const key = keyOf(reading);
      if (reading.backups.length === 0) last.delete(key);
      else last.set(key, { list: listOf(reading), atMs: clock.monotonicMs(), nextUtc });
    },
    forget(projectId) {
      for (const key of [...last.keys()]) if (key.startsWith(`${projectId} `)) last.delete(key);
    },
  };
}
